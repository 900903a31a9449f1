import { Pool, type Dispatcher } from 'undici'
import type { CallResult } from '../../domain/call-result.ts'
import { readBody } from './json.ts'

export type ClientSettings = {
  /** Including the version's path; no redirect ever leads away from it. */
  readonly baseUrl: string
  readonly apiKey: string
  /** The only certificate authority that is trusted, in PEM form; else the public ones. */
  readonly ca?: string | undefined
  /** The longest wait for a connection, free or new. */
  readonly connectTimeoutMs: number
  /** One call's whole time: waiting for a connection, connecting, sending, answering. */
  readonly callTimeoutMs: number
  readonly connections: number
  /** The longest answer that is read; a sale's fits many times over. */
  readonly answerBytesMax?: number
}

export type CallRequest =
  | { readonly method: 'POST'; readonly path: string; readonly body: string }
  | { readonly method: 'GET'; readonly path: string }

export type CarrierClient = {
  /** One call, exactly one request at most. Never throws: a failure is a result too. */
  readonly call: (request: CallRequest) => Promise<CallResult>
  /** Ends the connections; calls under way end as transport errors. */
  readonly close: () => Promise<void>
}

const saleAnswerBytesMax = 64 * 1024
const headerBytesMax = 16 * 1024
const retryAfterMsMax = 60_000
/** Shorter than servers usually keep a connection: a sale written onto one that the peer just closed is unclear. */
const keepAliveMs = 4_000
const keepAliveMsMax = 30_000

/** Speaks HTTP to the carrier: one pool of kept connections, one request at a time on each. */
export const createCarrierClient = (settings: ClientSettings): CarrierClient => {
  const base = new URL(settings.baseUrl)
  const basePath = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    connections: settings.connections,
    pipelining: 1,
    connect: {
      timeout: settings.connectTimeoutMs,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    },
    headersTimeout: settings.callTimeoutMs,
    bodyTimeout: settings.callTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMsMax,
    maxHeaderSize: headerBytesMax,
  })
  // The API key alone, without the colon that Basic normally has: the carrier's document says so.
  const authorization = `Basic ${Buffer.from(settings.apiKey, 'utf8').toString('base64')}`
  return {
    call: (request) =>
      dispatchOnce(pool, settings, {
        method: request.method,
        path: `${basePath}${request.path}`,
        headers: {
          authorization,
          accept: 'application/json',
          ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        body: request.method === 'POST' ? request.body : null,
      }),
    close: () => pool.destroy(),
  }
}

/**
 * Sends one request and watches how far it gets. undici announces a request on a connected, secured socket right
 * before its first byte (`onRequestStart`), and an abort at that moment keeps it off the wire. So an end without
 * that announcement proves that nothing was sent; after it nothing does.
 */
const dispatchOnce = (
  pool: Pool,
  { connectTimeoutMs, callTimeoutMs, answerBytesMax = saleAnswerBytesMax }: ClientSettings,
  options: Dispatcher.DispatchOptions,
): Promise<CallResult> =>
  new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | null = null
    let settled = false
    let httpStatus = 0
    let retryAfter: string | string[] | undefined
    const chunks: Buffer[] = []
    let bytes = 0

    const settle = (callResult: CallResult) => {
      if (settled) return
      settled = true
      clearTimeout(connectTimer)
      clearTimeout(callTimer)
      resolve(callResult)
    }
    const giveUp = (callResult: CallResult) => {
      settle(callResult)
      controller?.abort(new Error('given up'))
    }
    // undici's own connect time-out is coarse, and blind to the wait for a free connection. A request that got its
    // connection late would have little time left for an answer, and so end in doubt.
    const connectTimer = setTimeout(
      () => giveUp({ kind: 'transport-error', phase: 'before-connect', code: 'NO_CONNECTION' }),
      connectTimeoutMs,
    )
    const callTimer = setTimeout(
      () => giveUp({ kind: 'timeout', afterMs: callTimeoutMs }),
      callTimeoutMs,
    )

    pool.dispatch(options, {
      onRequestStart: (started) => {
        const isFirst = controller === null
        controller = started
        clearTimeout(connectTimer)
        // Given up while it waited: it was reported as not sent, so it must not leave now. Nor may it leave twice.
        if (settled || !isFirst) {
          giveUp({ kind: 'transport-error', phase: 'after', code: 'REPEATED' })
          started.abort(new Error('given up'))
        }
      },
      onResponseStart: (_controller, status, headers) => {
        if (status < 200) return
        httpStatus = status
        retryAfter = headers['retry-after']
      },
      onResponseData: (_controller, chunk) => {
        bytes += chunk.byteLength
        if (bytes <= answerBytesMax) chunks.push(chunk)
        else giveUp({ kind: 'transport-error', phase: 'after', code: 'ANSWER_TOO_LONG' })
      },
      onResponseEnd: () => {
        const retryAfterMs = readRetryAfter(retryAfter)
        settle({
          kind: 'answer',
          httpStatus,
          body: readBody(Buffer.concat(chunks)),
          ...(retryAfterMs === null ? {} : { retryAfterMs }),
        })
      },
      onResponseError: (_controller, error) => {
        settle({
          kind: 'transport-error',
          phase: controller === null ? 'before-connect' : 'after',
          code: codeOf(error),
        })
      },
    })
  })

/** Seconds or a date, bounded: no peer may switch us off for a day. */
const readRetryAfter = (value: string | string[] | undefined): number | null => {
  if (typeof value !== 'string') return null
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, retryAfterMsMax) : null
}

const codeOf = (error: Error): string => {
  const code = (error as NodeJS.ErrnoException).code ?? error.name
  return /^\w{1,60}$/.test(code) ? code : 'ERROR'
}
