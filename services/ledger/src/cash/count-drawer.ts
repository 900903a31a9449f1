import type { Currency, MerchantId } from '@recargas/contracts'
import type { EntryBuilder } from '../accounting/entry-builder.ts'
import type { Account, Caja } from '../accounting/entities.ts'

/** A drawer by the books: settled cash, and the cash of every sale that is still pending at its caja. */
export type DrawerCash = {
  readonly drawer: Account
  readonly shortage: Account
  /** Posted, less the shortage of earlier counts that no posted balance could bear. */
  readonly settled: number
  readonly pending: number
}

export const drawerCash = (
  builder: EntryBuilder,
  merchant: MerchantId,
  currency: Currency,
  cajaId: number,
): DrawerCash => {
  const drawer = builder.account(merchant, currency, 'drawer', String(cajaId))
  const shortage = builder.account(merchant, currency, 'drawer-shortage', String(cajaId))
  return { drawer, shortage, settled: drawer.posted + shortage.posted, pending: drawer.incoming }
}

/** Over (positive) or short: the count less all the cash that should lie in the drawer, of whichever session. */
export const countDifference = ({ settled, pending }: DrawerCash, counted: number): number =>
  counted - (settled + pending)

type BookedCount = Pick<DrawerCash, 'drawer' | 'shortage'> & { readonly difference: number }

/**
 * Books a count: over-short takes the whole difference at once. A count below the pending cash cannot drive the posted
 * balance below zero; the rest is kept as the drawer's shortage, so that no later count books it a second time.
 */
export const bookCount = (
  builder: EntryBuilder,
  cash: DrawerCash,
  counted: number,
  session: number | null,
): BookedCount => {
  const { merchant, currency, reserved, posted } = cash.drawer
  const difference = countDifference(cash, counted)
  const found = counted - cash.pending
  const borne = Math.max(found, reserved)
  const drawer =
    borne === posted ? cash.drawer : builder.post(cash.drawer, { posted: borne - posted }, session)
  if (difference !== 0) {
    builder.post(builder.account(merchant, currency, 'over-short'), { posted: -difference })
  }
  const owed = found - borne - cash.shortage.posted
  const shortage = owed === 0 ? cash.shortage : builder.post(cash.shortage, { posted: owed })
  return { difference, drawer, shortage }
}

/** Books a count of a caja whenever it is taken: in its open session, or between two as part of the next opening. */
export const bookCajaCount = (
  builder: EntryBuilder,
  caja: Caja,
  cash: DrawerCash,
  counted: number,
): BookedCount => {
  const booked = bookCount(builder, cash, counted, caja.openSession)
  const session =
    caja.openSession === null ? undefined : builder.view.session(caja.merchant, caja.openSession)
  const found = booked.drawer.posted - cash.drawer.posted
  if (session !== undefined) {
    builder.putSession({
      ...session,
      income: session.income + Math.max(found, 0),
      outgo: session.outgo + Math.max(-found, 0),
      shortage: 0 - booked.shortage.posted,
      updatedAt: builder.at,
    })
  }
  return booked
}
