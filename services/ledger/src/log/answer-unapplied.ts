import type { OperationId } from '@recargas/contracts'
import {
  expiredUntilOf,
  outcomeBesidesExpired,
  type ExpiredOutcome,
  type LogEntry,
} from '../accounting/entry.ts'
import { noChanges, type LedgerView } from '../accounting/ledger-view.ts'
import { isConfirmed, type Policy } from '../accounting/operation.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import type { Stamp } from '../sales/sale-messages.ts'
import { announceAgain, announceExpired, announcePressRefused, isSuspicion } from './announce.ts'
import { operationText, type InboundOperation } from './inbound-operation.ts'
import type { KnownOperation } from './plan-lookups.ts'

/** The end of one message, once its block is appended. */
export type ItemDisposition =
  | { readonly kind: 'done' }
  /** A verdict for a sale that is not in the books (yet). */
  | { readonly kind: 'unknown-topup' }
  /** A verdict that names another merchant than its sale's. */
  | { readonly kind: 'another-sale'; readonly detail: string }
  /** `apply` threw: only this message is dead-lettered. */
  | { readonly kind: 'failed'; readonly error: unknown }

export type WriterCircumstances = {
  /** The writer's clock: it alone judges lateness. */
  readonly now: number
  readonly policy: Policy
  /** A gateway's command can be accepted this long. */
  readonly acceptWindowMs: number
  readonly clockSkewMs: number
  /**
   * False when the clock differs from the database's by more than the skew. Every command is then refused by time, and
   * settlements keep the time of the previous block (ledger-log L6).
   */
  readonly isClockTrusted: boolean
}

/** The books before an item. */
type Before = {
  /** The latest entry of an operation, of this block or before it. */
  readonly known: (id: OperationId) => KnownOperation | undefined
  /** Stamps an answer without an entry: it may be the only message, and its block never appended. */
  readonly stampBefore: Stamp
}

/** null: not a repeat, or one that may still have an effect. */
export const repeatOf = (
  item: InboundOperation,
  before: Before,
  view: LedgerView,
): readonly OutgoingMessage[] | null => {
  const { stampBefore } = before
  if (item.operation.type === 'CarrierVerdict') return null
  const { operationId } = item.operation.data
  const known = before.known(operationId)
  if (known === undefined) return null
  // The fingerprint binds from the first entry on, a refusal included.
  if (known.fingerprint !== item.fingerprint) {
    return announcePressRefused(item, 'IDEMPOTENCY_KEY_REUSED', stampBefore)
  }
  const outcome = outcomeBesidesExpired(known.outcome)
  // The suspicion was journalled as one that its confirmation may follow, once; a refusal by time does not take it back.
  const isOpen = outcome === null || (isConfirmed(item.operation) && isSuspicion(outcome))
  if (!isOpen) return announceAgain(item, outcome, view.topup(operationId), stampBefore)
  const expiredUntil = expiredUntilOf(known.outcome)
  // A later press of the same key is a new try; the refused press stays refused, whatever a clock shows.
  return expiredUntil !== null && (item.acceptUntil ?? 0) <= expiredUntil
    ? announceExpired(item, expiredUntil, stampBefore)
    : null
}

/** Too late, or so far ahead that a clock must be wrong: both are refused for ever up to their own `acceptUntil`. */
export const isOutOfTime = (
  item: InboundOperation,
  { now, acceptWindowMs, clockSkewMs, isClockTrusted }: WriterCircumstances,
): item is TimedOperation => {
  const { acceptUntil } = item
  if (acceptUntil === null) return false
  return !isClockTrusted || now > acceptUntil || acceptUntil > now + acceptWindowMs + clockSkewMs
}
type TimedOperation = InboundOperation & { readonly acceptUntil: number }

/** Refuses one press by time; a press whose `acceptUntil` is later stays possible. */
export const expiredEntry = (item: TimedOperation, before: Before): LogEntry => {
  const { operation, acceptUntil, fingerprint } = item
  const id = 'operationId' in operation.data ? operation.data.operationId : null
  const known = id === null ? undefined : before.known(id)
  const earlier = known === undefined ? null : outcomeBesidesExpired(known.outcome)
  const outcome: ExpiredOutcome = {
    kind: 'refused',
    code: 'EXPIRED',
    acceptUntil,
    ...(earlier === null ? {} : { before: earlier }),
  }
  return {
    id: id ?? '',
    kind: 'refuse',
    merchant: operation.data.merchant,
    day: null,
    saleId: null,
    sessionId: null,
    resolves: null,
    fingerprint,
    operation: operationText(item),
    outcome: JSON.stringify(outcome),
    lines: [],
    changes: noChanges,
  }
}

/** A verdict that cannot be applied here; null for everything else. */
export const unfitVerdict = (
  view: LedgerView,
  { operation }: InboundOperation,
): ItemDisposition | null => {
  if (operation.type !== 'CarrierVerdict') return null
  const { topupId, merchant } = operation.data
  const sale = view.topup(topupId)
  if (sale === undefined) return { kind: 'unknown-topup' }
  return sale.merchant === merchant
    ? null
    : {
        kind: 'another-sale',
        detail: `sale ${topupId} is of merchant ${sale.merchant}, the verdict names ${merchant}`,
      }
}
