import type { CarrierMismatchMessage, CarrierVerdictMessage, Command } from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'

/** One message for the writer, parsed. */
export type InboundOperation = {
  readonly messageId: string
  readonly correlationId: string
  readonly operation: Operation
  /**
   * Fingerprint of the till's request; the same operation id with another fingerprint is refused. Null for operations that no
   * till sent.
   */
  readonly fingerprint: string | null
  readonly acceptUntil: number | null
  /** A sale that came while none is taken after a restore: it gets the answer of its id, or one that is not final. */
  readonly isPaused?: boolean
  /** Id of the span of this delivery; undefined where it is not traced. Nothing of it is ever stored. */
  readonly span?: string | undefined
}

/** Messages that the partition's queue delivers to the ledger. */
export type Inbound = Command | CarrierVerdictMessage | CarrierMismatchMessage

export const inboundOf = (message: Inbound): InboundOperation => {
  const { id: messageId, correlationid: correlationId, data } = message
  const isOfClient = 'fingerprint' in data
  return {
    messageId,
    correlationId,
    operation: operationOf(message),
    fingerprint: isOfClient ? data.fingerprint : null,
    acceptUntil: isOfClient ? Date.parse(data.acceptUntil) : null,
  }
}

/** The message's type is the operation's name and the version of its data. */
const operationOf = ({ type, data, correlationid: correlationId }: Inbound): Operation =>
  ({ type: type.slice(0, type.lastIndexOf('.')), data, correlationId }) as Operation

/** With the trace of whatever caused it: an entry leads back to the request at the till. */
export const operationText = ({ operation, correlationId }: InboundOperation): string =>
  JSON.stringify({ ...operation, correlationId })
