import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type StallingProxy = {
  /** The broker's URL, by way of the proxy. */
  readonly url: string
  /** From now on nothing passes, and nobody is told. */
  readonly stall: () => void
  readonly flow: () => void
  /** Resets every connection, and those that come, until `flow`. */
  readonly cut: () => void
  readonly close: () => Promise<void>
}

/** A real TCP hop in front of the broker, to be stalled or cut. */
export const stallingProxy = async (brokerUrl: string): Promise<StallingProxy> => {
  const target = new URL(brokerUrl)
  const sockets = new Set<Socket>()
  let mode: 'flowing' | 'stalled' | 'cut' = 'flowing'

  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      other.write(chunk)
    })
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
    if (mode === 'stalled') socket.pause()
  }
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const broker = connect(Number(target.port), target.hostname)
    keep(client, broker)
    keep(broker, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(brokerUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    stall: () => {
      mode = 'stalled'
      for (const socket of sockets) socket.pause()
    },
    flow: () => {
      mode = 'flowing'
      for (const socket of sockets) socket.resume()
    },
    cut: () => {
      mode = 'cut'
      for (const socket of [...sockets]) socket.resetAndDestroy()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
