import type { RecordRecharge } from '@recargas/contracts'
import { createEntryBuilder, succeed } from '../accounting/entry-builder.ts'
import type { Slice } from '../accounting/operation.ts'

/**
 * Keeps a recharge of the carrier's account in the log, with its person and its note. The account at the carrier is no account
 * of the shop, so no balance moves. Reconciliation reads the entry and expects the sum in the carrier's balance.
 */
export const recordRecharge: Slice<RecordRecharge> = (
  view,
  { operationId, merchant, actor, carrierAmount, note },
  { at },
) =>
  succeed(
    createEntryBuilder(view, at),
    { id: operationId, kind: 'record-recharge', merchant },
    {
      kind: 'recharge',
      recharge: {
        operationId,
        carrierAmount,
        note,
        by: actor.userId,
        at: new Date(at).toISOString(),
      },
    },
  )
