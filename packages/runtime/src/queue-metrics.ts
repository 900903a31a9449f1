import type { Counter, Registry } from 'prom-client'
import { figuresOf } from './figures.ts'

/** A message's value by its schema, or the schema's objection. */
export type Parsed<Message> =
  { readonly ok: true; readonly message: Message } | { readonly ok: false; readonly reason: string }
type Judged = { readonly verdict: Exclude<Result, 'invalid' | 'thrown'> }

/** Measures a consumer's messages: their number, their verdicts, their duration. */
type Measured<Message, Delivery, Verdict extends Judged> = {
  readonly queue: string
  readonly prefetch: number
  readonly parse: (value: unknown) => Parsed<Message>
  readonly handle: (message: Message, delivery: Delivery) => Promise<Verdict>
}

const results = ['ack', 'retry', 'dead-letter', 'leave', 'invalid', 'thrown'] as const
type Result = (typeof results)[number]

const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Rate, errors and duration of each queue that a service consumes; every label set is there from the start. */
export const createQueueMetrics = (registry: Registry) => {
  const { counter, histogram } = figuresOf(registry)
  const messages = counter(
    'queue_messages_total',
    'Messages by queue and verdict; dead-letter and invalid went to quarantine',
    ['queue', 'result'],
  )
  const seconds = histogram(
    'queue_message_seconds',
    'Time from a delivery to its verdict',
    buckets,
    ['queue'],
  )
  /** @param name the label, where the queue's own name holds the id of an instance */
  return <Message, Delivery, Verdict extends Judged>(
    consumption: Measured<Message, Delivery, Verdict>,
    name: string = consumption.queue,
  ): Measured<Message, Delivery, Verdict> => {
    const counts = Object.fromEntries(
      results.map((result) => [result, messages.labels(name, result)]),
    ) as Record<Result, Counter.Internal>
    for (const result of results) counts[result].inc(0)
    const took = seconds.labels(name)
    seconds.zero({ queue: name })
    return {
      ...consumption,
      parse: (value) => {
        const parsed = consumption.parse(value)
        if (!parsed.ok) counts.invalid.inc()
        return parsed
      },
      handle: (message, delivery) => {
        const startedAt = performance.now()
        const judging = consumption.handle(message, delivery)
        const count = (result: Result) => {
          counts[result].inc()
          took.observe((performance.now() - startedAt) / 1_000)
        }
        judging.then(
          ({ verdict }) => count(verdict),
          () => count('thrown'),
        )
        return judging
      },
    }
  }
}
