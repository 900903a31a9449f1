import type { LedgerEvent, OperationResult, Refusal } from '@recargas/contracts'
import type { Operation } from '../domain/operation.ts'
import type { OutboxMessage } from '../writer/ports.ts'

type ClientOperation = Exclude<Operation, { type: 'CarrierVerdict' }>

const toGateways = (event: LedgerEvent): OutboxMessage => ({
  to: 'gateways',
  id: event.id,
  type: event.type,
  correlationId: event.correlationid,
  body: JSON.stringify(event),
})

/** Tells every gateway what a cash or float operation led to. */
export const operationApplied = (
  operation: ClientOperation,
  result: OperationResult,
  correlationId: string,
  at: number,
): OutboxMessage => {
  const { operationId, merchant } = operation.data
  return toGateways({
    specversion: '1.0',
    id: `${operationId}:applied`,
    source: 'ledger',
    type: 'OperationApplied.v1',
    subject: operationId,
    time: new Date(at).toISOString(),
    correlationid: correlationId,
    data: { operationId, merchant, result },
  })
}

/** Tells every gateway why an operation had no effect. */
export const operationRefused = (
  operation: ClientOperation,
  refusal: Refusal,
  correlationId: string,
  at: number,
): OutboxMessage => {
  const { operationId, merchant, currency } = operation.data
  return toGateways({
    specversion: '1.0',
    id: `${operationId}:refused:${refusal.code}`,
    source: 'ledger',
    type: operation.type === 'RequestTopup' ? 'FundsRefused.v1' : 'OperationRefused.v1',
    subject: operationId,
    time: new Date(at).toISOString(),
    correlationid: correlationId,
    data: { operationId, merchant, currency, refusal },
  })
}
