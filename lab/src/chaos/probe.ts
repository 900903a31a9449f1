import { connect } from 'node:net'
import mongoose from 'mongoose'
import type { Link, NetworkFault } from './plan.ts'
import { strength } from './toxiproxy.ts'

type Seen = {
  readonly firstByteMs: number | null
  readonly lastByteMs: number | null
  readonly pieces: number
  readonly bytes: number
  readonly endedMs: number | null
  readonly isReset: boolean
}

const limitMs = 6_000
/** A link that was silent for so long is taken to send nothing more. */
const silenceMs = 700
/** A healthy link on a busy machine answers sooner. */
const healthyMs = 3_000

/**
 * Connects as a client would and checks the fault's effect on the link. @returns true when it was seen: a connection reset, an
 * answer that came late, in drops, in pieces, or not at all
 */
export const seesEffect = async (
  fault: NetworkFault,
  link: Link,
  port: number,
): Promise<boolean> => {
  const wantsClose = fault === 'slow close'
  const seen = await talk(port, wantsClose ? closings[link] : greetings[link], wantsClose)
  switch (fault) {
    case 'latency':
      return seen.firstByteMs !== null && seen.firstByteMs > strength.latencyMs * 0.8
    case 'black hole':
      return seen.bytes === 0 && !seen.isReset
    case 'reset':
      return seen.bytes === 0 && (seen.isReset || seen.endedMs !== null)
    case 'slow close':
      return seen.endedMs !== null && seen.endedMs > strength.slowCloseMs * 0.8
    case 'bandwidth':
      return (
        seen.lastByteMs !== null &&
        seen.lastByteMs > (seen.bytes / (strength.bandwidthKbPerSecond * 1_000)) * 1_000 * 0.5
      )
    case 'slicing':
      return seen.pieces > seen.bytes / (strength.sliceBytes * 4) && seen.pieces > 2
  }
}

/** True when the link answers as a healthy one does. */
export const isHealthy = async (link: Link, port: number): Promise<boolean> => {
  const seen = await talk(port, greetings[link], false)
  return seen.firstByteMs !== null && seen.firstByteMs < healthyMs
}

const opMsg = 2_013

/** `hello` as an OP_MSG. */
const mongoHello = (): Buffer => {
  const document = mongoose.mongo.BSON.serialize({ hello: 1, $db: 'admin' })
  const header = Buffer.alloc(16 + 4 + 1)
  header.writeInt32LE(header.length + document.length, 0)
  header.writeInt32LE(1, 4)
  header.writeInt32LE(opMsg, 12)
  return Buffer.concat([header, document])
}

/** A greeting that each server answers at once. */
const greetings: Readonly<Record<Link, Buffer>> = {
  amqp: Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  mongodb: mongoHello(),
  carrier: Buffer.from('GET /_scenarios HTTP/1.1\r\nhost: carrier\r\n\r\n'),
}

/** A text that makes each server close the connection. */
const closings: Readonly<Record<Link, Buffer>> = {
  amqp: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  mongodb: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  carrier: Buffer.from('GET /_scenario HTTP/1.1\r\nhost: carrier\r\nconnection: close\r\n\r\n'),
}

const talk = (port: number, say: Buffer, untilEnd: boolean): Promise<Seen> =>
  new Promise((resolve) => {
    const startedAt = performance.now()
    const since = () => Math.round(performance.now() - startedAt)
    let firstByteMs: number | null = null
    let lastByteMs: number | null = null
    let pieces = 0
    let bytes = 0
    const socket = connect({ port, host: '127.0.0.1' })
    let silence: NodeJS.Timeout | null = null
    const done = (endedMs: number | null, isReset: boolean) => {
      clearTimeout(limit)
      if (silence !== null) clearTimeout(silence)
      socket.destroy()
      resolve({ firstByteMs, lastByteMs, pieces, bytes, endedMs, isReset })
    }
    const limit = setTimeout(() => done(null, false), limitMs)
    socket.once('connect', () => socket.write(say))
    socket.on('data', (piece) => {
      firstByteMs ??= since()
      lastByteMs = since()
      pieces += 1
      bytes += piece.length
      if (untilEnd) return
      if (silence !== null) clearTimeout(silence)
      silence = setTimeout(() => done(null, false), silenceMs)
    })
    socket.once('end', () => done(since(), false))
    socket.once('error', (error: NodeJS.ErrnoException) =>
      done(since(), error.code === 'ECONNRESET' || error.code === 'EPIPE'),
    )
    socket.once('close', () => done(since(), false))
  })
