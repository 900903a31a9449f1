import type { LedgerEvent, OperationResult, Refusal } from '@recargas/contracts'
import { isSale, type Operation } from '../accounting/operation.ts'
import { frameOf, outgoingMessage, type OutgoingMessage } from '../accounting/outgoing-message.ts'
import type { Stamp } from '../sales/sale-messages.ts'

/** Operations that a till waits for. */
export type ClientOperation = Exclude<Operation, { type: 'CarrierVerdict' | 'CarrierMismatch' }>

export const isOfClient = (operation: Operation): operation is ClientOperation =>
  operation.type !== 'CarrierVerdict' && operation.type !== 'CarrierMismatch'

/** The message that asked for it, and the request at the till that both go back to. */
type Asking = { readonly messageId: string; readonly correlationId: string }

const toGateways = (event: LedgerEvent): OutgoingMessage => outgoingMessage('gateways', event)

/** Publishes the result of a cash or float operation to every gateway. */
export const operationApplied = (
  operation: ClientOperation,
  result: OperationResult,
  asking: Asking,
  { at, position }: Stamp,
): OutgoingMessage => {
  const { operationId, merchant, fingerprint } = operation.data
  const { correlationId, messageId: causationid } = asking
  return toGateways({
    ...frameOf('OperationApplied.v1', { subject: operationId, step: 'applied', at, correlationId }),
    causationid,
    data: { operationId, merchant, fingerprint, result, position },
  })
}

/** The refusal of an operation; for one by time, the `acceptUntil` up to which its presses are refused. */
export type Refused = { readonly refusal: Refusal; readonly expiredUntil?: number }

/** Publishes the refusal of an operation to every gateway. */
export const operationRefused = (
  operation: ClientOperation,
  { refusal, expiredUntil }: Refused,
  asking: Asking,
  { at, position }: Stamp,
): OutgoingMessage => {
  const { operationId, merchant, fingerprint } = operation.data
  const acceptUntil = expiredUntil === undefined ? null : new Date(expiredUntil).toISOString()
  const step = `refused:${refusal.code}${acceptUntil === null ? '' : `:${acceptUntil}`}`
  const type = isSale(operation) ? 'FundsRefused.v1' : 'OperationRefused.v1'
  const { correlationId, messageId: causationid } = asking
  return toGateways({
    ...frameOf(type, { subject: operationId, step, at, correlationId }),
    causationid,
    data: {
      operationId,
      merchant,
      fingerprint,
      refusal,
      position,
      ...(acceptUntil === null ? {} : { acceptUntil }),
    },
  })
}
