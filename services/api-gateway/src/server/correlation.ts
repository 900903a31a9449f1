import { randomUUID } from 'node:crypto'
import { readTraceparent } from '@recargas/runtime'

/**
 * The id that follows a request through every log line, message, attempt and ledger entry: its X-Request-Id where that
 * is well-formed, else the trace id of its `traceparent` (W3C Trace Context), else a new one.
 */
export const correlationIdOf = (header: (name: string) => string | undefined): string => {
  const given = header('x-request-id') ?? ''
  if (/^[\w.-]{1,64}$/.test(given)) return given
  return readTraceparent(header('traceparent'))?.traceId ?? randomUUID()
}
