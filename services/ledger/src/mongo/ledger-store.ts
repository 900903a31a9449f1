import type { Bundle, OperationId } from '@recargas/contracts'
import { chainStart } from '../domain/chain.ts'
import { earliestOfDays, isPastDay } from '../domain/days.ts'
import { injectionGuardKey, topupGuardKey, type Guarded, type Recent } from '../domain/entities.ts'
import { heldGuardsOf, type HeldChange } from '../domain/held-guards.ts'
import { suspectedEntryId } from '../domain/journal.ts'
import { absorb, emptyState, noChanges, type LedgerState } from '../domain/ledger-view.ts'
import { usageTaken, type LimitedSale } from '../domain/limits.ts'
import type { Policy } from '../domain/operation.ts'
import { heldInMemoryMax } from '../writer/committed-state.ts'
import type { Found, Head, KnownOperation, LedgerStore, Wanted } from '../writer/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import { commitBatch, type TransactionStep } from './commit-batch.ts'
import {
  accountOf,
  cajaOf,
  headId,
  injectionOf,
  long,
  merchantOf,
  sessionDocId,
  sessionOf,
  topupOf,
} from './documents.ts'
import { headOf } from './journal-documents.ts'
import { createOwnerSessions } from './owner-sessions.ts'
import { accountsIn, cajasIn, headsIn, merchantsIn, sessionsIn } from './state.ts'

const heldStates = ['reserved', 'in-review'] as const
const heldIndex = { state: 1, progressAt: 1 } as const
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
      const state = await loadState(collections, headOf(head), partition, policy, options.now())
      return { head: headOf(head), state }
    },
    reload: async (partition, epoch, policy) => {
      const before = await headsIn(collections).findOne({ _id: headId(partition) })
      if (before?.epoch !== epoch) return null
      const state = await loadState(collections, headOf(before), partition, policy, options.now())
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

const loadState = async (
  collections: LedgerDatabase['collections'],
  head: Head,
  partition: number,
  { duplicateWindowMs, limits }: Policy,
  now: number,
): Promise<LedgerState> => {
  const state = emptyState()
  const since = new Date(now - duplicateWindowMs)
  const [accounts, merchants, cajas, sessions, held, guarded, recentTopups, recentInjections] =
    await Promise.all([
      accountsIn(collections).find({ p: partition, is: 'account' }).toArray(),
      merchantsIn(collections).find({ p: partition, is: 'merchant' }).toArray(),
      cajasIn(collections).find({ p: partition, is: 'caja' }).toArray(),
      sessionsIn(collections).find({ p: partition, is: 'session', state: 'open' }).toArray(),
      // By the small index of what is held: the partition's own would lead through all its sales.
      collections.topups
        .find({ p: partition, open: true, state: { $in: [...heldStates] } })
        .hint(heldIndex)
        .limit(heldInMemoryMax)
        .toArray(),
      heldGuards(collections, partition),
      collections.topups
        .find({ p: partition, reservedAt: { $gte: since } })
        .sort({ reservedAt: 1, number: 1 })
        .toArray(),
      collections.injections
        .find({ p: partition, at: { $gte: since } })
        .sort({ at: 1, number: 1 })
        .toArray(),
    ])
  absorb(state, {
    ...noChanges,
    accounts: accounts.map(accountOf),
    merchants: merchants.map(merchantOf),
    cajas: cajas.map(cajaOf),
    sessions: sessions.map(sessionOf),
    topups: held.map(topupOf),
    held: guarded,
  })
  const remember = (key: string, recent: Recent) =>
    absorb(state, { ...noChanges, recents: [[key, [...(state.recents.get(key) ?? []), recent]]] })
  for (const topup of recentTopups.map(topupOf)) {
    // Once released it is forgotten, also when a correction followed: memory must not depend on who took over when.
    if (topup.releaseReason !== null) continue
    remember(topupGuardKey(topup), {
      operationId: topup.id,
      number: topup.number,
      at: topup.reservedAt,
    })
  }
  for (const { merchant, sessionId, operator, amount, id, number, at } of recentInjections.map(
    injectionOf,
  )) {
    remember(injectionGuardKey(merchant, sessionId, operator, amount), {
      operationId: id,
      number,
      at,
    })
  }
  if (limits !== undefined) await countUsage(collections, state, partition, head.at)
  return state
}

type StoredGuard = Omit<Guarded, 'bundle'> & {
  readonly bundle?: Bundle
  readonly _id: OperationId
  readonly number: number
  readonly reservedAt: Date
}

/** Of all that is held: the duplicate guard asks for as long as an equal sale has no outcome. */
const heldGuards = async (
  { topups }: LedgerDatabase['collections'],
  partition: number,
): Promise<readonly HeldChange[]> => {
  const sales = await topups
    .find({ p: partition, open: true, state: { $in: [...heldStates] } })
    .hint(heldIndex)
    .project<StoredGuard>({ merchant: 1, phone: 1, amount: 1, bundle: 1, number: 1, reservedAt: 1 })
    .toArray()
  return heldGuardsOf(
    sales.map(({ _id: id, bundle = null, reservedAt, ...sale }) => ({
      ...sale,
      bundle,
      id,
      reservedAt: reservedAt.getTime(),
    })),
  )
}

/** Counts the days that are not past at the head's time: no batch is earlier, so no limit can ask about another day. */
const countUsage = async (
  { topups }: LedgerDatabase['collections'],
  state: LedgerState,
  partition: number,
  headAt: number,
): Promise<void> => {
  const since = new Date(earliestOfDays(headAt))
  const sales = topups
    // As with the guards: what was released once is given back for good.
    .find({ p: partition, reservedAt: { $gte: since }, releaseReason: null })
    .hint({ p: 1, reservedAt: 1 })
    .sort({ reservedAt: 1 })
    .project<LimitedSale>({
      merchant: 1,
      'actor.userId': 1,
      phone: 1,
      operator: 1,
      amount: 1,
      day: 1,
    })
  const usageOf = (key: string) => state.usages.get(key)
  for await (const sale of sales) {
    if (isPastDay(sale.day, headAt)) continue
    absorb(state, { ...noChanges, usages: usageTaken(usageOf, sale) })
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
  const topupIds = [...wanted.topupIds, ...operations.keys()]
  const topups =
    topupIds.length === 0 ? [] : await collections.topups.find({ _id: { $in: topupIds } }).toArray()
  // A verdict names its session only through its top-up.
  const sessionIds = new Set([
    ...wanted.sessions.map(([merchant, id]) => sessionDocId(merchant, id)),
    ...topups.map(({ merchant, sessionId }) => sessionDocId(merchant, sessionId)),
  ])
  const sessions =
    sessionIds.size === 0
      ? []
      : await sessionsIn(collections)
          .find({ _id: { $in: [...sessionIds] } })
          .toArray()
  return {
    operations,
    topups: topups.map(topupOf),
    sessions: sessions.map(sessionOf),
  }
}
