import type { FloatView, MerchantId } from '@recargas/contracts'
import { accountId, type Account, type Caja } from '../domain/entities.ts'
import { isLow, runwayMinutesOf, type LowFloatLimits } from '../float/runway.ts'
import { cajaView } from '../domain/drawers.ts'
import { sessionView } from '../domain/sessions.ts'
import type { LedgerReads } from '../reads/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import {
  accountDocId,
  accountOf,
  cajaDocId,
  cajaOf,
  sessionDocId,
  sessionOf,
  topupOf,
} from './documents.ts'
import type { FloatPaces } from './float-pace.ts'
import { injectionHistory, topupHistory } from './history.ts'
import { operationAnswer } from './operation-answer.ts'
import { casesOf, reviewsOf } from './reviews.ts'
import { accountsIn, cajasIn, sessionsIn } from './state.ts'
import { createStatementReads } from './statement-reads.ts'
import { topupWithTimeline } from './timeline.ts'

const sessionsPerCajaMax = 100
const rowsMax = 1_000

/** The ledger's reads on its own database, on the primary with majority. */
export const createLedgerReads = (
  { connection, collections, models }: LedgerDatabase,
  options: {
    readonly now: () => number
    readonly paces: Pick<FloatPaces, 'spentLastHour'>
    readonly lowFloats: LowFloatLimits
  },
): LedgerReads => {
  return {
    ...createStatementReads({ connection, collections }, options),
    identity: async () => {
      const identity = await collections.identity.findOne({ _id: 'ledger' })
      if (identity === null) throw new Error('the ledger has no identity yet')
      return { bornAt: identity.bornAt.toISOString(), namespace: identity.namespace }
    },
    operation: (merchant, id) => operationAnswer(collections, merchant, id),
    topup: async (merchant, number) => {
      const found = await collections.topups.findOne({ merchant, number })
      return found === null ? null : topupWithTimeline(collections, topupOf(found))
    },
    topups: (merchant, query) => topupHistory(collections, merchant, query),
    injections: (merchant, query) => injectionHistory(collections, merchant, query),
    reviews: (merchant, query) => reviewsOf(collections, merchant, query),
    cases: (merchant, query) => casesOf({ collections, models }, merchant, query),
    floats: (merchant) => floatsOf(collections, merchant, options),
    cajas: async (merchant) => {
      const cajas = await cajasIn(collections)
        .find({ is: 'caja', merchant, active: true })
        .sort({ id: 1 })
        .limit(rowsMax)
        .toArray()
      return withDrawers(collections, merchant, cajas.map(cajaOf))
    },
    caja: async (merchant, id) => {
      const _id = cajaDocId(merchant, id)
      const found = await cajasIn(collections).findOne({ _id, active: true })
      if (found === null) return null
      const [caja] = await withDrawers(collections, merchant, [cajaOf(found)])
      if (caja === undefined) return null
      const sessions = await sessionsIn(collections)
        .find({ is: 'session', merchant, cajaId: id })
        .sort({ id: -1 })
        .limit(sessionsPerCajaMax)
        .toArray()
      return { caja, sessions: sessions.map((stored) => sessionView(sessionOf(stored))) }
    },
    session: async (merchant, id) => {
      const found = await sessionsIn(collections).findOne({ _id: sessionDocId(merchant, id) })
      return found === null ? null : sessionView(sessionOf(found))
    },
    activeSession: async (merchant, userId) => {
      const found = await sessionsIn(collections).findOne(
        { is: 'session', merchant, userId, state: 'open' },
        { hint: { merchant: 1, userId: 1 } },
      )
      return found === null ? null : sessionView(sessionOf(found))
    },
  }
}

const floatsOf = async (
  collections: LedgerDatabase['collections'],
  merchant: MerchantId,
  {
    paces,
    lowFloats,
  }: { readonly paces: Pick<FloatPaces, 'spentLastHour'>; readonly lowFloats: LowFloatLimits },
): Promise<FloatView[]> => {
  const found = await accountsIn(collections)
    .find({ is: 'account', merchant, kind: 'float' })
    .limit(rowsMax)
    .toArray()
  const spent = await paces.spentLastHour(found)
  return found
    .map((stored, index) => floatView(accountOf(stored), spent[index] ?? 0, lowFloats))
    .sort((left, right) => left.id - right.id)
}

const withDrawers = async (
  collections: LedgerDatabase['collections'],
  merchant: MerchantId,
  cajas: readonly Caja[],
) => {
  const ids = cajas.map((caja) => accountId(merchant, 'drawer', String(caja.id)))
  const drawers = new Map<string, Account>()
  const stored = await accountsIn(collections)
    .find({ _id: { $in: ids.map(accountDocId) } })
    .toArray()
  for (const drawer of stored.map(accountOf)) drawers.set(drawer.id, drawer)
  return cajas.flatMap((caja) => {
    const drawer = drawers.get(accountId(merchant, 'drawer', String(caja.id)))
    return drawer === undefined ? [] : [cajaView(caja, drawer)]
  })
}

const floatView = (
  account: Account,
  spentLastHour: number,
  lowFloats: LowFloatLimits,
): FloatView => {
  const { merchant, of: operator, posted, reserved } = account
  const available = posted - reserved
  return {
    id: account.number ?? 0,
    currency: account.currency,
    operator: operator as FloatView['operator'],
    posted,
    reserved: reserved as FloatView['reserved'],
    available,
    spentLastHour: spentLastHour as FloatView['spentLastHour'],
    runwayMinutes: runwayMinutesOf({ available, spentLastHour }),
    isLow: isLow({ merchant, operator, available, spentLastHour }, lowFloats),
    createdAt: new Date(account.createdAt).toISOString(),
    updatedAt: new Date(account.updatedAt).toISOString(),
  }
}
