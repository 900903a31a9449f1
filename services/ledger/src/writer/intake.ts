import { createHash } from 'node:crypto'
import type { CarrierVerdictMessage, Command } from '@recargas/contracts'
import type { Operation } from '../domain/operation.ts'

/** One message for the writer, parsed. */
export type Intake = {
  readonly messageId: string
  readonly correlationId: string
  readonly operation: Operation
  /** SHA-256 of what the client asked for; the same operation id with another one is refused. */
  readonly fingerprint: string | null
  readonly acceptUntil: number | null
}

/** The times differ between two presses of one key; everything else must be the same. */
const fingerprintOf = (data: Command['data']): string =>
  createHash('sha256')
    .update(JSON.stringify({ ...data, requestedAt: undefined, acceptUntil: undefined }))
    .digest('base64url')

export const intakeOf = (message: Command | CarrierVerdictMessage): Intake => {
  const { id: messageId, correlationid: correlationId } = message
  if (message.type === 'CarrierVerdict.v1') {
    const operation: Operation = { type: 'CarrierVerdict', data: message.data }
    return { messageId, correlationId, operation, fingerprint: null, acceptUntil: null }
  }
  return {
    messageId,
    correlationId,
    operation: operationOf(message),
    fingerprint: fingerprintOf(message.data),
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
    case 'ChangeCaja.v1':
      return { type: 'ChangeCaja', data: command.data }
  }
}
