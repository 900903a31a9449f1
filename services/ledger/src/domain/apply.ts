import { assertNever, invariant } from '@recargas/contracts'
import { dayOfRequest } from './days.ts'
import { changeCaja, createCaja, moveDrawer } from './drawers.ts'
import { inject } from './inject.ts'
import type { LedgerView } from './ledger-view.ts'
import { noteMismatch } from './mismatch.ts'
import type { Applied, BatchCircumstances, Circumstances, Operation } from './operation.ts'
import { recordRefusal } from './record-refusal.ts'
import { reserve } from './reserve.ts'
import { resolveTopup } from './resolve.ts'
import { closeSession, openSession } from './sessions.ts'
import { settle } from './settle.ts'

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
      return reserve(view, operation.data, operation.correlationId, circumstances)
    case 'CarrierVerdict': {
      const topup = view.topup(operation.data.topupId)
      invariant(topup !== undefined, 'a verdict for a top-up that was not looked up')
      return settle(view, topup, operation.data, circumstances)
    }
    case 'CarrierMismatch':
      return noteMismatch(view, operation.data, circumstances)
    case 'InjectFloat':
      return inject(view, operation.data, circumstances)
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
      return resolveTopup(view, operation.data, circumstances)
    case 'RecordRefusal':
      return recordRefusal(view, operation.data, circumstances)
    default:
      return assertNever(operation)
  }
}
