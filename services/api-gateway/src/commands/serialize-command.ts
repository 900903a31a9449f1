import type { Command, MerchantId, OperationId } from '@recargas/contracts'
import type { Call } from '../api/route.ts'

/** A command that is ready to publish. It is serialized once, so that every repeat carries the same bytes. */
export type SerializedCommand = {
  readonly command: Command
  readonly operationId: OperationId
  readonly merchant: MerchantId
  /** Digest of the till's request. An outcome with another fingerprint belongs to another command. */
  readonly fingerprint: string
  /** The cashier confirmed the duplicate. The suspicion of an earlier press does not answer this command. */
  readonly isConfirmed: boolean
  readonly acceptUntil: number
  readonly body: string
  /** Id of the request's span. */
  readonly span: string | undefined
}

/** A command without its envelope. */
export type BareCommand = {
  [Type in Command['type']]: {
    readonly type: Type
    readonly data: Extract<Command, { type: Type }>['data']
  }
}[Command['type']]

const digestCharacters = 16

/**
 * Serializes a command. Its envelope's id names the operation and the digest of the till's request: two presses of one
 * key and one body share it, another body under the same key has another. The correlation id is the request's own.
 */
export const serializeCommand = (
  bare: BareCommand,
  { correlationId, span }: Pick<Call, 'correlationId' | 'span'>,
  now: number,
): SerializedCommand => {
  const { operationId, merchant, acceptUntil, fingerprint } = bare.data
  const digest = fingerprint.slice(0, digestCharacters)
  const isConfirmed = 'confirmDuplicate' in bare.data && bare.data.confirmDuplicate
  const confirmed = isConfirmed ? ':confirmed' : ''
  const id = `${operationId}:${bare.type.replace(/\.v1$/, '')}:${digest}${confirmed}`
  const command = {
    specversion: '1.0',
    id,
    source: 'api-gateway',
    type: bare.type,
    subject: operationId,
    time: new Date(now).toISOString(),
    correlationid: correlationId,
    data: bare.data,
  } as Command
  return {
    command,
    operationId,
    merchant,
    fingerprint,
    isConfirmed,
    acceptUntil: Date.parse(acceptUntil),
    body: JSON.stringify(command),
    span,
  }
}
