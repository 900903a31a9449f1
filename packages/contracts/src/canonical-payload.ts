import { hash } from 'node:crypto'
import { z } from 'zod'

/** An amount as the till sends it: a JSON number, whatever currency the shop has. */
type Amount = number

/**
 * Everything that a till sent of each kind of operation, and nothing else: no value of the catalogue, the token, the
 * headers or the clock. A field that the till may leave out is null where it did.
 */
export type TillPayloads = {
  readonly RequestTopup: {
    readonly operator: string
    readonly number: string
    readonly amount: Amount
    readonly sessionId: number
  }
  readonly RequestBundle: {
    readonly operator: string
    readonly code: string
    readonly number: string
    readonly sessionId: number
    readonly seenPrice: Amount | null
  }
  readonly InjectFloat: {
    readonly operator: string
    readonly amount: Amount
    readonly sessionId: number
  }
  readonly OpenSession: {
    readonly cajaId: number
    readonly userId: string
    readonly declared: Amount | null
    readonly counted: Amount | null
    readonly remarks: string | null
  }
  readonly CloseSession: {
    readonly sessionId: number
    readonly counted: Amount
    readonly acceptPending: boolean
    readonly remarks: string | null
  }
  readonly MoveDrawer: {
    readonly sessionId: number
    readonly direction: 'in' | 'out'
    readonly amount: Amount
    readonly reason: string
  }
  readonly CreateCaja: {
    readonly name: string
    readonly specialty: string
    readonly balance: Amount
  }
  readonly ChangeCaja: {
    readonly cajaId: number
    readonly name: string | null
    readonly specialty: string | null
    readonly balance: Amount | null
    readonly active: boolean | null
  }
  readonly ResolveTopup: {
    readonly topupId: string
    readonly result: string
    readonly evidence: string
    readonly note: string
  }
}

export type OperationKind = keyof TillPayloads
export type TillPayload = {
  [Kind in OperationKind]: { readonly kind: Kind } & TillPayloads[Kind]
}[OperationKind]

/** The fields of each kind in their canonical order. A field that is missing here does not compile. */
const fieldsOf: {
  readonly [Kind in OperationKind]: Readonly<Record<keyof TillPayloads[Kind], 1>>
} = {
  RequestTopup: { operator: 1, number: 1, amount: 1, sessionId: 1 },
  RequestBundle: { operator: 1, code: 1, number: 1, sessionId: 1, seenPrice: 1 },
  InjectFloat: { operator: 1, amount: 1, sessionId: 1 },
  OpenSession: { cajaId: 1, userId: 1, declared: 1, counted: 1, remarks: 1 },
  CloseSession: { sessionId: 1, counted: 1, acceptPending: 1, remarks: 1 },
  MoveDrawer: { sessionId: 1, direction: 1, amount: 1, reason: 1 },
  CreateCaja: { name: 1, specialty: 1, balance: 1 },
  ChangeCaja: { cajaId: 1, name: 1, specialty: 1, balance: 1, active: 1 },
  ResolveTopup: { topupId: 1, result: 1, evidence: 1, note: 1 },
}

export const operationKinds = Object.keys(fieldsOf) as readonly OperationKind[]
export const OperationKind = z.enum(operationKinds)

/** A payload as text that is the same wherever the till sent the same. */
export const canonicalPayload = (payload: TillPayload): string => {
  const values = payload as unknown as Readonly<Record<string, unknown>>
  const fields = Object.keys(fieldsOf[payload.kind])
  return JSON.stringify([payload.kind, ...fields.map((field) => [field, values[field] ?? null])])
}

/** SHA-256 of a {@link canonicalPayload}, base64url: two presses of one key must agree on it. */
export const Fingerprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const fingerprintOf = (payload: TillPayload): string =>
  hash('sha256', canonicalPayload(payload), 'base64url')
