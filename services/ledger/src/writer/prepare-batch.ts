import type { OperationId } from '@recargas/contracts'
import { apply } from '../domain/apply.ts'
import { extendChain, type PlacedEntry } from '../domain/chain.ts'
import type { Account, Case, Injection } from '../domain/entities.ts'
import { absorb, emptyState, noChanges, viewOf, type LedgerState } from '../domain/ledger-view.ts'
import { isConfirmed, type Applied, type Policy } from '../domain/operation.ts'
import {
  announce,
  announceAgain,
  announceExpired,
  announcePressRefused,
  isSuspicion,
  keepOutcome,
} from './announce.ts'
import type { Intake } from './intake.ts'
import type { Found, Head, KnownOperation, OutboxMessage, PreparedBatch } from './ports.ts'

/** What becomes of one message of a batch, once the batch is durable. */
export type ItemFate =
  | { readonly kind: 'done' }
  /** A verdict for a top-up nobody knows here (yet). */
  | { readonly kind: 'unknown-topup' }
  /** A verdict that names another merchant than its sale's. */
  | { readonly kind: 'another-sale'; readonly detail: string }
  /** `apply` threw: only this message is set aside. */
  | { readonly kind: 'failed'; readonly error: unknown }

export type Preparation = {
  /** null: nothing to write. */
  readonly batch: PreparedBatch | null
  readonly fates: readonly ItemFate[]
  /** What need not be durable: news for gateways, who ask where they hear nothing. */
  readonly hints: readonly OutboxMessage[]
  /** The batch's changes, to be absorbed once it is durable. */
  readonly layer: LedgerState
}

type Making = {
  readonly entries: PlacedEntry[]
  readonly messages: OutboxMessage[]
  readonly hints: OutboxMessage[]
  readonly operations: Map<string, KnownOperation>
  readonly injections: Injection[]
  readonly cases: Case[]
  readonly newTopups: Set<string>
}

/**
 * Applies a batch's operations in arrival order to a layer over the partition's state. Changes nothing outside:
 * the caller absorbs the layer when the database has the batch. How messages are cut into batches never matters.
 */
export const prepareBatch = (
  partition: number,
  head: Head,
  state: LedgerState,
  found: Found,
  items: readonly Intake[],
  circumstances: { readonly at: number; readonly policy: Policy },
): Preparation => {
  const layer = emptyState()
  const lookedUp = emptyState()
  absorb(lookedUp, { ...noChanges, topups: found.topups, sessions: found.sessions })
  const view = viewOf(layer, state, lookedUp)
  const making: Making = {
    entries: [],
    messages: [],
    hints: [],
    operations: new Map(found.operations),
    injections: [],
    cases: [],
    newTopups: new Set(),
  }
  const { at } = circumstances

  const fates = items.map((intake): ItemFate => {
    const again = repeatOf(intake, making, view.topup, at)
    if (again !== null) {
      making.hints.push(...again)
      return { kind: 'done' }
    }
    // Before its lateness: the books of a backup cannot say of a late request that it had no effect.
    if (intake.isPaused === true) {
      making.hints.push(...announcePressRefused(intake, 'SELLING_PAUSED', at))
      return { kind: 'done' }
    }
    if (intake.acceptUntil !== null && at > intake.acceptUntil) {
      making.hints.push(...announceExpired(intake, intake.acceptUntil, at))
      return { kind: 'done' }
    }
    const { operation } = intake
    if (operation.type === 'CarrierVerdict') {
      const { topupId, merchant } = operation.data
      const topup = view.topup(topupId)
      if (topup === undefined) return { kind: 'unknown-topup' }
      if (topup.merchant !== merchant) {
        const detail = `sale ${topupId} is of merchant ${topup.merchant}, the verdict names ${merchant}`
        return { kind: 'another-sale', detail }
      }
    }
    try {
      const applied = apply(view, operation, circumstances)
      place(making, head, intake, applied, at)
      absorb(layer, applied.changes)
      return { kind: 'done' }
    } catch (error) {
      return { kind: 'failed', error }
    }
  })
  return {
    batch: assemble(partition, head, state, making, layer, circumstances),
    fates,
    hints: making.hints,
    layer,
  }
}

/** null: not a repeat. */
const repeatOf = (
  intake: Intake,
  making: Making,
  topup: (id: OperationId) => Parameters<typeof announceAgain>[2],
  at: number,
): readonly OutboxMessage[] | null => {
  if (intake.operation.type === 'CarrierVerdict') return null
  const { operationId } = intake.operation.data
  const known = making.operations.get(operationId)
  if (known === undefined) return null
  if (known.fingerprint !== intake.fingerprint) {
    return announcePressRefused(intake, 'IDEMPOTENCY_KEY_REUSED', at)
  }
  // The suspicion was journalled as one that its confirmation may follow, once.
  if (isConfirmed(intake.operation) && isSuspicion(known.outcome)) return null
  return announceAgain(intake, known.outcome, topup(operationId), at)
}

const place = (making: Making, head: Head, intake: Intake, applied: Applied, at: number): void => {
  const { entry, changes, outcome } = applied
  const messages = announce(intake, outcome, at)
  if (entry === null) {
    // Only attempts changed, or nothing did: what there is to say is said without the outbox.
    making.hints.push(...messages)
    return
  }
  const placed: PlacedEntry = {
    seq: head.seq + making.entries.length + 1,
    entry,
    fingerprint: intake.fingerprint,
    // With the trace of whatever caused it: an entry leads back to the request at the till.
    operation: JSON.stringify({ ...intake.operation, correlationId: intake.correlationId }),
    outcome: keepOutcome(outcome, intake.operation),
  }
  making.entries.push(placed)
  // What gateways hear is a hint: one that misses it asks, so only the carrier's jobs must outlive this process.
  for (const message of messages) {
    if (message.to === 'gateways') making.hints.push(message)
    else making.messages.push(message)
  }
  making.injections.push(...changes.injections)
  making.cases.push(...changes.cases)
  if (entry.kind === 'reserve') {
    for (const topup of changes.topups) making.newTopups.add(topup.id)
  }
  if (intake.operation.type !== 'CarrierVerdict') {
    const { operationId } = intake.operation.data
    making.operations.set(operationId, {
      id: operationId,
      fingerprint: intake.fingerprint,
      outcome: placed.outcome,
    })
  }
}

const assemble = (
  partition: number,
  before: Head,
  state: LedgerState,
  making: Making,
  layer: LedgerState,
  { at, policy }: { readonly at: number; readonly policy: Policy },
): PreparedBatch | null => {
  if (making.entries.length === 0 && layer.topups.size === 0) return null
  const accountsBefore = new Map<string, Account>()
  for (const id of layer.accounts.keys()) {
    const account = state.accounts.get(id)
    if (account !== undefined) accountsBefore.set(id, account)
  }
  const seal = { epoch: before.epoch, at, ...policy }
  const sealed = making.entries.length > 0
  return {
    partition,
    before,
    after: {
      epoch: before.epoch,
      seq: before.seq + making.entries.length,
      batch: before.batch + 1,
      hash: sealed ? extendChain(before.hash, seal, making.entries) : before.hash,
      at,
    },
    policy,
    entries: making.entries,
    changes: {
      merchants: [...layer.merchants.values()],
      accounts: [...layer.accounts.values()],
      cajas: [...layer.cajas.values()],
      sessions: [...layer.sessions.values()],
      topups: [...layer.topups.values()],
      injections: making.injections,
      cases: making.cases,
      recents: [],
      held: [],
      usages: [],
    },
    accountsBefore,
    newTopups: making.newTopups,
    messages: making.messages,
  }
}
