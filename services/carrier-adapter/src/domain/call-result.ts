/** A body as a client read it; `json` holds parsed JSON, of which nothing is trusted yet. */
export type AnswerBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text' }
  | { readonly kind: 'none' }

/** Reasons for which the adapter itself kept a sale from the socket: nothing was sent, for certain. */
export type NotSentReason =
  'breaker-open' | 'misconfigured' | 'throttled' | 'no-token' | 'lease-too-short' | 'not-recorded'

/** The end of one HTTP call to a carrier. */
export type CallResult =
  | {
      readonly kind: 'answer'
      readonly httpStatus: number
      readonly body: AnswerBody
      readonly retryAfterMs?: number
    }
  /** `before-connect`: the connection was not yet there and secured, so no byte of the request left. */
  | {
      readonly kind: 'transport-error'
      readonly phase: 'before-connect' | 'after'
      readonly code: string
    }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'not-sent'; readonly why: NotSentReason }
