import {
  type HeldQuery,
  type HistoryQuery,
  type MerchantId,
  type TopupPage,
  type TopupView,
  partitions,
} from '@recargas/contracts'
import { requestWithinMs } from '../accounting/days.ts'
import { topupOf } from '../mongo/documents.ts'
import type { Projected } from '../projections/open-projections.ts'
import { cash } from '../projections/cash.ts'
import { operations } from '../projections/operations.ts'
import { sales } from '../projections/sales.ts'
import { topupView } from '../sales/sale-view.ts'
import { historyFilter, readHistory, within } from './history.ts'
import type { LedgerReads, OperatorReads } from './ports.ts'
import { type QueryOptions, type Reading, type ReadShown } from './read-shown.ts'
import { withTimelines } from './timelines.ts'

type SaleReads = Pick<LedgerReads, 'topup' | 'topups' | 'reviews'> & Pick<OperatorReads, 'held'>

export const createSaleReads = (projected: Projected, readShown: ReadShown): SaleReads => {
  const withSteps = [sales.name, operations.name]
  return {
    topup: (merchant, number) =>
      readShown.ofShop(merchant, withSteps, async (reading) => {
        const filter = { p: reading.partition, merchant, number }
        const found = await projected.sales.findOne(filter, reading.options)
        if (found === null) return null
        return (await withTimelines(projected, reading, [found]))[0] ?? null
      }),
    topups: (merchant, query) =>
      readShown.ofShop(merchant, [sales.name, cash.name], (reading) =>
        historyOf(projected, reading, merchant, query),
      ),
    // The cursor is the number of the page's last.
    reviews: (merchant, { limit, cursor = 0 }) =>
      readShown.ofShop(merchant, withSteps, async (reading) => {
        const { partition: p, options } = reading
        const open = { p, merchant, open: true, state: 'in-review' } as const
        const found = await projected.sales
          .find({ ...open, number: { $gt: cursor } }, options)
          .sort({ number: 1 })
          .limit(limit)
          .toArray()
        return withTimelines(projected, reading, found)
      }),
    held: (query) => {
      const { merchant } = query
      return merchant === undefined
        ? readShown.ofAll([sales.name], (options) =>
            heldOf(projected, options, { p: { $in: [...partitions] } }, query),
          )
        : readShown.ofShop(merchant, [sales.name], ({ partition: p, options }) =>
            heldOf(projected, options, { p, merchant }, query),
          )
    },
  }
}

const historyOf = (
  projected: Projected,
  reading: Reading,
  merchant: MerchantId,
  query: HistoryQuery,
): Promise<TopupPage> =>
  readHistory(projected, projected.sales, reading, merchant, query, {
    filter: {
      ...historyFilter(reading.partition, merchant, query),
      // A sale is of the moment it was asked for; the index holds when it was reserved.
      ...within(query, 'requestedAt'),
      ...within(query, 'reservedAt', requestWithinMs),
      ...(query.phoneNumber === undefined ? {} : { phone: query.phoneNumber }),
      ...(query.state === undefined ? {} : { state: query.state }),
      // The few that are held have an index of their own.
      ...(query.state === 'reserved' || query.state === 'in-review' ? { open: true } : {}),
    },
    viewOf: (sale) => topupView(topupOf(sale)),
  })

/** Few sales are held at once, so they are sorted without an index. */
const heldOf = async (
  projected: Projected,
  options: QueryOptions,
  of: { readonly p: number | { readonly $in: number[] }; readonly merchant?: string },
  { state, limit }: HeldQuery,
): Promise<TopupView[]> => {
  const found = await projected.sales
    .find({ ...of, open: true as const, state }, options)
    .sort({ reservedAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  return found.map((sale) => topupView(topupOf(sale), true))
}
