import { createHash } from 'node:crypto'

/** A span of any process, as the W3C Trace Context header `traceparent` names it. */
export type SpanReference = { readonly traceId: string; readonly spanId: string }

const traceparentForm = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(?:-|$)/
const noTrace = '0'.repeat(32)
const noSpan = '0'.repeat(16)

/** @returns null for a text that is absent or malformed: it is ignored, as the standard says */
export const readTraceparent = (text: string | undefined): SpanReference | null => {
  const [, traceId = noTrace, spanId = noSpan] = traceparentForm.exec(text ?? '') ?? []
  return traceId === noTrace || spanId === noSpan ? null : { traceId, spanId }
}

/** Writes the header as version 00, sampled: a trace that is not exported gets no header. */
export const traceparentOf = ({ traceId, spanId }: SpanReference): string =>
  `00-${traceId}-${spanId}-01`

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const traceForm = /^[\da-f]{32}$/

/**
 * The trace of a correlation id, the same in every process and at every retry: the id itself where it is a trace id, a UUID
 * without its hyphens, else a digest. The correlation id is in every message, attempt and ledger entry, so a retry joins the
 * trace of its sale even when a crash has lost every header (docs/adr/0050).
 */
export const traceIdOf = (correlationId: string): string => {
  const id = uuid.test(correlationId) ? correlationId.replaceAll('-', '') : correlationId
  return traceForm.test(id) && id !== noTrace
    ? id
    : createHash('sha256').update(correlationId).digest('hex').slice(0, noTrace.length)
}
