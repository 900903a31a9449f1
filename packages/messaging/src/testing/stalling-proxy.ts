import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type StallingProxy = {
  /** The broker's URL, by way of the proxy. */
  readonly url: string
  /** From now on nothing passes, without an error to either side. */
  readonly stall: () => void
  readonly flow: () => void
  /** Resets every connection, and those that come, until `flow`. */
  readonly cut: () => void
  /** Passes so many bytes of the broker to the next connection, then resets it. @returns after that. */
  readonly cutAfter: (bytes: number) => Promise<void>
  /** Slips a frame into the nth connection that was made, as if its peer had sent it. */
  readonly inject: (nth: number, to: 'client' | 'broker', frame: Buffer) => void
  readonly close: () => Promise<void>
}

/** A real TCP hop in front of the broker, to be stalled or cut. */
export const stallingProxy = async (brokerUrl: string): Promise<StallingProxy> => {
  const target = new URL(brokerUrl)
  const sockets = new Set<Socket>()
  const made: { readonly client: Socket; readonly broker: Socket }[] = []
  let mode: 'flowing' | 'stalled' | 'cut' = 'flowing'

  let quota: { bytesLeft: number; readonly spent: () => void } | null = null

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
    if (mode === 'cut' && quota === null) {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const broker = connect(Number(target.port), target.hostname)
    made.push({ client, broker })
    keep(client, broker)
    keep(broker, client)
    if (quota === null) return
    const { spent } = quota
    let { bytesLeft } = quota
    quota = null
    broker.prependListener('data', (chunk) => {
      bytesLeft -= chunk.length
      if (bytesLeft <= 0) client.resetAndDestroy()
    })
    client.on('close', spent)
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
    cutAfter: (bytes) =>
      new Promise((resolve) => {
        quota = { bytesLeft: bytes, spent: resolve }
      }),
    inject: (nth, to, frame) => {
      made[nth]?.[to].write(frame)
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
