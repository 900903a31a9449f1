import { afterEach, expect, test } from '@jest/globals'
import type { Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { listen, type Patience } from '@recargas/runtime'
import express from 'express'
import { limitConnections } from './connections.ts'

let server: Server
let port: number
const sockets: Socket[] = []
const impatient = { headersMs: 300, requestMs: 600, keepAliveMs: 200 }

const start = async (patience: Patience) => {
  const app = express()
  app.use(express.raw({ type: () => true }), (_request, response) => void response.json({}))
  server = await listen(app, 0, '127.0.0.1', patience)
  limitConnections(server, { max: 20, perAddressMax: 4 })
  port = (server.address() as AddressInfo).port
}
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
  server.closeAllConnections()
})

/** A connection from that address; `closed` settles with all that came back. */
const open = (localAddress: string, ...pieces: readonly string[]) => {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  sockets.push(socket)
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  socket.on('error', () => undefined)
  // A piece now and then: a client that is slow, not one that is silent.
  const rest = [...pieces]
  socket.write(rest.shift() ?? '')
  const drip = setInterval(() => socket.write(rest.shift() ?? ''), 50)
  const closed = new Promise<string>((resolve) =>
    socket.once('close', () => {
      clearInterval(drip)
      resolve(received)
    }),
  )
  return { socket, closed, connected: new Promise((resolve) => socket.once('connect', resolve)) }
}

const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n'

test.each([
  ['says nothing', [], /^$|408/],
  [
    'sends its headers one by one, without end',
    [head, ...Array<string>(200).fill('a: b\r\n')],
    /408/,
  ],
  ['sends its body byte by byte', [`${head}\r\n`, ...Array<string>(200).fill('x')], /408/],
  ['keeps a connection that it does not use', ['GET / HTTP/1.1\r\nhost: x\r\n\r\n'], /200 OK/],
])('a client that %s is hung up on', async (_, pieces, received) => {
  await start(impatient)
  expect(await open('127.0.0.1', ...pieces).closed).toMatch(received)
})

test('an address has its share of the connections, and another address still gets one', async () => {
  await start({ headersMs: 30_000, requestMs: 30_000, keepAliveMs: 30_000 })
  const greedy = Array.from({ length: 4 }, () => open('127.0.0.5'))
  await Promise.all(greedy.map(({ connected }) => connected))
  await open('127.0.0.5').closed
  expect(greedy.every(({ socket }) => !socket.destroyed)).toBe(true)
  const request = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
  expect(await open('127.0.0.6', request).closed).toContain('200 OK')
  // A closed connection counts no more.
  for (const { socket } of greedy) socket.destroy()
  await Promise.all(greedy.map(({ closed }) => closed))
  expect(await open('127.0.0.5', request).closed).toContain('200 OK')
})
