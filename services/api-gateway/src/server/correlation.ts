import { randomUUID } from 'node:crypto'

const noTrace = '0'.repeat(32)

/**
 * The id that follows a request through every log line, message, attempt and ledger entry: its X-Request-Id where that
 * is well-formed, else the trace id of its `traceparent` (W3C Trace Context), else a new one.
 */
export const correlationIdOf = (header: (name: string) => string | undefined): string => {
  const given = header('x-request-id') ?? ''
  if (/^[\w.-]{1,64}$/.test(given)) return given
  const [, traceId = noTrace] =
    /^(?!ff)[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:-|$)/.exec(
      header('traceparent') ?? '',
    ) ?? []
  return traceId === noTrace ? randomUUID() : traceId
}
