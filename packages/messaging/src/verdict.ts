import { retryDelays } from '@recargas/contracts'

/** What becomes of one envelope. Only this package touches the channel. */
export type Verdict =
  | { readonly verdict: 'ack' }
  /** Comes back after the step of the ladder that is next to `afterMs`, until its attempts are used up. */
  | { readonly verdict: 'retry'; readonly afterMs: number }
  /** Set aside with its cause, to be looked at and replayed. */
  | { readonly verdict: 'dead-letter'; readonly code: string; readonly detail?: string }
  /** Stays unacknowledged: the subscription is about to be restarted and the message delivered again. */
  | { readonly verdict: 'leave' }

export type Parsed<Message> =
  { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly reason: string }

export type Delivery = {
  /** A new number for each consumer tag, rising within the process: a new one may mean a new owner. */
  readonly subscription: number
  readonly redelivered: boolean
  /** How often the broker has taken the message back before: a hint only, brokers count differently. */
  readonly deliveryCount: number
  /** 1 on the first try; counts what went through the retry ladder. */
  readonly attempt: number
  /** The envelope's id, or the AMQP message's where it has none. */
  readonly messageId: string
  readonly queue: string
}

/** After so many tries the ladder ends in the dead-letter queue. */
export const attemptsMax = 8

/** How long one that threw waits for its next try. */
export const thrownRetryMs = 5_000

/** The shortest step that is not shorter than asked, else the longest there is. */
export const retryStep = (afterMs: number): (typeof retryDelays)[number] => {
  const longest = retryDelays[retryDelays.length - 1] ?? retryDelays[0]
  return retryDelays.find(({ delayMs }) => delayMs >= afterMs) ?? longest
}
