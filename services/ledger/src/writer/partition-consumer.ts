import { assertNever, partitionOf } from '@recargas/contracts'
import type { Log } from '@recargas/service'
import { z } from 'zod'
import { isSale, type Operation } from '../domain/operation.ts'
import { intakeOf, type Inbound } from './intake.ts'
import type { PartitionWriter } from './partition-writer.ts'

type Verdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly afterMs: number }
  | { readonly verdict: 'dead-letter'; readonly code: string; readonly detail?: string }
  | { readonly verdict: 'leave' }
type Parsed =
  { readonly ok: true; readonly message: Inbound } | { readonly ok: false; readonly reason: string }

const unknownTopupRetryMs = 5_000

/** Parses a partition's messages, hands them to its writer and says what becomes of each delivery. */
export const createPartitionConsumer = (
  schema: z.ZodType<Inbound>,
  writer: PartitionWriter,
  log: Log,
  {
    partition,
    onSetAside,
    isSelling = () => true,
  }: {
    readonly partition: number
    readonly onSetAside: (error: unknown) => void
    readonly isSelling?: () => boolean
  },
) => ({
  parse: (value: unknown): Parsed => {
    const parsed = schema.safeParse(value)
    return parsed.success
      ? { ok: true, message: parsed.data }
      : { ok: false, reason: z.prettifyError(parsed.error) }
  },
  handle: async (
    message: Inbound,
    delivery: { readonly subscription: number },
  ): Promise<Verdict> => {
    const { correlationid: correlationId } = message
    const { merchant } = message.data
    if (partitionOf(merchant) !== partition) {
      // Its own writer is another one: here it would be a second hand on that merchant's books.
      const detail = `${merchant} is of partition ${partitionOf(merchant)}, not of ${partition}`
      log.error('message on the wrong queue, set aside', {
        messageId: message.id,
        correlationId,
        detail,
      })
      return { verdict: 'dead-letter', code: 'WRONG_PARTITION', detail }
    }
    const intake = intakeOf(message)
    const isPaused = isAboutSale(intake.operation) && !isSelling()
    const fate = await writer.submit({ ...intake, isPaused }, delivery.subscription)
    switch (fate.kind) {
      case 'done':
        return { verdict: 'ack' }
      case 'unknown-topup':
        // A verdict may overtake a restore of the ledger; what the carrier said must not be lost.
        log.warn('verdict for an unknown top-up', { messageId: message.id, correlationId })
        return { verdict: 'retry', afterMs: unknownTopupRetryMs }
      case 'another-sale':
        log.error('verdict of another merchant, dead-lettered', {
          messageId: message.id,
          correlationId,
          detail: fate.detail,
        })
        return { verdict: 'dead-letter', code: 'ANOTHER_SALE', detail: fate.detail }
      case 'failed':
        onSetAside(fate.error)
        log.error('operation failed, set aside', {
          messageId: message.id,
          correlationId,
          error: fate.error,
        })
        return { verdict: 'dead-letter', code: 'OPERATION_FAILED', detail: String(fate.error) }
      case 'dropped':
        return { verdict: 'leave' }
      default:
        return assertNever(fate)
    }
  },
})

/**
 * While sales are paused after a restore, neither a sale nor a refusal of one may become the answer of its key: what was
 * sold after the backup is not in the books.
 */
const isAboutSale = (operation: Operation): boolean =>
  isSale(operation) ||
  (operation.type === 'RecordRefusal' &&
    (operation.data.operation === 'RequestTopup' || operation.data.operation === 'RequestBundle'))
