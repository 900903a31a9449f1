import type { ConsumeMessage } from 'amqplib'
import { pause } from '@recargas/runtime'
import { textOf, type Deliver } from './deliver.ts'
import type { Log } from './link.ts'

/** A message as delivered, unparsed; '' for a missing property. */
export type WholeMessage = {
  readonly body: Buffer
  readonly messageId: string
  readonly type: string
  readonly correlationId: string
  readonly routingKey: string
  readonly headers: Readonly<Record<string, unknown>>
}

export type Keeping = {
  readonly queue: string
  /** Most messages in hand at once. */
  readonly prefetch: number
  /** @returns once the message is durable elsewhere. One that throws is tried again until it is. */
  readonly keep: (message: WholeMessage) => Promise<void>
}

const retryPauseMs = 1_000

/**
 * Stores every message, readable or not, and acknowledges it only then: nothing is published, dead-lettered or given up,
 * because there is no further place to go to.
 */
export const createKeep =
  ({ queue, keep }: Keeping, log: Log): Deliver =>
  async ({ content, properties, fields }: ConsumeMessage, { signal }) => {
    const message: WholeMessage = {
      body: content,
      messageId: textOf(properties.messageId),
      type: textOf(properties.type),
      correlationId: textOf(properties.correlationId),
      routingKey: fields.routingKey,
      headers: properties.headers ?? {},
    }
    while (!signal.aborted) {
      try {
        await keep(message)
        return 'done'
      } catch (error) {
        log.warn('dead letter could not be stored; retrying', {
          queue,
          messageId: message.messageId,
          error,
        })
        await pause(retryPauseMs, signal)
      }
    }
    return 'left'
  }
