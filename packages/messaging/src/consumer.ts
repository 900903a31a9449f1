import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { pause } from '@recargas/runtime'
import { createAcks, type Acks } from './acks.ts'
import type { Deliver } from './deliver.ts'
import { closeChannel } from './close-connection.ts'
import type { Link, Log } from './link.ts'
import { backoffMs, within } from './timing.ts'

export type Subscription = {
  /** Returns the deliveries in hand to the broker and subscribes anew. @returns once it consumes again. */
  readonly restart: () => Promise<void>
  /** Stops consuming, waits up to the limit for the deliveries in hand, and subscribes again as the last consumer in line. */
  readonly handOver: (timeoutMs?: number) => Promise<void>
  /** Stops consuming, waits up to the limit for the deliveries in hand and acknowledges them. Safe to repeat. */
  readonly cancel: (timeoutMs?: number) => Promise<void>
  /** The number of the present consumer tag; 0 before the first. */
  readonly generation: () => number
}

export type OwnSubscription = Subscription & {
  readonly isConsuming: () => boolean
  readonly isCancelled: () => boolean
  readonly started: () => Promise<void>
}

type Settings = {
  readonly queue: string
  /** Its name on the connection of that number. */
  readonly queueOf: (connection: number) => string
  readonly prefetch: number
  readonly deliver: Deliver
  readonly link: Link
  readonly log: Log
  readonly reconnectMsMax: number
  readonly nextNumber: () => number
}

/** One consumer tag on a channel of its own, until it ends. */
type Consumer = {
  readonly number: number
  readonly tag: string
  readonly channel: Channel
  readonly acks: Acks
  readonly inHand: Set<Promise<void>>
  /** Resolves with the reason for its end. */
  readonly over: Promise<string>
  readonly end: (reason: string) => void
  readonly ended: AbortSignal
  /** Ignores later deliveries: the broker redelivers them. */
  readonly leave: () => void
}

type State = Settings & {
  readonly ending: AbortController
  readonly onConsuming: Set<() => void>
  consumer: Consumer | null
  generation: number
  isCancelled: boolean
}

const rpcTimeoutMs = 3_000
/** Leaves the rest of a normal shutdown's time to the following steps. */
const cancelTimeoutMs = 5_000
const channelEndMs = 200
const restartReason = 'restart asked for'
const cancelReason = 'cancelled'

/** Consumes a queue until it is cancelled, whatever happens to channels, connections and the queue. */
export const subscribe = (settings: Settings): OwnSubscription => {
  const state: State = {
    ...settings,
    ending: new AbortController(),
    onConsuming: new Set(),
    consumer: null,
    generation: 0,
    isCancelled: false,
  }
  const kept = keepConsuming(state)
  const nextConsumer = () =>
    new Promise<void>((resolve) => {
      if (state.ending.signal.aborted) resolve()
      else state.onConsuming.add(resolve)
    })
  let cancelling: Promise<void> | null = null
  return {
    generation: () => state.generation,
    isConsuming: () => state.consumer !== null,
    isCancelled: () => state.isCancelled,
    started: () => (state.consumer === null ? nextConsumer() : Promise.resolve()),
    restart: () => {
      const restarted = nextConsumer()
      state.consumer?.end(restartReason)
      return restarted
    },
    handOver: async (timeoutMs = cancelTimeoutMs) => {
      const { consumer } = state
      if (consumer === null) return
      const restarted = nextConsumer()
      await letGo(state, consumer, timeoutMs)
      consumer.end(restartReason)
      await restarted
    },
    cancel: (timeoutMs = cancelTimeoutMs) => (cancelling ??= cancel(state, kept, timeoutMs)),
  }
}

const keepConsuming = async (state: State): Promise<void> => {
  const { link, log, queue, ending } = state
  let failures = 0
  while (!state.isCancelled) {
    const model = await link.up(ending.signal)
    if (model === null) return
    try {
      // After a failure the queue may be gone.
      if (failures > 0) await link.repair(model)
      const reason = await consumeOnce(state, model)
      failures = 0
      if (reason === restartReason || reason === cancelReason) continue
      log.warn('consumer ended; subscribing again', { queue, reason })
    } catch (error) {
      failures += 1
      log.warn('cannot consume', { queue, error: String(error) })
    }
    await pause(backoffMs(failures, state.reconnectMsMax), ending.signal)
  }
}

/** @returns why it ended. */
const consumeOnce = async (state: State, model: ChannelModel): Promise<string> => {
  const channel = await answered(state, model, model.createChannel())
  const closed = new AbortController()
  let consumer: Consumer | null = null
  try {
    consumer = await startConsumer(state, { model, channel, closed })
    if (state.isCancelled) consumer.end(cancelReason)
    state.consumer = consumer
    state.generation = consumer.number
    for (const tell of state.onConsuming) tell()
    state.onConsuming.clear()
    return await consumer.over
  } finally {
    state.consumer = null
    consumer?.end('given up')
    if (!closed.signal.aborted) await closeChannel(state.link, model, channel)
  }
}

type OpenChannel = {
  readonly model: ChannelModel
  readonly channel: Channel
  readonly closed: AbortController
}

const startConsumer = async (
  state: State,
  { model, channel, closed }: OpenChannel,
): Promise<Consumer> => {
  const ended = new AbortController()
  let isLeaving = false
  let tellOver: (reason: string) => void = () => undefined
  const over = new Promise<string>((resolve) => {
    tellOver = resolve
  })
  const end = (reason: string): void => {
    ended.abort()
    tellOver(reason)
  }
  channel.on('error', (error) => end(String(error)))
  channel.on('handler-error', (error) => end(String(error)))
  channel.on('close', () => {
    closed.abort()
    end('channel closed')
  })
  const number = state.nextNumber()
  const tag = `${state.queue}#${process.pid}-${number}`
  const acks = createAcks((message, allUpTo) => {
    // A tag of a channel that is gone means another message, or none, on the next one.
    if (ended.signal.aborted) return
    try {
      channel.ack(message, allUpTo)
    } catch (error) {
      // The channel is closing, and its close event has not arrived yet.
      end(String(error))
    }
  })
  const consumer: Consumer = {
    number,
    tag,
    channel,
    acks,
    inHand: new Set(),
    over,
    end,
    ended: ended.signal,
    leave: () => {
      isLeaving = true
    },
  }
  const onMessage = (message: ConsumeMessage | null): void => {
    if (message === null) end('cancelled by the broker')
    else if (!ended.signal.aborted && !isLeaving) take(state, consumer, message)
  }
  await answered(state, model, channel.prefetch(state.prefetch, false))
  const queue = state.queueOf(state.link.number())
  await answered(state, model, channel.consume(queue, onMessage, { consumerTag: tag }))
  return consumer
}

const take = (state: State, consumer: Consumer, message: ConsumeMessage): void => {
  const { number, acks, ended, inHand } = consumer
  acks.received(message)
  const handling = state
    .deliver(message, { subscription: number, signal: ended })
    .then((disposition) => {
      if (disposition === 'done') acks.done(message)
      // Returns the message to the broker, which counts the deliveries and dead-letters it in the end.
      if (disposition === 'stuck') consumer.end('a message can be neither ended nor sent on')
    })
    .catch((error: unknown) => {
      state.log.error('delivery failed', { queue: state.queue, error })
      consumer.end(String(error))
    })
    .finally(() => inHand.delete(handling))
  inHand.add(handling)
}

/** A broker that does not answer on a channel any more is left: only a new connection helps. */
const answered = <Value>(
  { link }: State,
  model: ChannelModel,
  answer: Promise<Value>,
): Promise<Value> =>
  within(answer, rpcTimeoutMs, 'an answer on a channel', (reason) => link.drop(model, reason))

/** Waits for the deliveries in hand and acknowledges them. */
const letGo = async (
  { queue, log }: State,
  { leave, inHand, ended, acks }: Consumer,
  timeoutMs: number,
): Promise<void> => {
  leave()
  await within(Promise.all(inHand), timeoutMs, 'what is in hand').catch((error: unknown) =>
    log.warn('deliveries in hand returned to the broker', { queue, error: String(error) }),
  )
  if (!ended.aborted) acks.flush()
}

const cancel = async (state: State, kept: Promise<void>, timeoutMs: number): Promise<void> => {
  state.isCancelled = true
  const endsAt = performance.now() + timeoutMs
  const leftMs = () => Math.max(0, endsAt - performance.now())
  const { consumer } = state
  if (consumer !== null) {
    const { channel, tag } = consumer
    await within(channel.cancel(tag), leftMs(), 'cancelling').catch(() => undefined)
    await letGo(state, consumer, leftMs())
    consumer.end(cancelReason)
  }
  state.ending.abort()
  for (const tell of state.onConsuming) tell()
  state.onConsuming.clear()
  // If the broker does not answer, the connection's end closes the channel.
  await within(kept, Math.max(leftMs(), channelEndMs), 'ending').catch(() => undefined)
}
