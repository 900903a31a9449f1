import type { Duplex } from 'node:stream'

/** amqplib writes for each channel separately; this joins the writes of one turn of the event loop into one system call. */
export const gatherWrites = (socket: Duplex): void => {
  const write = socket.write.bind(socket) as (...written: unknown[]) => boolean
  let isGathering = false
  socket.write = (...written: unknown[]) => {
    if (!isGathering) {
      isGathering = true
      socket.cork()
      setImmediate(() => {
        isGathering = false
        socket.uncork()
      })
    }
    return write(...written)
  }
}
