import { retryDelays } from '@recargas/contracts'

/** The handling of one envelope. Only this package touches the channel. */
export type Verdict =
  | { readonly verdict: 'ack' }
  /** Redelivered after the retry queue nearest to `afterMs`, until the attempts are used up. */
  | { readonly verdict: 'retry'; readonly afterMs: number }
  /** Dead-lettered with its cause, for inspection and replay. */
  | { readonly verdict: 'dead-letter'; readonly code: string; readonly detail?: string }
  /** Stays unacknowledged: the subscription is about to be restarted and the message delivered again. */
  | { readonly verdict: 'leave' }

export type Delivery = {
  /** A new number for each consumer tag, rising within the process: a new one may mean a new owner. */
  readonly subscription: number
  readonly redelivered: boolean
  /** The broker's count of earlier deliveries: only a hint, because brokers count differently. */
  readonly deliveryCount: number
  /** 1 on the first try; counts the rounds through the retry ladder. */
  readonly attempt: number
  /** The envelope's id, or the AMQP message's where it has none. */
  readonly messageId: string
  readonly queue: string
  /** Id of the span of this handling; undefined where it is not traced. */
  readonly span: string | undefined
}

/** After so many tries the ladder ends in the dead-letter queue. */
export const attemptsMax = 8

/** Delay before a message whose handler threw is retried. */
export const thrownRetryMs = 5_000

/** The shortest step that is not shorter than asked, else the longest there is. */
export const retryStep = (afterMs: number): (typeof retryDelays)[number] => {
  const longest = retryDelays[retryDelays.length - 1] ?? retryDelays[0]
  return retryDelays.find(({ delayMs }) => delayMs >= afterMs) ?? longest
}
