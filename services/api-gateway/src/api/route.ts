import type { MerchantId, OperationKind, Role } from '@recargas/contracts'
import type { Contract, DeclaredReply } from './contract.ts'

/** Permissions beyond the role that a token's `scope` may hold: `operacion` looks after the installation of all shops. */
export const scopes = ['operacion'] as const
export type Scope = (typeof scopes)[number]

/** The caller, as the verified token names it. */
export type Principal = {
  readonly merchant: MerchantId
  readonly userId: string
  readonly username: string
  readonly role: Role
  readonly scopes: readonly Scope[]
}

/** One authenticated request, as a feature sees it. Nothing in it is parsed yet. */
export type Call = {
  /** Follows the request through every message, attempt and entry of the log. */
  readonly correlationId: string
  /** Id of the request's span; undefined where it is not traced. */
  readonly span?: string | undefined
  readonly principal: Principal
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  /** One header by its lower-case name. */
  readonly header: (name: string) => string | undefined
}

/** The client's end of an answer that stays open. */
export type LiveSink = {
  readonly write: (text: string) => void
  /** Bytes that were written and not yet taken by the client's connection. */
  readonly backlogBytes: () => number
  readonly end: (text: string) => void
  readonly cut: () => void
}

/** An answer that stays open: it writes to the sink until the client leaves, and then calls the returned function. */
export type LiveText = { readonly attach: (sink: LiveSink) => () => void }

export type Reply = {
  readonly status: DeclaredReply['status']
  /**
   * Sent as JSON; a string as text, a buffer as it is. Undefined sends no body. An async iterable of text is streamed under the `content-type` of
   * `headers`; if it throws, the connection is cut, so that no client takes a part for the whole. {@link LiveText} stays open.
   */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One line of the gateway's route table. `path` is also the route's name in operation ids, logs and figures. */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly roles: readonly Role[]
  /** The token needs it beside the role. */
  readonly scope?: Scope
  readonly contract: Contract
  /** The ledger's operation that it carries out; absent where it only reads. */
  readonly operation?: OperationKind
  readonly answer: (call: Call) => Promise<Reply>
}

export const everyRole = ['Administrador', 'Operador', 'Usuario'] as const satisfies Role[]
export const tillRoles = ['Administrador', 'Operador'] as const satisfies Role[]
export const administratorOnly = ['Administrador'] as const satisfies Role[]
