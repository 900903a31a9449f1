import type { RecordRefusal } from '@recargas/contracts'
import { createEntryBuilder, refuse } from './entry-builder.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Applied, Circumstances } from './operation.ts'

/** Journals a gateway's refusal under an unused id, so that no other press of its key can succeed later. */
export const recordRefusal = (
  view: LedgerView,
  { operationId, merchant, refusal }: RecordRefusal,
  { at }: Circumstances,
): Applied =>
  refuse(
    createEntryBuilder(view, at),
    { id: operationId, kind: 'refuse', merchant },
    refusal.code,
    refusal.details,
  )
