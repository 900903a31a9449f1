import type { z } from 'zod'
import type { ProblemCode } from './problem-table.ts'

/** Headers that a request may carry besides its token. */
export type RequestHeader = 'Idempotency-Key' | 'Last-Event-ID' | 'Prefer' | 'X-Confirmar-Duplicado'

/** Headers of an answer that a client reads. */
export type ReplyHeader =
  | 'Age'
  | 'Link'
  | 'Location'
  | 'Preference-Applied'
  | 'Retry-After'
  | 'X-Desactualizado'
  | 'X-Total-Count'

/** One successful answer of a route. */
export type DeclaredReply = {
  readonly status: 200 | 201 | 202
  readonly says: string
  /** JSON by default. */
  readonly type?:
    'text/html' | 'text/csv' | 'text/event-stream' | 'text/plain' | 'application/octet-stream'
  /** Absent where the body is empty. */
  readonly body?: z.ZodType
  readonly headers?: readonly ReplyHeader[]
}

/** The route's contract with its clients: the schemas that parse requests, and every possible answer. */
export type Contract = {
  readonly summary: string
  readonly description?: string
  /** Path parameters, for the description alone; a path that does not fit is answered as not found. */
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly headers?: readonly RequestHeader[]
  readonly replies: readonly DeclaredReply[]
  /** The route's own codes; those of every route with a body, a query, a key or a guard are added. */
  readonly problems: readonly ProblemCode[]
}
