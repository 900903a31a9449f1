import type { Envelope } from '@recargas/contracts'

/** A message that leaves once its block is appended. */
export type OutgoingMessage = {
  readonly to: 'adapter/topups' | 'adapter/bundles' | 'gateways'
  readonly id: string
  readonly type: string
  readonly correlationId: string
  /** The envelope, serialised once. */
  readonly body: string
}

export const outgoingMessage = (
  to: OutgoingMessage['to'],
  envelope: Envelope<string, unknown>,
): OutgoingMessage => ({
  to,
  id: envelope.id,
  type: envelope.type,
  correlationId: envelope.correlationid,
  body: JSON.stringify(envelope),
})
