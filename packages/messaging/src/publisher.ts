import { envelopeBytesMax, envelopesPerMessageMax } from '@recargas/contracts'
import { IllegalOperationError, type ConfirmChannel } from 'amqplib'
import type { Link, Log } from './link.ts'
import { keepPublishingChannel } from './publishing-channel.ts'
import { within } from './timing.ts'

/** An envelope as a trace sees it. */
export type TracedEnvelope = {
  readonly id: string
  readonly type: string
  readonly correlationId: string
  /** Id of the span that the publication belongs to. */
  readonly span?: string | undefined
}

export type OutgoingMessage = {
  readonly exchange: string
  readonly routingKey: string
  readonly messageId: string
  readonly type: string
  readonly body: Buffer
  readonly persistent: boolean
  readonly correlationId?: string
  readonly headers?: Readonly<Record<string, string | number | boolean>>
  /** The envelopes of the body that traces follow. */
  readonly envelopes?: readonly TracedEnvelope[]
}

/**
 * `confirmed`: in a queue, on a majority's disk where the queue is replicated. `unroutable`: no queue wanted it.
 * `refused`: it is certainly in none. `unknown`: it may be in one; publish the same id again.
 */
export type PublishOutcome = {
  readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown'
  readonly reason?: string
}

export type PublisherLimits = {
  /** From the call to its outcome, waiting for a connection included. */
  readonly confirmTimeoutMs: number
  /** Most messages written and not yet confirmed. */
  readonly unconfirmedMax: number
  /** Most messages waiting to be written. */
  readonly waitingMax: number
}

export type Publisher = {
  /** Mandatory, with confirm. Waits for a connection within the time-out. Never rejects. */
  readonly publish: (message: OutgoingMessage) => Promise<PublishOutcome>
  readonly isOpen: () => boolean
  readonly opened: () => Promise<void>
  /** The broker reads again. */
  readonly resume: () => void
  /** Refuses new messages and waits for those under way; at the limit each settles with its last known outcome. */
  readonly drain: (timeoutMs: number) => Promise<void>
}

type Entry = {
  readonly message: OutgoingMessage
  readonly sequence: number
  readonly deadlineAt: number
  readonly resolve: (outcome: PublishOutcome) => void
  returned: string | null
}

type State = {
  readonly link: Link
  readonly log: Log
  readonly limits: PublisherLimits
  /** In order of arrival, hence of their deadlines. */
  readonly waiting: Set<Entry>
  readonly unconfirmed: Map<number, Entry>
  readonly ending: AbortController
  channel: ConfirmChannel | null
  /** Ends the present channel, for a new one to follow. */
  abandon: (reason: string) => void
  timer: NodeJS.Timeout | null
  sequence: number
  isDraining: boolean
  readonly onIdle: Set<() => void>
  readonly onOpen: Set<() => void>
}

/** Two of one id may be under way, and a return names the message, not the publish. */
const sequenceHeader = 'publish-sequence'
const messageBytesMax = envelopeBytesMax * envelopesPerMessageMax

/** Publishes on a channel of its own, which is opened again whenever it is lost. */
export const createPublisher = ({
  reconnectMsMax,
  ...deps
}: {
  readonly link: Link
  readonly log: Log
  readonly limits: PublisherLimits
  readonly reconnectMsMax: number
}): Publisher => {
  const state: State = {
    ...deps,
    waiting: new Set(),
    unconfirmed: new Map(),
    ending: new AbortController(),
    channel: null,
    abandon: () => undefined,
    timer: null,
    sequence: 0,
    isDraining: false,
    onIdle: new Set(),
    onOpen: new Set(),
  }
  void keepPublishingChannel({
    ...deps,
    reconnectMsMax,
    signal: state.ending.signal,
    onOpened: (channel, abandon) => {
      Object.assign(state, { channel, abandon })
      for (const tell of state.onOpen) tell()
      state.onOpen.clear()
      writeWaiting(state)
    },
    onAbandoned: () => {
      state.channel = null
    },
    onReturned: (headers, replyText) => {
      const entry = state.unconfirmed.get(Number(headers[sequenceHeader]))
      if (entry !== undefined) entry.returned = replyText
    },
    onEnded: (reason) => {
      state.channel = null
      for (const entry of [...state.unconfirmed.values()]) {
        settle(state, entry, { kind: 'unknown', reason })
      }
    },
  })
  return {
    publish: (message) => new Promise((resolve) => accept(state, message, resolve)),
    isOpen: () => state.channel !== null,
    opened: () =>
      new Promise((resolve) => {
        if (state.channel === null) state.onOpen.add(resolve)
        else resolve()
      }),
    resume: () => writeWaiting(state),
    drain: (timeoutMs) => drain(state, timeoutMs),
  }
}

const accept = (
  state: State,
  message: OutgoingMessage,
  resolve: (outcome: PublishOutcome) => void,
): void => {
  const { limits, waiting } = state
  const refusal = refusalOf(state, message)
  if (refusal !== null) {
    resolve({ kind: 'refused', reason: refusal })
    return
  }
  state.sequence += 1
  const deadlineAt = performance.now() + limits.confirmTimeoutMs
  waiting.add({ message, sequence: state.sequence, deadlineAt, resolve, returned: null })
  armTimer(state)
  writeWaiting(state)
}

const refusalOf = (
  { isDraining, waiting, limits }: State,
  { body }: OutgoingMessage,
): string | null => {
  if (isDraining) return 'shutting down'
  // The broker would close the channel over it, and its neighbours would lose their confirms.
  if (body.byteLength > messageBytesMax) return `larger than ${messageBytesMax} bytes`
  return waiting.size >= limits.waitingMax ? `${limits.waitingMax} messages wait already` : null
}

const writeWaiting = (state: State): void => {
  const { channel, waiting, unconfirmed, limits, link } = state
  if (channel === null || link.isBlocked()) return
  for (const entry of waiting) {
    if (unconfirmed.size >= limits.unconfirmedMax) return
    waiting.delete(entry)
    unconfirmed.set(entry.sequence, entry)
    try {
      write(state, channel, entry)
    } catch (error) {
      unconfirmed.delete(entry.sequence)
      if (error instanceof IllegalOperationError) {
        // The channel has just closed. Nothing was written; back to the front, for the next channel.
        const behind = [...waiting]
        waiting.clear()
        for (const waits of [entry, ...behind]) waiting.add(waits)
        return
      }
      entry.resolve({ kind: 'refused', reason: String(error) })
      tellIfIdle(state)
    }
  }
}

const openingBracket = 0x5b

const write = (state: State, channel: ConfirmChannel, entry: Entry): void => {
  const { exchange, routingKey, body, messageId, type, persistent, correlationId, headers } =
    entry.message
  const options = {
    mandatory: true,
    persistent,
    messageId,
    type,
    timestamp: Math.floor(Date.now() / 1_000),
    contentType:
      body[0] === openingBracket
        ? 'application/cloudevents-batch+json'
        : 'application/cloudevents+json',
    headers: { ...headers, [sequenceHeader]: entry.sequence },
    ...(correlationId === undefined ? {} : { correlationId }),
  }
  channel.publish(exchange, routingKey, body, options, (error: Error | null) =>
    settle(state, entry, outcomeOf(error, entry.returned)),
  )
}

/** A return comes before its confirm, so a confirm alone does not mean that a queue has it. */
const outcomeOf = (error: Error | null, returned: string | null): PublishOutcome => {
  if (returned !== null) return { kind: 'unroutable', reason: returned }
  if (error === null) return { kind: 'confirmed' }
  // amqplib's only text for basic.nack; every other error leaves open whether the broker has the message.
  return error.message === 'message nacked'
    ? { kind: 'refused', reason: 'refused by the broker' }
    : { kind: 'unknown', reason: error.message }
}

const settle = (state: State, entry: Entry, outcome: PublishOutcome): void => {
  const isOpen = state.unconfirmed.delete(entry.sequence) || state.waiting.delete(entry)
  if (!isOpen) return
  entry.resolve(outcome)
  tellIfIdle(state)
  writeWaiting(state)
}

const tellIfIdle = ({ waiting, unconfirmed, onIdle }: State): void => {
  if (waiting.size + unconfirmed.size > 0) return
  for (const tell of onIdle) tell()
  onIdle.clear()
}

/** A single timer for the oldest message: all have the same time-out. */
const armTimer = (state: State): void => {
  if (state.timer !== null) return
  const oldest = oldestOf(state.unconfirmed.values(), state.waiting.values())
  if (oldest === null) return
  const delayMs = Math.max(0, oldest.deadlineAt - performance.now())
  state.timer = setTimeout(() => {
    state.timer = null
    expire(state)
    armTimer(state)
  }, delayMs)
}

const oldestOf = (...lines: readonly Iterator<Entry>[]): Entry | null => {
  const heads = lines.flatMap((line) => {
    const head = line.next()
    return head.done === true ? [] : [head.value]
  })
  return heads.sort((a, b) => a.deadlineAt - b.deadlineAt)[0] ?? null
}

const expire = (state: State): void => {
  const now = performance.now()
  const isLate = ({ deadlineAt }: Entry) => deadlineAt <= now
  const late = [...state.unconfirmed.values()].filter(isLate)
  // A blocked connection confirms late, not never; a new channel on it would be blocked too.
  if (late.length > 0 && !state.link.isBlocked()) state.abandon('no confirm in time')
  for (const entry of late) {
    settle(state, entry, { kind: 'unknown', reason: 'no confirm in time' })
  }
  for (const entry of [...state.waiting].filter(isLate)) {
    settle(state, entry, { kind: 'refused', reason: 'not written in time' })
  }
}

const drain = async (state: State, timeoutMs: number): Promise<void> => {
  state.isDraining = true
  const idle = new Promise<void>((resolve) => {
    state.onIdle.add(resolve)
    tellIfIdle(state)
  })
  await within(idle, timeoutMs, 'waiting for confirms').catch((error: unknown) => {
    state.log.warn('messages are left unconfirmed', { error: String(error) })
  })
  for (const entry of [...state.waiting]) {
    settle(state, entry, { kind: 'refused', reason: 'shutting down' })
  }
  for (const entry of [...state.unconfirmed.values()]) {
    settle(state, entry, { kind: 'unknown', reason: 'shutting down' })
  }
  if (state.timer !== null) clearTimeout(state.timer)
  state.ending.abort()
  state.abandon('shutting down')
}
