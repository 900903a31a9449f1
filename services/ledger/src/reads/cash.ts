import { type CajaView, type MerchantId, type RetiredCajas, partitions } from '@recargas/contracts'
import { accountId, type Account, type Caja } from '../accounting/entities.ts'
import { cajaView } from '../cash/drawers.ts'
import { sessionView } from '../cash/session-view.ts'
import {
  accountDocId,
  accountOf,
  cajaDocId,
  cajaOf,
  sessionDocId,
  sessionOf,
} from '../mongo/documents.ts'
import { idIndex } from '../mongo/stored-values.ts'
import { balances } from '../projections/balances.ts'
import { cash } from '../projections/cash.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { LedgerReads, OperatorReads } from './ports.ts'
import type { QueryOptions, Reading, ReadShown } from './read-shown.ts'

const sessionsPerCajaMax = 100
const rowsMax = 1_000

type CashReads = Pick<LedgerReads, 'cajas' | 'caja' | 'session' | 'activeSession'> &
  Pick<OperatorReads, 'retiredCajas'>

/** Reads cajas with their drawers' balances, and cash sessions. */
export const createCashReads = (projected: Projected, readShown: ReadShown): CashReads => {
  const withDrawer = [cash.name, balances.name]
  return {
    cajas: (merchant) =>
      readShown.ofShop(merchant, withDrawer, async (reading) => {
        const { partition: p, options } = reading
        const cajas = await projected.cajas
          .find({ p, is: 'caja', merchant, active: true }, options)
          .sort({ id: 1 })
          .limit(rowsMax)
          .toArray()
        return withDrawers(projected, reading, merchant, cajas.map(cajaOf))
      }),
    caja: (merchant, id) =>
      readShown.ofShop(merchant, withDrawer, async (reading) => {
        const { partition: p, options } = reading
        const found = await projected.cajas.findOne(
          { p, _id: cajaDocId(merchant, id), active: true },
          { ...options, hint: idIndex },
        )
        if (found === null) return null
        const [caja] = await withDrawers(projected, reading, merchant, [cajaOf(found)])
        if (caja === undefined) return null
        const sessions = await projected.sessions
          .find({ p, is: 'session', merchant, cajaId: id }, options)
          .sort({ id: -1 })
          .limit(sessionsPerCajaMax)
          .toArray()
        return { caja, sessions: sessions.map((stored) => sessionView(sessionOf(stored))) }
      }),
    session: (merchant, id) =>
      readShown.ofShop(merchant, [cash.name], async ({ partition: p, options }) => {
        const _id = sessionDocId(merchant, id)
        const found = await projected.sessions.findOne({ p, _id }, { ...options, hint: idIndex })
        return found === null ? null : sessionView(sessionOf(found))
      }),
    activeSession: (merchant, userId) =>
      readShown.ofShop(merchant, [cash.name], async ({ partition: p, options }) => {
        const open = { p, is: 'session', merchant, userId, state: 'open' } as const
        // With few documents the planner picks any index: the others scan the open sessions of every shop.
        const hint = { p: 1, merchant: 1, userId: 1 } as const
        const found = await projected.sessions.findOne(open, { ...options, hint })
        return found === null ? null : sessionView(sessionOf(found))
      }),
    retiredCajas: () => readShown.ofAll(withDrawer, (options) => retiredCajas(projected, options)),
  }
}

const withDrawers = async (
  { accounts }: Projected,
  { partition: p, options }: Reading,
  merchant: MerchantId,
  cajas: readonly Caja[],
): Promise<CajaView[]> => {
  const ids = cajas.map((caja) => accountId(merchant, 'drawer', String(caja.id)))
  const stored = await accounts
    .find({ p, _id: { $in: ids.map(accountDocId) } }, { ...options, hint: idIndex })
    .toArray()
  const drawers = new Map<string, Account>()
  for (const drawer of stored.map(accountOf)) drawers.set(drawer.id, drawer)
  return cajas.flatMap((caja) => {
    const drawer = drawers.get(accountId(merchant, 'drawer', String(caja.id)))
    return drawer === undefined ? [] : [cajaView(caja, drawer)]
  })
}

/** From the drawers that hold something, by the accounts' own index: retired cajas alone have none. */
const retiredCajas = async (projected: Projected, options: QueryOptions): Promise<RetiredCajas> => {
  const drawers = await projected.accounts
    .find(
      {
        p: { $in: partitions },
        is: 'account',
        kind: 'drawer',
        $or: [{ posted: { $ne: 0 } }, { incoming: { $ne: 0 } }],
      },
      options,
    )
    .limit(rowsMax)
    .toArray()
  const byCaja = new Map(
    drawers.map(accountOf).map((drawer) => [cajaDocId(drawer.merchant, Number(drawer.of)), drawer]),
  )
  const cajas = await projected.cajas
    .find(
      {
        p: { $in: drawers.map(({ p }) => p) },
        _id: { $in: [...byCaja.keys()] },
        active: false,
      },
      { ...options, hint: idIndex },
    )
    .sort({ _id: 1 })
    .toArray()
  return cajas.flatMap((stored) => {
    const drawer = byCaja.get(stored._id)
    return drawer === undefined
      ? []
      : [{ merchant: drawer.merchant, caja: cajaView(cajaOf(stored), drawer) }]
  })
}
