import {
  assertNever,
  type LedgerEvent,
  type OperationAnswer,
  type OperationResult,
  type Refusal,
  type TopupView,
} from '@recargas/contracts'
import type { SerializedCommand } from './serialize-command.ts'

/** An operation's outcome in a gateway's answer. All but the last two are the ledger's own. */
export type Outcome =
  /** Settled, or still held when the wait was over. */
  | { readonly kind: 'topup'; readonly topup: TopupView }
  | { readonly kind: 'applied'; readonly result: OperationResult }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The ledger refused this press by time: it has had no effect and can have none any more. */
  | { readonly kind: 'not-accepted' }
  /** The ledger takes no sales after a restore: it cannot know if this one was made before. Not final. */
  | { readonly kind: 'paused' }
  /** This gateway takes no more requests that wait: the ledger was not asked. */
  | { readonly kind: 'not-published' }
  /** The ledger could not be heard; it may still take place. */
  | { readonly kind: 'unknown' }

const keyReused: Outcome = {
  kind: 'refused',
  refusal: { code: 'IDEMPOTENCY_KEY_REUSED', details: {} },
}

export const isSettled = ({ state }: TopupView): boolean =>
  state === 'committed' || state === 'released'

/** The outcome of an event, or null for an event about another body under the same id, or without an outcome. */
export const outcomeOfEvent = (
  serialized: SerializedCommand,
  event: LedgerEvent,
): Outcome | null => {
  if (event.data.fingerprint !== serialized.fingerprint) return null
  switch (event.type) {
    case 'TopupSettled.v1':
      return isSettled(event.data) ? { kind: 'topup', topup: event.data } : null
    case 'OperationApplied.v1':
      return { kind: 'applied', result: event.data.result }
    case 'FundsRefused.v1':
    case 'OperationRefused.v1': {
      const { refusal } = event.data
      if (isOvercome(serialized, refusal)) return null
      if (refusal.code === 'SELLING_PAUSED') return { kind: 'paused' }
      if (refusal.code !== 'EXPIRED') return { kind: 'refused', refusal }
      return covers(event.data.acceptUntil, serialized) ? { kind: 'not-accepted' } : null
    }
    default:
      return assertNever(event)
  }
}

/**
 * True when a refusal by time covers this press. That of an earlier press of the key may not: this one may still be accepted.
 * The clocks prove nothing here, since the ledger's may differ from this gateway's.
 */
const covers = (expiredUntil: string | undefined, { acceptUntil }: SerializedCommand): boolean =>
  expiredUntil !== undefined && Date.parse(expiredUntil) >= acceptUntil

/** The suspicion of an earlier press under the same key; the ledger has yet to hear that it is confirmed. */
const isOvercome = ({ isConfirmed }: SerializedCommand, { code }: Refusal): boolean =>
  isConfirmed && code === 'DUPLICATE_SUSPECTED'

/** The outcome of this body in the ledger's answer about the id. Null: none yet. */
export const outcomeOfAnswer = (
  serialized: SerializedCommand,
  answer: OperationAnswer,
): Outcome | null => {
  if (answer.kind === 'absent') return null
  if (answer.fingerprint !== serialized.fingerprint) return keyReused
  switch (answer.kind) {
    case 'topup':
      return { kind: 'topup', topup: answer.topup }
    case 'applied':
      return { kind: 'applied', result: answer.result }
    case 'refused':
      return isOvercome(serialized, answer.refusal)
        ? null
        : { kind: 'refused', refusal: answer.refusal }
    default:
      return assertNever(answer)
  }
}
