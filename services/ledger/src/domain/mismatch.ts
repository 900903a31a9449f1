import type { CarrierMismatch } from '@recargas/contracts'
import { createDraft } from './draft.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Applied, Circumstances } from './operation.ts'

/**
 * The carrier's balance moved by what no sale explains. Whose money it is nobody knows yet, so no balance of the
 * shop moves: a person must look.
 */
export const noteMismatch = (
  view: LedgerView,
  mismatch: CarrierMismatch,
  { at }: Circumstances,
): Applied => {
  const draft = createDraft(view, at)
  const { operationId, merchant, currency, carrierAmount, likely } = mismatch
  draft.openCase({
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
  return draft.finish({ id: operationId, kind: 'case', merchant }, { kind: 'case-opened' })
}
