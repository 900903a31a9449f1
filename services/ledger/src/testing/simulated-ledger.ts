import { chainStart, extendChain, type PlacedEntry } from '../domain/chain.ts'
import { heldGuardsOf, isHeld } from '../domain/held-guards.ts'
import { suspectedEntryId } from '../domain/journal.ts'
import { absorb, emptyState, noChanges, type LedgerState } from '../domain/ledger-view.ts'
import type { Policy } from '../domain/operation.ts'
import { absorbCommitted } from '../writer/committed-state.ts'
import type { Intake } from '../writer/intake.ts'
import type { Found, Head, KnownOperation, OutboxMessage, PreparedBatch } from '../writer/ports.ts'
import { prepareBatch, type ItemFate } from '../writer/prepare-batch.ts'
import { wantedBy } from '../writer/wanted.ts'
import { policy, start } from './builders.ts'
import type { BatchEnd, SimulatedLedger, Written } from './simulated-story.ts'

/** What the database would hold of one partition, and the policy that its batches are applied and sealed under. */
export const simulatedStore = (under: Policy = policy) => {
  let head: Head = { epoch: 0, seq: 0, batch: 0, hash: chainStart, at: start }
  const everything = emptyState()
  const known = new Map<string, KnownOperation>()
  const journal: PlacedEntry[] = []
  const outbox = new Map<string, readonly OutboxMessage[]>()
  const held = () => [...everything.topups.values()].filter(isHeld)

  /** As a takeover reads it: without what is settled or closed. */
  const load = (): LedgerState => {
    const state = emptyState()
    absorb(state, {
      ...noChanges,
      merchants: [...everything.merchants.values()],
      accounts: [...everything.accounts.values()],
      cajas: [...everything.cajas.values()],
      sessions: [...everything.sessions.values()].filter(({ state: is }) => is === 'open'),
      topups: held(),
      recents: [...everything.recents],
      held: heldGuardsOf(held()),
      usages: [...everything.usages],
    })
    return state
  }
  const lookUp = (state: LedgerState, intakes: readonly Intake[]): Found => {
    const wanted = wantedBy(state, intakes, () => true)
    const operations = wanted.operationIds.flatMap((id) => {
      const entry = known.get(id) ?? known.get(suspectedEntryId(id))
      return entry === undefined ? [] : [{ ...entry, id }]
    })
    const ids = [...wanted.topupIds, ...operations.map(({ id }) => id)]
    const topups = ids.flatMap((id) => everything.topups.get(id) ?? [])
    const sessions = new Set([
      ...wanted.sessions.map(([merchant, id]) => `${merchant}/${id}`),
      ...topups.map(({ merchant, sessionId }) => `${merchant}/${sessionId}`),
    ])
    return {
      operations: new Map(operations.map((operation) => [operation.id, operation])),
      topups,
      sessions: [...sessions].flatMap((key) => everything.sessions.get(key) ?? []),
    }
  }
  const commit = (batch: PreparedBatch, layer: LedgerState): 'committed' | 'fenced' => {
    const { before, after } = batch
    if (before.epoch !== head.epoch || before.seq !== head.seq || before.batch !== head.batch) {
      return 'fenced'
    }
    const sealed = { epoch: before.epoch, at: after.at, ...under }
    const hash =
      batch.entries.length > 0 ? extendChain(head.hash, sealed, batch.entries) : head.hash
    if (hash !== after.hash) throw new Error('the chain does not go on')
    head = after
    journal.push(...batch.entries)
    for (const { entry, fingerprint, outcome } of batch.entries) {
      if (known.has(entry.id)) throw new Error(`${entry.id} is booked twice`)
      known.set(entry.id, { id: entry.id, fingerprint, outcome })
    }
    absorb(everything, { ...batch.changes, recents: [...layer.recents], usages: [...layer.usages] })
    if (batch.messages.length > 0) outbox.set(String(after.batch), batch.messages)
    return 'committed'
  }
  return {
    policy: under,
    journal,
    known,
    outbox,
    everything,
    lookUp,
    commit,
    isOwner: (owner: Owner) => owner.head.epoch === head.epoch,
    takeOver: (): Owner => {
      head = { ...head, epoch: head.epoch + 1 }
      return { head, state: load() }
    },
    held,
  }
}
type Store = ReturnType<typeof simulatedStore>
export type Owner = { head: Head; readonly state: LedgerState }

type WrittenBatch = Written & { readonly fates: readonly ItemFate[] }

/** One batch of an owner, up to its end. @returns what was sent, what may be acknowledged, and whether it lives on */
export const writeBatch = (
  store: Store,
  owner: Owner,
  intakes: readonly Intake[],
  at: number,
  end: BatchEnd,
): WrittenBatch => {
  const found = store.lookUp(owner.state, intakes)
  const time = Math.max(at, owner.head.at)
  const circumstances = { at: time, policy: store.policy }
  const prepared = prepareBatch(3, owner.head, owner.state, found, intakes, circumstances)
  const { fates } = prepared
  const dead: WrittenBatch = { isAlive: false, sent: [], acked: [], fates }
  const failed = prepared.fates.find(({ kind }) => kind === 'failed')
  // An owner of old knows less than the database tells it: whatever it makes of that, the fence keeps it out.
  if (failed !== undefined && !store.isOwner(owner)) return dead
  if (failed !== undefined) throw new Error('apply threw', { cause: failed })
  if (end === 'before-commit') return dead
  if (prepared.batch !== null) {
    if (store.commit(prepared.batch, prepared.layer) === 'fenced') return dead
    absorbCommitted(owner.state, prepared.layer, {
      at: time,
      duplicateWindowMs: store.policy.duplicateWindowMs,
    })
    owner.head = prepared.batch.after
  }
  const jobs = prepared.batch?.messages ?? []
  const acked = intakes.filter((_, index) => prepared.fates[index]?.kind === 'done')
  switch (end) {
    case 'after-commit':
      return dead
    case 'sent':
      return { isAlive: false, sent: jobs, acked: [], fates }
    case 'acked':
      return { isAlive: false, sent: [], acked, fates }
    case 'whole':
      if (prepared.batch !== null) store.outbox.delete(String(prepared.batch.after.batch))
      return { isAlive: true, sent: jobs, acked, fates }
  }
}

/** The ledger of one transaction for each batch. */
export const simulatedLedger = (under: Policy): SimulatedLedger<Owner> => {
  const store = simulatedStore(under)
  return {
    takeOver: store.takeOver,
    write: (owner, intakes, at, end) => writeBatch(store, owner, intakes, at, end),
    held: store.held,
    unsent: store.outbox,
    journal: () => store.journal,
    everything: store.everything,
    goOn: () => undefined,
  }
}
