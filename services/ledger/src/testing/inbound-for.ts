import { isOfClient } from '../log/operation-events.ts'
import type { Operation } from '../accounting/operation.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import { idOf, start } from './builders.ts'

export const testPartition = 3

/** The message that carries an operation; another fingerprint is another body under the same id. */
export const inboundFor = (operation: Operation, fingerprint?: string): InboundOperation => {
  const ofClient = isOfClient(operation)
  return {
    messageId: `${idOf(operation)}:${operation.type}`,
    correlationId: 'test',
    operation,
    fingerprint: ofClient ? (fingerprint ?? operation.data.fingerprint) : null,
    acceptUntil: ofClient ? start + 10_000 : null,
  }
}
