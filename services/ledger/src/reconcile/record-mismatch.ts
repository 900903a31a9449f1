import type { CarrierMismatch } from '@recargas/contracts'
import { createEntryBuilder } from '../accounting/entry-builder.ts'
import type { Slice } from '../accounting/operation.ts'

/**
 * Records that the carrier's balance moved without a sale. The money's owner is unknown, so no balance of the shop moves: a
 * person must look.
 */
export const recordMismatch: Slice<CarrierMismatch> = (view, mismatch, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { operationId, merchant, currency, carrierAmount, likely } = mismatch
  builder.openCase({
    id: `${operationId}:carrier-balance-differs`,
    merchant,
    kind: 'carrier-balance-differs',
    currency,
    carrierAmount,
    from: Date.parse(mismatch.from),
    to: Date.parse(mismatch.to),
    likely,
    openedAt: at,
  })
  return builder.finish({ id: operationId, kind: 'case', merchant }, { kind: 'case-opened' })
}
