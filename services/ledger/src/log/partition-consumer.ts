import { assertNever, partitionOf, type WakeMessage } from '@recargas/contracts'
import type { Verdict } from '@recargas/messaging'
import type { Log } from '@recargas/runtime'
import { isSale, type Operation } from '../accounting/operation.ts'
import { inboundOf, type Inbound } from './inbound-operation.ts'
import type { PartitionWriter } from '../log/partition-writer.ts'

type Message = Inbound | WakeMessage

const unknownTopupRetryMs = 5_000

/** Hands a partition's messages to its writer and settles each delivery. */
export const createPartitionConsumer =
  (
    writer: PartitionWriter,
    log: Log,
    {
      partition,
      onDeadLettered,
      areSalesOpen = () => true,
    }: {
      readonly partition: number
      readonly onDeadLettered: () => void
      readonly areSalesOpen?: () => boolean
    },
  ) =>
  async (
    message: Message,
    { subscription, span }: { readonly subscription: number; readonly span?: string | undefined },
  ): Promise<Verdict> => {
    const { correlationid: correlationId } = message
    const misplaced = misplacedDetail(message, partition)
    if (misplaced !== null) {
      const detail = misplaced
      log.error('message of another partition, dead-lettered', {
        messageId: message.id,
        correlationId,
        detail,
      })
      return { verdict: 'dead-letter', code: 'WRONG_PARTITION', detail }
    }
    if (message.type === 'Wake.v1') {
      const { kind } = await writer.wake(subscription)
      return kind === 'done' ? { verdict: 'ack' } : { verdict: 'leave' }
    }
    const inbound = inboundOf(message)
    const isPaused = isAboutSale(inbound.operation) && !areSalesOpen()
    const disposition = await writer.enqueue({ ...inbound, isPaused, span }, subscription)
    switch (disposition.kind) {
      case 'done':
        return { verdict: 'ack' }
      case 'unknown-topup':
        // A verdict may arrive before a restore of the ledger is complete; the carrier's evidence must not be lost.
        log.warn('verdict for an unknown top-up', { messageId: message.id, correlationId })
        return { verdict: 'retry', afterMs: unknownTopupRetryMs }
      case 'another-sale':
        log.error('verdict of another merchant, dead-lettered', {
          messageId: message.id,
          correlationId,
          detail: disposition.detail,
        })
        return { verdict: 'dead-letter', code: 'ANOTHER_SALE', detail: disposition.detail }
      case 'failed':
        onDeadLettered()
        log.error('operation failed, dead-lettered', {
          messageId: message.id,
          correlationId,
          error: disposition.error,
        })
        return {
          verdict: 'dead-letter',
          code: 'OPERATION_FAILED',
          detail: String(disposition.error),
        }
      case 'dropped':
        return { verdict: 'leave' }
      default:
        return assertNever(disposition)
    }
  }

/** A message of another partition would give its accounts a second writer; null where it belongs here. */
const misplacedDetail = (message: Message, partition: number): string | null => {
  if (message.type === 'Wake.v1') {
    const named = message.data.partition
    return named === partition ? null : `it names partition ${named}, not ${partition}`
  }
  const { merchant } = message.data
  const own = partitionOf(merchant)
  return own === partition ? null : `${merchant} is of partition ${own}, not of ${partition}`
}

/**
 * While sales are frozen after a restore, neither a sale nor its refusal may become the answer of a key: sales made after the
 * backup are missing from the books.
 */
const isAboutSale = (operation: Operation): boolean =>
  isSale(operation) ||
  (operation.type === 'RecordRefusal' &&
    (operation.data.operation === 'RequestTopup' || operation.data.operation === 'RequestBundle'))
