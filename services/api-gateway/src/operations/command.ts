import { hash } from 'node:crypto'
import { askedOf, type Command, type MerchantId, type OperationId } from '@recargas/contracts'

/** A command ready to leave: serialised once, so that every repeat is the same bytes. */
export type SealedCommand = {
  readonly command: Command
  readonly operationId: OperationId
  readonly merchant: MerchantId
  readonly acceptUntil: number
  readonly body: string
}

type Content = {
  [Type in Command['type']]: {
    readonly type: Type
    readonly data: Extract<Command, { type: Type }>['data']
  }
}[Command['type']]

const hashCharacters = 16

/**
 * Seals a command. Its envelope's id names the operation and what exactly was asked: two presses of one key and one
 * body share it, another body under the same key has another. The correlation id is the request's own.
 */
export const sealCommand = (
  content: Content,
  correlationId: string,
  now: number,
): SealedCommand => {
  const { operationId, merchant, acceptUntil } = content.data
  const asked = askedOf(content)
  const digest = hash('sha256', asked, 'hex').slice(0, hashCharacters)
  const id = `${operationId}:${content.type.replace(/\.v1$/, '')}:${digest}`
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
    acceptUntil: Date.parse(acceptUntil),
    body: JSON.stringify(command),
  }
}
