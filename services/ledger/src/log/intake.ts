import type { CarrierMismatchMessage, CarrierVerdictMessage, Command } from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'

/** One message for the writer, parsed. */
export type Intake = {
  readonly messageId: string
  readonly correlationId: string
  readonly operation: Operation
  /** Of what the till sent; the same operation id with another one is refused. Null for what no till sent. */
  readonly fingerprint: string | null
  readonly acceptUntil: number | null
  /** A sale that came while none is taken after a restore: it gets the answer of its id, or one that is not final. */
  readonly isPaused?: boolean
}

/** What the ledger's writer is sent. */
export type Inbound = Command | CarrierVerdictMessage | CarrierMismatchMessage

export const intakeOf = (message: Inbound): Intake => {
  const { id: messageId, correlationid: correlationId } = message
  if (message.type === 'CarrierVerdict.v1') {
    const operation: Operation = { type: 'CarrierVerdict', data: message.data }
    return { messageId, correlationId, operation, fingerprint: null, acceptUntil: null }
  }
  if (message.type === 'CarrierMismatch.v1') {
    const operation: Operation = { type: 'CarrierMismatch', data: message.data }
    return { messageId, correlationId, operation, fingerprint: null, acceptUntil: null }
  }
  return {
    messageId,
    correlationId,
    operation: operationOf(message),
    fingerprint: message.data.fingerprint,
    acceptUntil: Date.parse(message.data.acceptUntil),
  }
}

const operationOf = (command: Command): Operation => {
  switch (command.type) {
    case 'RequestTopup.v1':
      return {
        type: 'RequestTopup',
        data: command.data,
        correlationId: command.correlationid,
      }
    case 'RequestBundle.v1':
      return {
        type: 'RequestBundle',
        data: command.data,
        correlationId: command.correlationid,
      }
    case 'InjectFloat.v1':
      return { type: 'InjectFloat', data: command.data }
    case 'OpenSession.v1':
      return { type: 'OpenSession', data: command.data }
    case 'CloseSession.v1':
      return { type: 'CloseSession', data: command.data }
    case 'MoveDrawer.v1':
      return { type: 'MoveDrawer', data: command.data }
    case 'CreateCaja.v1':
      return { type: 'CreateCaja', data: command.data }
    case 'ResolveTopup.v1':
      return { type: 'ResolveTopup', data: command.data }
    case 'RecordRefusal.v1':
      return { type: 'RecordRefusal', data: command.data }
    case 'ChangeCaja.v1':
      return { type: 'ChangeCaja', data: command.data }
  }
}
