import type { RecordRecharge } from '@recargas/contracts'
import { createEntryBuilder } from '../accounting/entry-builder.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import type { Applied, Circumstances } from '../accounting/operation.ts'

/**
 * Keeps a recharge of the carrier's account in the log, with its person and its note. The account at the carrier is no account
 * of the shop, so no balance moves. Reconciliation reads the entry and expects the sum in the carrier's balance.
 */
export const recordRecharge = (
  view: LedgerView,
  { operationId, merchant, actor, carrierAmount, note }: RecordRecharge,
  { at }: Circumstances,
): Applied =>
  createEntryBuilder(view, at).finish(
    { id: operationId, kind: 'record-recharge', merchant },
    {
      kind: 'applied',
      result: {
        kind: 'recharge',
        recharge: {
          operationId,
          carrierAmount,
          note,
          by: actor.userId,
          at: new Date(at).toISOString(),
        },
      },
    },
  )
