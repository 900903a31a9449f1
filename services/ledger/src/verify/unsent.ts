import { createHash } from 'node:crypto'
import type { Operation, Outcome } from '../domain/operation.ts'
import { announce } from '../writer/announce.ts'
import type { OutboxMessage } from '../writer/ports.ts'

/** The journal does not keep which request's trace an answer belongs to. */
const unknownTrace = ''

/** What an operation's outcome must say to others, as texts to be compared. */
export const messagesOf = (
  operation: Operation,
  outcome: Outcome,
  at: number,
): readonly string[] => {
  const intake = {
    messageId: '',
    correlationId: unknownTrace,
    operation,
    fingerprint: null,
    acceptUntil: null,
  }
  return announce(intake, outcome, at).map(comparable)
}

/** A message without its trace; a stored one must at least say the same trace in both places. */
export const comparable = ({ to, id, type, correlationId, body }: OutboxMessage): string => {
  const { correlationid: trace, ...envelope } = JSON.parse(body) as Record<string, unknown>
  return JSON.stringify([to, id, type, trace === correlationId, envelope])
}

export const digestOf = (at: number, messages: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([at, messages]))
    .digest('base64url')
