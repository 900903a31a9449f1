import { createHash } from 'node:crypto'
import type { Operation, Outcome } from '../domain/operation.ts'
import { announce } from '../writer/announce.ts'
import type { OutboxMessage } from '../writer/ports.ts'

/** The carrier's jobs that an operation must cause; only they are kept until they are sent. */
export const jobsOf = (
  operation: Operation,
  outcome: Outcome,
  at: number,
): readonly OutboxMessage[] => {
  // Jobs carry their sale's trace; the one of the request matters to nobody here.
  const request = { messageId: '', correlationId: '', fingerprint: null, acceptUntil: null }
  return announce({ ...request, operation }, outcome, at).filter(({ to }) => to !== 'gateways')
}

export const digestOf = (at: number, messages: readonly OutboxMessage[]): string => {
  const words = messages.map(({ to, id, type, correlationId, body }) => [
    to,
    id,
    type,
    correlationId,
    body,
  ])
  return createHash('sha256')
    .update(JSON.stringify([at, words]))
    .digest('base64url')
}
