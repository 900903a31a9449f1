import type { SpanReference } from './trace-context.ts'

export type SpanKind = 'server' | 'internal' | 'producer' | 'consumer' | 'client'
/** Phone numbers and secrets in a text are masked as in logs; ids and words are all that belongs here. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export type SpanStart = {
  readonly kind: SpanKind
  /** Names the trace. */
  readonly correlationId: string
  /** Id of the span that caused this one; undefined where no process knows it any more. */
  readonly parent: string | undefined
  readonly attributes?: SpanAttributes
  /** A span outside of the system that this one belongs with. */
  readonly link?: SpanReference | null
}
export type SpanEnd = {
  readonly attributes?: SpanAttributes
  /** Cause of a failure; absent after a success. */
  readonly error?: string | undefined
}

export type Span = {
  readonly id: string
  readonly end: (end?: SpanEnd) => void
}

/**
 * Makes the spans of a process. Where no tracing is configured there is none, and `tracer?.begin(…)` evaluates nothing: the
 * seam costs a branch.
 */
export type Tracer = {
  /** @returns undefined where the trace is not among those that are exported */
  readonly begin: (name: string, start: SpanStart) => Span | undefined
  /** Adds a span that ends now and has lasted for these seconds. */
  readonly record: (name: string, span: SpanStart & SpanEnd & { readonly seconds: number }) => void
}

export type Tracing = {
  /** null where no collector is configured. */
  readonly tracer: Tracer | null
  /** Sends the spans that wait, for this long at most. Never rejects. */
  readonly close: (timeoutMs: number) => Promise<void>
}

/** `failed`: the collector did not take them. `dropped`: too many waited for it. */
export const spanResults = ['exported', 'failed', 'dropped'] as const
export type CountSpans = (result: (typeof spanResults)[number], count: number) => void
