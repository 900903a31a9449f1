import type { Command, MerchantId, OperationId } from '@recargas/contracts'

/** A command ready to leave: serialised once, so that every repeat is the same bytes. */
export type SealedCommand = {
  readonly command: Command
  readonly operationId: OperationId
  readonly merchant: MerchantId
  /** Of what the till sent: only an outcome of the same is this command's. */
  readonly fingerprint: string
  /** Its cashier saw the earlier sale: that a press before it was suspected does not answer this one. */
  readonly isConfirmed: boolean
  readonly acceptUntil: number
  readonly body: string
}

type Content = {
  [Type in Command['type']]: {
    readonly type: Type
    readonly data: Extract<Command, { type: Type }>['data']
  }
}[Command['type']]

const digestCharacters = 16

/**
 * Seals a command. Its envelope's id names the operation and what exactly the till sent: two presses of one key and
 * one body share it, another body under the same key has another. The correlation id is the request's own.
 */
export const sealCommand = (
  content: Content,
  correlationId: string,
  now: number,
): SealedCommand => {
  const { operationId, merchant, acceptUntil, fingerprint } = content.data
  const digest = fingerprint.slice(0, digestCharacters)
  const isConfirmed = 'confirmDuplicate' in content.data && content.data.confirmDuplicate
  const confirmed = isConfirmed ? ':confirmed' : ''
  const id = `${operationId}:${content.type.replace(/\.v1$/, '')}:${digest}${confirmed}`
  const command = {
    specversion: '1.0',
    id,
    source: 'api-gateway',
    type: content.type,
    subject: operationId,
    time: new Date(now).toISOString(),
    correlationid: correlationId,
    data: content.data,
  } as Command
  return {
    command,
    operationId,
    merchant,
    fingerprint,
    isConfirmed,
    acceptUntil: Date.parse(acceptUntil),
    body: JSON.stringify(command),
  }
}
