import { assertNever, invariant } from '@recargas/contracts'
import { dayOfRequest } from '../accounting/days.ts'
import { changeCaja, createCaja, moveDrawer } from '../cash/drawers.ts'
import { injectFloat } from '../float/inject-float.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import { recordMismatch } from '../reconcile/record-mismatch.ts'
import type {
  Applied,
  BatchCircumstances,
  Circumstances,
  Operation,
} from '../accounting/operation.ts'
import { recordRefusal } from '../accounting/record-refusal.ts'
import { reserveSale } from '../sales/reserve-sale.ts'
import { resolveSale } from '../sales/resolve-sale.ts'
import { closeSession, openSession } from '../cash/sessions.ts'
import { settleSale } from '../sales/settle-sale.ts'

/**
 * Decides one operation. Pure, and the only place where balances change: the writer and the verifier both call it.
 * A verdict's top-up must be in the view: who hands over a verdict has looked it up first.
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

const decide = (view: LedgerView, operation: Operation, circumstances: Circumstances): Applied => {
  switch (operation.type) {
    case 'RequestTopup':
    case 'RequestBundle':
      return reserveSale(view, operation.data, operation.correlationId, circumstances)
    case 'CarrierVerdict': {
      const topup = view.topup(operation.data.topupId)
      invariant(topup !== undefined, 'a verdict for a top-up that was not looked up')
      return settleSale(view, topup, operation.data, circumstances)
    }
    case 'CarrierMismatch':
      return recordMismatch(view, operation.data, circumstances)
    case 'InjectFloat':
      return injectFloat(view, operation.data, circumstances)
    case 'OpenSession':
      return openSession(view, operation.data, circumstances)
    case 'CloseSession':
      return closeSession(view, operation.data, circumstances)
    case 'MoveDrawer':
      return moveDrawer(view, operation.data, circumstances)
    case 'CreateCaja':
      return createCaja(view, operation.data, circumstances)
    case 'ChangeCaja':
      return changeCaja(view, operation.data, circumstances)
    case 'ResolveTopup':
      return resolveSale(view, operation.data, circumstances)
    case 'RecordRefusal':
      return recordRefusal(view, operation.data, circumstances)
    default:
      return assertNever(operation)
  }
}
