import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Log } from '@recargas/runtime'
import type { Response } from 'express'
import type { LiveText, Reply } from '../api/route.ts'

const textMsMax = 120_000

/** Sends the answer of a route as its body asks for. */
export const sendReply = async (log: Log, response: Response, reply: Reply): Promise<void> => {
  if (isText(reply.body)) await sendText(log, response, reply, reply.body)
  else if (isLive(reply.body)) sendLive(response, reply, reply.body)
  else send(response, reply)
}

const send = (response: Response, { status, body, headers }: Reply): void => {
  response.status(status).set({ 'cache-control': 'no-store', ...headers })
  if (typeof body === 'object' && body !== null && 'id_transaccion' in body) {
    response.locals['operationId'] = body.id_transaccion
  }
  if (body === undefined) response.end()
  else if (Buffer.isBuffer(body)) response.send(body)
  else if (typeof body === 'string') {
    if (!response.hasHeader('content-type')) response.type('html')
    response.send(body)
  } else response.json(body)
}

const isText = (body: unknown): body is AsyncIterable<string> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body

/** No faster than the client reads, and not for longer than the limit. */
const sendText = async (
  log: Log,
  response: Response,
  { status, headers }: Reply,
  text: AsyncIterable<string>,
): Promise<void> => {
  response.status(status).set({ 'cache-control': 'no-store', ...headers })
  try {
    await pipeline(Readable.from(text), response, { signal: AbortSignal.timeout(textMsMax) })
  } catch (error) {
    // The answer has begun: closing the connection is the only way left to mark it incomplete.
    const isGone = (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (!isGone)
      log.warn('answer cut off', { correlationId: response.locals['correlationId'], error })
    response.destroy()
  }
}

const isLive = (body: unknown): body is LiveText =>
  typeof body === 'object' && body !== null && 'attach' in body

/** Stays open: it counts as answered now, however long the client stays. */
const sendLive = (response: Response, { status, headers }: Reply, { attach }: LiveText): void => {
  response.status(status).set({ 'cache-control': 'no-store', ...headers })
  response.locals['answeredAt'] = performance.now()
  if (response.req.method === 'HEAD') {
    response.end()
    return
  }
  response.flushHeaders()
  const detach = attach({
    write: (text) => {
      response.write(text)
    },
    backlogBytes: () => response.writableLength,
    end: (text) => {
      response.end(text)
    },
    cut: () => {
      response.destroy()
    },
  })
  response.once('close', detach)
}
