import type { HeldQuery, TopupView } from '@recargas/contracts'
import type { OperatorReads } from '../reads/ports.ts'
import { topupView } from '../topups/topup-view.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import { topupOf } from './documents.ts'

const timeoutMs = 2_000

/** Reads over every shop, for the people who run the system. */
export const createOperatorReads = ({ collections }: LedgerDatabase): OperatorReads => ({
  held: (query) => heldSales(collections, query),
})

/** Few sales are held at once, so they are sorted without an index. */
const heldSales = async (
  collections: Collections,
  { state, merchant, limit }: HeldQuery,
): Promise<TopupView[]> => {
  const found = await collections.topups
    .find(
      { open: true, state, ...(merchant === undefined ? {} : { merchant }) },
      { maxTimeMS: timeoutMs },
    )
    .sort({ reservedAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  return found.map((stored) => topupView(topupOf(stored), true))
}
