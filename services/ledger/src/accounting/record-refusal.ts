import type { RecordRefusal } from '@recargas/contracts'
import { createEntryBuilder, refuse } from './entry-builder.ts'
import type { Slice } from './operation.ts'

/** Journals a gateway's refusal under an unused id, so that no other press of its key can succeed later. */
export const recordRefusal: Slice<RecordRefusal> = (
  view,
  { operationId, merchant, refusal },
  { at },
) =>
  refuse(
    createEntryBuilder(view, at),
    { id: operationId, kind: 'refuse', merchant },
    refusal.code,
    refusal.details,
  )
