import type { ConsumeMessage } from 'amqplib'

export type Acks = {
  /** Every delivery of the channel, in the order they came. */
  readonly received: (message: ConsumeMessage) => void
  readonly done: (message: ConsumeMessage) => void
  readonly flush: () => void
}

/**
 * Acknowledges finished deliveries in as few frames as possible, once per turn of the event loop: one frame for all up to the
 * first delivery still in hand, which the broker also writes to disk as one; single frames for the rest.
 */
export const createAcks = (ack: (message: ConsumeMessage, allUpTo: boolean) => void): Acks => {
  const inHand = new Map<ConsumeMessage, 'in-hand' | 'done'>()
  const fresh = new Set<ConsumeMessage>()
  let isScheduled = false

  const flush = (): void => {
    isScheduled = false
    let last: ConsumeMessage | null = null
    for (const [message, progress] of inHand) {
      if (progress === 'in-hand') break
      inHand.delete(message)
      fresh.delete(message)
      last = message
    }
    if (last !== null) ack(last, true)
    for (const message of fresh) {
      inHand.delete(message)
      ack(message, false)
    }
    fresh.clear()
  }

  return {
    received: (message) => {
      inHand.set(message, 'in-hand')
    },
    done: (message) => {
      inHand.set(message, 'done')
      fresh.add(message)
      if (isScheduled) return
      isScheduled = true
      setImmediate(flush)
    },
    flush,
  }
}
