import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { listen } from '@recargas/runtime'
import type { Express } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import type { GatewaySettings } from '../config.ts'

type Limits = { readonly max: number; readonly perAddressMax: number }

/** Closes the connections of one address (of IPv6, one /56) beyond its share, so that a few clients cannot take them all. */
export const limitConnections = (server: Server, { max, perAddressMax }: Limits): void => {
  server.maxConnections = max
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = ipKeyGenerator(socket.remoteAddress ?? '')
    const count = (open.get(address) ?? 0) + 1
    if (count > perAddressMax) {
      socket.destroy()
      return
    }
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
  })
}

/** Listens with the limits that keep slow clients from the others. */
export const listenLimited = async (app: Express, settings: GatewaySettings): Promise<Server> => {
  const server = await listen(app, settings.PORT, settings.HOST, {
    headersMs: settings.HEADERS_TIMEOUT_MS,
    requestMs: settings.REQUEST_TIMEOUT_MS,
    keepAliveMs: settings.KEEP_ALIVE_TIMEOUT_MS,
  })
  limitConnections(server, {
    max: settings.CONNECTIONS_MAX,
    perAddressMax: settings.CONNECTIONS_PER_ADDRESS_MAX,
  })
  return server
}
