import { partitionOf } from '@recargas/contracts'
import { emptyState, type LedgerState } from '../domain/ledger-view.ts'
import { absorbCommitted } from '../writer/committed-state.ts'
import type { Intake } from '../writer/intake.ts'
import type { Found, Head, LedgerStore, PreparedBatch } from '../writer/ports.ts'
import { prepareBatch } from '../writer/prepare-batch.ts'
import type { Workload } from './workload.ts'

export type HistoryStore = {
  readonly takeOver: LedgerStore['takeOver']
  readonly commit: LedgerStore['commit']
  /** Entries and settled sales of one batch; balances are left for `finish`. */
  readonly insert: (batch: PreparedBatch) => Promise<void>
  /** Balances, sequences and the partition's head as the last batch left them. */
  readonly finish: (partition: number, state: LedgerState, head: Head) => Promise<void>
}

const policy = { duplicateWindowMs: 120_000 }
const salesPerBatch = 1_000
const insertsMax = 3
const spanMs = 30 * 24 * 3_600_000
/** What follows must not meet the guards of what was before. */
const endsBeforeMs = 3_600_000
const unknown: Found = { operations: new Map(), topups: [], sessions: [] }

/**
 * A shop's past month, made by the writer's own pure steps, so that every balance, hash and sequence is right, but
 * stored in bulk: nobody waits for its durability.
 */
export const growHistory = async (
  store: HistoryStore,
  workload: Workload,
  options: {
    readonly sales: number
    readonly startAt: number
    readonly onGrown: (n: number) => void
  },
): Promise<void> => {
  const partition = partitionOf(workload.merchant)
  let { head, state } = await store.takeOver(partition, policy)
  const prepare = (items: readonly Intake[], at: number): PreparedBatch => {
    const { batch, fates, layer } = prepareBatch(partition, head, state, unknown, items, {
      at,
      policy,
    })
    const failed = fates.find((fate) => fate.kind !== 'done')
    if (batch === null || failed !== undefined) throw new Error('the history could not be made')
    absorbCommitted(state, layer, { at, duplicateWindowMs: policy.duplicateWindowMs })
    head = batch.after
    return batch
  }
  const openings = workload.opening.map((intake) => prepare([intake], options.startAt))
  for (const batch of openings) {
    const result = await store.commit(batch)
    if (result.kind !== 'committed') throw new Error(`the shop could not be opened: ${result.kind}`)
  }
  const batches = Math.ceil(options.sales / salesPerBatch)
  const inserting = new Set<Promise<void>>()
  for (let made = 1; made <= batches; made += 1) {
    const at = options.startAt + Math.floor((made * spanMs) / batches)
    const sales = Array.from({ length: salesPerBatch }, () => workload.sale(at))
    const batch = prepare([...sales.map((s) => s.request), ...sales.map((s) => s.verdict)], at)
    const insert = store.insert(batch).finally(() => inserting.delete(insert))
    inserting.add(insert)
    if (inserting.size >= insertsMax) await Promise.race(inserting)
    if (made % 50 === 0) options.onGrown(made * salesPerBatch * 2)
  }
  await Promise.all(inserting)
  await store.finish(partition, state, head)
  state = emptyState()
}

/** When a history of that length begins so that it ends before now. */
export const historyStart = (now: number): number => now - spanMs - endsBeforeMs
