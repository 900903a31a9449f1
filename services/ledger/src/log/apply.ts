import { invariant } from '@recargas/contracts'
import { dayOfRequest } from '../accounting/days.ts'
import { closeSession } from '../cash/close-session.ts'
import { correctCount } from '../cash/correct-count.ts'
import { changeCaja, createCaja, moveDrawer } from '../cash/drawers.ts'
import { handOverSession } from '../cash/hand-over-session.ts'
import { openSession } from '../cash/open-session.ts'
import { injectFloat } from '../float/inject-float.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import { recordMismatch } from '../reconcile/record-mismatch.ts'
import { recordRecharge } from '../reconcile/record-recharge.ts'
import {
  isSale,
  type Applied,
  type BatchCircumstances,
  type Circumstances,
  type Operation,
} from '../accounting/operation.ts'
import { recordRefusal } from '../accounting/record-refusal.ts'
import { reserveSale } from '../sales/reserve-sale.ts'
import { resolveSale } from '../sales/resolve-sale.ts'
import { settleSale } from '../sales/settle-sale.ts'

/**
 * Decides one operation. Pure, and the only place where balances change: the writer and the verifier both call it. The caller
 * of a carrier verdict has loaded its top-up into the view.
 */
export const apply = (
  view: LedgerView,
  operation: Operation,
  { at, policy, journalledDay }: BatchCircumstances,
): Applied => {
  const { data } = operation
  const day = 'shop' in data ? (journalledDay ?? dayOfRequest(data, at)) : null
  const applied = decide(view, operation, { at, policy, day })
  return applied.entry === null ? applied : { ...applied, entry: { ...applied.entry, day } }
}

type Slices = {
  readonly [Type in Operation['type']]: (
    view: LedgerView,
    data: Extract<Operation, { type: Type }>['data'],
    circumstances: Circumstances,
    correlationId: string,
  ) => Applied
}

/** The slice that decides each operation. One that is missing here does not compile. */
const slices: Slices = {
  RequestTopup: reserveSale,
  RequestBundle: reserveSale,
  CarrierVerdict: (view, verdict, circumstances) => {
    const topup = view.topup(verdict.topupId)
    invariant(topup !== undefined, 'a verdict for a top-up that was not looked up')
    return settleSale(view, topup, verdict, circumstances)
  },
  CarrierMismatch: recordMismatch,
  InjectFloat: injectFloat,
  OpenSession: openSession,
  CloseSession: closeSession,
  HandOverSession: handOverSession,
  CorrectCount: correctCount,
  MoveDrawer: moveDrawer,
  CreateCaja: createCaja,
  ChangeCaja: changeCaja,
  ResolveTopup: resolveSale,
  RecordRecharge: recordRecharge,
  RecordRefusal: recordRefusal,
}

type Slice = (
  view: LedgerView,
  data: Operation['data'],
  circumstances: Circumstances,
  correlationId: string,
) => Applied

const decide = (view: LedgerView, operation: Operation, circumstances: Circumstances): Applied => {
  // The table's type has paired each operation with the slice that takes its data.
  const slice = slices[operation.type] as Slice
  return slice(
    view,
    operation.data,
    circumstances,
    isSale(operation) ? operation.correlationId : '',
  )
}
