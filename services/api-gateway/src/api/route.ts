import type { MerchantId, OperationKind, Role } from '@recargas/contracts'
import type { Contract, ToldReply } from './contract.ts'

/** Who calls, as the verified token says. */
export type Principal = {
  readonly merchant: MerchantId
  readonly userId: string
  readonly username: string
  readonly role: Role
}

/** One request after authentication: what a feature may look at. Nothing in it is parsed yet. */
export type Call = {
  /** Follows the request through every message, attempt and entry of the log. */
  readonly correlationId: string
  readonly principal: Principal
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  /** One header by its lower-case name. */
  readonly header: (name: string) => string | undefined
}

export type Reply = {
  readonly status: ToldReply['status']
  /**
   * Sent as JSON; a string as text. Undefined sends no body. An async iterable of text is sent as it comes, under the
   * `content-type` of `headers`; what it throws cuts the connection, so that nobody takes a part for the whole.
   */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One line of the gateway's route table. `path` is also the route's name in operation ids, logs and figures. */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly roles: readonly Role[]
  readonly contract: Contract
  /** The ledger's operation that it carries out; absent where it only reads. */
  readonly operation?: OperationKind
  readonly answer: (call: Call) => Promise<Reply>
}

export const everyRole = ['Administrador', 'Operador', 'Usuario'] as const satisfies Role[]
export const tillRoles = ['Administrador', 'Operador'] as const satisfies Role[]
export const administratorOnly = ['Administrador'] as const satisfies Role[]
