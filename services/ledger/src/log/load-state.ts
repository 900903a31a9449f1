import type { Bundle, MerchantId, OperationId } from '@recargas/contracts'
import { earliestOfDays, isPastDay } from '../accounting/days.ts'
import type { Recent, Session, Topup } from '../accounting/entities.ts'
import {
  heldGuardsOf,
  heldStates,
  type HeldChange,
  injectionGuardKey,
  topupGuardKey,
  type Guarded,
} from '../accounting/held-guards.ts'
import { merge, emptyState, noChanges, type LedgerState } from '../accounting/ledger-view.ts'
import { usageTaken, type LimitedSale } from '../accounting/limits.ts'
import type { Policy } from '../accounting/operation.ts'
import { heldInMemoryMax } from './memory.ts'
import {
  accountOf,
  cajaOf,
  injectionOf,
  merchantOf,
  sessionDocId,
  sessionOf,
  topupOf,
} from '../mongo/documents.ts'
import { idIndex } from '../mongo/stored-values.ts'
import type { Projected } from '../projections/open-projections.ts'

/** The small index of held sales: the partition's own index would scan all its sales. */
const heldIndex = { p: 1, state: 1, progressAt: 1 } as const

type Reading = { readonly signal: AbortSignal }

/**
 * Reads the state that the next operations of a partition may need.
 * @param at the time of the last operation: none is earlier, so no limit asks about an earlier day
 * @param now the writer's clock
 * @param signal aborts every read that is under way
 */
export const loadState = async (
  { accounts, merchants, cajas, sessions, sales, injections }: Projected,
  partition: number,
  { duplicateWindowMs, limits }: Policy,
  { at, now, signal }: Reading & { readonly at: number; readonly now: number },
): Promise<LedgerState> => {
  const state = emptyState()
  const since = new Date(now - duplicateWindowMs)
  const reading = { signal }
  const [found, held, guarded, recentTopups, recentInjections] = await Promise.all([
    Promise.all([
      accounts.find({ p: partition, is: 'account' }, reading).toArray(),
      merchants.find({ p: partition, is: 'merchant' }, reading).toArray(),
      cajas.find({ p: partition, is: 'caja' }, reading).toArray(),
      sessions.find({ p: partition, is: 'session', state: 'open' }, reading).toArray(),
    ]),
    sales
      .find({ p: partition, open: true, state: { $in: [...heldStates] } }, reading)
      .hint(heldIndex)
      .limit(heldInMemoryMax)
      .toArray(),
    heldGuards({ sales }, partition, reading),
    sales
      .find({ p: partition, reservedAt: { $gte: since } }, reading)
      .sort({ reservedAt: 1, number: 1 })
      .toArray(),
    injections
      .find({ p: partition, at: { $gte: since } }, reading)
      .sort({ at: 1, number: 1 })
      .toArray(),
  ])
  const [accountsFound, merchantsFound, cajasFound, sessionsFound] = found
  merge(state, {
    ...noChanges,
    accounts: accountsFound.map(accountOf),
    merchants: merchantsFound.map(merchantOf),
    cajas: cajasFound.map(cajaOf),
    sessions: sessionsFound.map(sessionOf),
    topups: held.map(topupOf),
    held: guarded,
  })
  const remember = (key: string, recent: Recent) =>
    merge(state, { ...noChanges, recents: [[key, [...(state.recents.get(key) ?? []), recent]]] })
  for (const topup of recentTopups.map(topupOf)) {
    // A released sale is forgotten, even when a correction followed: memory must not depend on the time of a takeover.
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
  if (limits !== undefined) await countUsage({ sales }, state, partition, { at, reading })
  return state
}

type StoredGuard = Omit<Guarded, 'bundle'> & {
  readonly bundle?: Bundle
  readonly _id: OperationId
  readonly number: number
  readonly reservedAt: Date
}

/** Guards of all held sales: an equal sale counts as a duplicate while the first has no outcome. */
const heldGuards = async (
  { sales }: Pick<Projected, 'sales'>,
  partition: number,
  reading: Reading,
): Promise<readonly HeldChange[]> => {
  const held = await sales
    .find({ p: partition, open: true, state: { $in: [...heldStates] } }, reading)
    .hint(heldIndex)
    .project<StoredGuard>({ merchant: 1, phone: 1, amount: 1, bundle: 1, number: 1, reservedAt: 1 })
    .toArray()
  return heldGuardsOf(
    held.map(({ _id: id, bundle = null, reservedAt, ...sale }) => ({
      ...sale,
      bundle,
      id,
      reservedAt: reservedAt.getTime(),
    })),
  )
}

/** Counts the days that are not past at that time. */
const countUsage = async (
  { sales }: Pick<Projected, 'sales'>,
  state: LedgerState,
  partition: number,
  { at, reading }: { readonly at: number; readonly reading: Reading },
): Promise<void> => {
  const since = new Date(earliestOfDays(at))
  const sold = sales
    // A released sale stops counting for good, as with the guards.
    .find({ p: partition, reservedAt: { $gte: since }, releaseReason: null }, reading)
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
  for await (const sale of sold) {
    if (isPastDay(sale.day, at)) continue
    merge(state, { ...noChanges, usages: usageTaken(usageOf, sale) })
  }
}

/** Sales of a partition by their ids, and sessions: those that are named, and those of the sales. */
export const findSales = async (
  { sales, sessions }: Pick<Projected, 'sales' | 'sessions'>,
  p: number,
  saleIds: readonly OperationId[],
  named: readonly (readonly [MerchantId, number])[],
  signal: AbortSignal,
): Promise<{ readonly topups: readonly Topup[]; readonly sessions: readonly Session[] }> => {
  const reading = { signal, hint: idIndex }
  const topups =
    saleIds.length === 0
      ? []
      : await sales.find({ p, _id: { $in: [...saleIds] } }, reading).toArray()
  // A verdict names its session only through its sale.
  const sessionIds = new Set([
    ...named.map(([merchant, id]) => sessionDocId(merchant, id)),
    ...topups.map(({ merchant, sessionId }) => sessionDocId(merchant, sessionId)),
  ])
  const found =
    sessionIds.size === 0
      ? []
      : await sessions.find({ p, _id: { $in: [...sessionIds] } }, reading).toArray()
  return { topups: topups.map(topupOf), sessions: found.map(sessionOf) }
}
