import type { OperationId } from '@recargas/contracts'
import { chainStart } from '../domain/chain.ts'
import { suspectedEntryId } from '../domain/journal.ts'
import type { Policy } from '../domain/operation.ts'
import type { Found, Head, KnownOperation, LedgerStore, Wanted } from '../writer/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import { commitBatch, type TransactionStep } from './commit-batch.ts'
import { headId, long } from './documents.ts'
import { headOf } from './journal-documents.ts'
import { findSales, loadState, type StateCollections } from './load-state.ts'
import { createOwnerSessions } from './owner-sessions.ts'
import { accountsIn, cajasIn, headsIn, merchantsIn, sessionsIn } from './state.ts'

/** A takeover that has to wait longer than this is begun anew, with a new look at who stands in its way. */
const takeOverTimeoutMs = 2_000

export type StoreStep = 'owner-ended' | 'epoch-raised' | TransactionStep

/** The ledger's database as the writer's port. */
export const createLedgerStore = (
  { connection, collections }: LedgerDatabase,
  options: {
    readonly transactionTimeoutMs: number
    readonly now: () => number
    /** Hears of the steps within a takeover and a transaction. */
    readonly onStep?: (step: StoreStep) => void
  },
): LedgerStore => {
  const sessions = createOwnerSessions(connection.getClient(), collections)
  const onStep = options.onStep ?? (() => undefined)
  const load = ({ at }: Head, partition: number, policy: Policy) =>
    loadState(stateIn(collections), partition, policy, { at, now: options.now() })
  return {
    takeOver: async (partition, policy) => {
      await sessions.endOwner(partition)
      onStep('owner-ended')
      const session = await sessions.renew(partition)
      // The raised epoch is the fence: whatever an earlier owner still has under way conflicts or matches nothing.
      const head = await headsIn(collections).findOneAndUpdate(
        { _id: headId(partition) },
        {
          $inc: { epoch: long(1) },
          $set: { session },
          $setOnInsert: {
            is: 'head',
            p: partition,
            seq: long(0) as never,
            batch: long(0) as never,
            hash: chainStart,
            at: new Date(0),
          },
        },
        { upsert: true, returnDocument: 'after', maxTimeMS: takeOverTimeoutMs },
      )
      if (head === null) throw new Error(`partition ${partition} could not be taken over`)
      onStep('epoch-raised')
      const state = await load(headOf(head), partition, policy)
      return { head: headOf(head), state }
    },
    reload: async (partition, epoch, policy) => {
      const before = await headsIn(collections).findOne({ _id: headId(partition) })
      if (before?.epoch !== epoch) return null
      const state = await load(headOf(before), partition, policy)
      // Read again after the state: an epoch that still stands means that nobody else wrote in between.
      const head = await headsIn(collections).findOne({ _id: headId(partition) })
      return head?.epoch === epoch ? { head: headOf(head), state } : null
    },
    lookUp: (_partition, wanted) => lookUp(collections, wanted),
    commit: (batch) =>
      commitBatch(sessions.of(batch.partition), collections, batch, {
        timeoutMs: options.transactionTimeoutMs,
        onStep,
      }),
  }
}

/** Of each operation its latest entry: the confirmed sale, where there is one, and not the suspicion before it. */
const knownOperations = async (
  { journal }: LedgerDatabase['collections'],
  ids: readonly OperationId[],
): Promise<ReadonlyMap<string, KnownOperation>> => {
  if (ids.length === 0) return new Map()
  const entries = await journal
    .find({ _id: { $in: ids.flatMap((id) => [id, suspectedEntryId(id)]) } })
    .project<{ _id: string; fingerprint: string | null; outcome: string }>({
      fingerprint: 1,
      outcome: 1,
    })
    .toArray()
  const byEntry = new Map(entries.map((entry) => [entry._id, entry]))
  return new Map(
    ids.flatMap((id) => {
      const entry = byEntry.get(id) ?? byEntry.get(suspectedEntryId(id))
      if (entry === undefined) return []
      const { fingerprint, outcome } = entry
      return [[id, { id, fingerprint, outcome }] as const]
    }),
  )
}

const lookUp = async (
  collections: LedgerDatabase['collections'],
  wanted: Wanted,
): Promise<Found> => {
  const operations = await knownOperations(collections, wanted.operationIds)
  const saleIds = [...wanted.topupIds, ...([...operations.keys()] as OperationId[])]
  return { operations, ...(await findSales(stateIn(collections), saleIds, wanted.sessions)) }
}

const stateIn = (collections: LedgerDatabase['collections']): StateCollections => ({
  accounts: accountsIn(collections),
  merchants: merchantsIn(collections),
  cajas: cajasIn(collections),
  sessions: sessionsIn(collections),
  sales: collections.topups,
  injections: collections.injections,
  heldIndex: { state: 1, progressAt: 1 },
})
