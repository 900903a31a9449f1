/** A message that leaves once its block is appended. */
export type OutgoingMessage = {
  readonly to: 'adapter/topups' | 'adapter/bundles' | 'gateways'
  readonly id: string
  readonly type: string
  readonly correlationId: string
  /** The envelope, serialised once. */
  readonly body: string
}
