import type { components } from '@recargas/client'
import type { BodyOf } from '../api/client.ts'

export const results = ['AUTORIZADA', 'RECHAZADA'] as const
export type Result = (typeof results)[number]

/** A person's word on a sale in review. */
export type Decision = {
  readonly id: string
  /** The sale's number, for the sentence of the outcome. */
  readonly number: number
  readonly body: BodyOf<'/recargas/cliente/{id}/resolver'>
}

export type DecisionAnswer =
  components['schemas']['RecargaClienteAuditada'] | components['schemas']['DecisionRegistrada']

/** The state of a sale after a person's word. */
export type Standing =
  /** The carrier's proof may have settled it otherwise than decided. */
  | { readonly kind: 'settled'; readonly result: Result }
  | { readonly kind: 'awaiting-second-person' }
  | { readonly kind: 'closing' }
  /** The gateway kept the decision and could not read the sale again. */
  | { readonly kind: 'recorded' }

export const standingOf = ({ estado, decision }: DecisionAnswer): Standing => {
  const result = results.find((each) => each === estado)
  if (result !== undefined) return { kind: 'settled', result }
  if (decision === undefined || decision === null) return { kind: 'recorded' }
  return { kind: decision.definitiva ? 'closing' : 'awaiting-second-person' }
}

export type DecisionForm = {
  readonly result: Result | null
  readonly evidence: string
  readonly note: string
}

/** @returns the decision to send, or the first thing that is missing */
export const readDecision = (
  { result, evidence, note }: DecisionForm,
  { id, id_transaccion }: { readonly id: number; readonly id_transaccion: string },
): Decision | { readonly missing: 'result' | 'evidence' | 'note' } => {
  const [evidencia, nota] = [evidence.trim(), note.trim()]
  if (result === null) return { missing: 'result' }
  if (evidencia === '') return { missing: 'evidence' }
  if (nota === '') return { missing: 'note' }
  return { id: id_transaccion, number: id, body: { resultado: result, evidencia, nota } }
}
