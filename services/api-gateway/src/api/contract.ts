import type { z } from 'zod'
import type { ProblemCode } from './problem-table.ts'

/** Headers that a request may carry besides its token. */
export type RequestHeader = 'Idempotency-Key' | 'Prefer' | 'X-Confirmar-Duplicado'

/** Headers of an answer that a client reads. */
export type ReplyHeader =
  | 'Age'
  | 'Link'
  | 'Location'
  | 'Preference-Applied'
  | 'Retry-After'
  | 'X-Desactualizado'
  | 'X-Total-Count'

/** One way a route answers when it does what it is asked. */
export type ToldReply = {
  readonly status: 200 | 201 | 202
  readonly says: string
  /** JSON where nothing else is said. */
  readonly type?: 'text/html' | 'text/csv'
  /** Absent where the body is empty. */
  readonly body?: z.ZodType
  readonly headers?: readonly ReplyHeader[]
}

/** What a client may count on: the schemas that parse what it sends, and all that it can be answered. */
export type Contract = {
  readonly summary: string
  readonly description?: string
  /** Parts of the path; they only describe, what does not fit is answered as not found. */
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly headers?: readonly RequestHeader[]
  readonly replies: readonly ToldReply[]
  /** Codes of its own: what every route with a body, a query, a key or a guard can answer is added to them. */
  readonly problems: readonly ProblemCode[]
}
