import { randomInt } from 'node:crypto'
import { connect, type Channel, type ChannelModel } from 'amqplib'
import { pause } from '@recargas/runtime'
import { closeTimeoutMs, cut, endConnection, socketOf } from './close-connection.ts'
import { gatherWrites } from './gather-writes.ts'
import { watchMember, type MajorityQuestion } from './member-watch.ts'
import { backoffMs, within } from './timing.ts'

type Fields = Readonly<Record<string, unknown>>
export type Log = {
  readonly debug: (message: string, fields?: Fields) => void
  readonly info: (message: string, fields?: Fields) => void
  readonly warn: (message: string, fields?: Fields) => void
  readonly error: (message: string, fields?: Fields) => void
}

export type LinkSettings = {
  /** Tried in turn, the first chosen at random, so that connections spread over a cluster. */
  readonly urls: readonly string[]
  /** The CA of an amqps broker, in PEM form; else the public ones count. */
  readonly ca?: string | undefined
  /** Shown by the broker's management. */
  readonly connectionName: string
  readonly heartbeatSeconds: number
  readonly reconnectMsMax: number
  /** Declares the topology on every new connection, which are numbered from 1; the link is up after it. */
  readonly setUp: (channel: Channel, connection: number) => Promise<void>
  readonly onUnblocked: () => void
  /** Asked again and again where there are several addresses; null: a member that is alone is not noticed. */
  readonly question: MajorityQuestion | null
  readonly log: Log
}

/** One connection, reopened whenever it is lost. */
export type Link = {
  /** The connection, as soon as there is one; null once the link is closed or the signal has fired. */
  readonly up: (signal: AbortSignal) => Promise<ChannelModel | null>
  /** The number of the present connection, or of the last one. */
  readonly number: () => number
  /** The obstacle to using the link; null when it is up. */
  readonly trouble: () => string | null
  readonly isBlocked: () => boolean
  /** Gives up a connection that no longer answers. A no-op where it is not the present one. */
  readonly drop: (model: ChannelModel, reason: string) => void
  /** Declares everything again on the present connection; fails where that cannot be done. */
  readonly repair: (model: ChannelModel) => Promise<void>
  readonly close: (timeoutMs: number) => Promise<void>
}

/** A socket on which nothing comes for so long while connecting is given up. */
const connectTimeoutMs = 5_000
/** The first declaration of many replicated queues takes seconds on a slow machine. */
const setUpTimeoutMs = 60_000
const keepAliveDelayMs = 10_000

type Waiter = (model: ChannelModel | null) => void
type State = LinkSettings & {
  readonly ending: AbortController
  readonly waiters: Set<Waiter>
  /** Index of the address that is tried next. */
  next: number
  /** Being set up, or up. */
  connection: ChannelModel | null
  number: number
  isUp: boolean
  trouble: string | null
  blockedReason: string | null
}

/**
 * Recovery is ours, not amqplib's: its own binds error listeners only after set-up, so that a socket error meanwhile
 * is an uncaught exception, and does not see a channel that the server closes.
 */
export const openLink = (settings: LinkSettings): Link => {
  const state: State = {
    ...settings,
    ending: new AbortController(),
    waiters: new Set(),
    next: randomInt(settings.urls.length),
    connection: null,
    number: 0,
    isUp: false,
    trouble: 'not connected yet',
    blockedReason: null,
  }
  const kept = keepConnected(state)
  return {
    up: (signal) => waitUntilUp(state, signal),
    number: () => state.number,
    trouble: () =>
      state.blockedReason === null
        ? state.trouble
        : `blocked by the broker: ${state.blockedReason}`,
    isBlocked: () => state.blockedReason !== null,
    drop: (model, reason) => {
      if (model === state.connection) cut(model, reason)
    },
    repair: (model) => declare(state, model),
    close: async (timeoutMs) => {
      state.ending.abort()
      for (const answer of [...state.waiters]) answer(null)
      if (state.connection !== null) await endConnection(state.connection, timeoutMs)
      await within(kept, timeoutMs, 'ending the connection').catch(() => undefined)
    },
  }
}

const keepConnected = async (state: State): Promise<void> => {
  let failures = 0
  while (!isEnding(state)) {
    const startedAt = performance.now()
    const wasUp = await connectOnce(state)
    // A connection that the broker ends at once, repeatedly, counts as a failure.
    const wasSteady = wasUp && performance.now() - startedAt > state.reconnectMsMax
    failures = wasSteady ? 0 : failures + 1
    await pause(backoffMs(failures, state.reconnectMsMax), state.ending.signal)
  }
}

/** Connects and waits until the connection is lost. @returns true when it had come up. */
const connectOnce = async (state: State): Promise<boolean> => {
  const { log, connectionName } = state
  const url = nextAddress(state)
  const ended = new AbortController()
  try {
    const model = await connectTo(state, url)
    gatherWrites(socketOf(model))
    state.connection = model
    state.number += 1
    const lost = watch(state, model)
    try {
      if (isEnding(state)) return false
      await Promise.race([
        declare(state, model),
        lost.then((reason) => Promise.reject(new Error(reason))),
      ])
      becomeUp(state, model, url)
      void watchMajority(state, model, url, ended.signal)
      state.trouble = await lost
    } finally {
      ended.abort()
      state.isUp = false
      state.connection = null
      await endConnection(model, closeTimeoutMs)
    }
    if (!isEnding(state)) {
      log.warn('broker connection lost', { connection: connectionName, reason: state.trouble })
    }
    return true
  } catch (error) {
    state.trouble = `cannot connect: ${String(error)}`
    const { host } = url
    log.warn('broker cannot be reached', {
      connection: connectionName,
      host,
      error: String(error),
    })
    return false
  }
}

const connectTo = ({ ca, connectionName }: State, url: URL): Promise<ChannelModel> =>
  connect(url.href, {
    clientProperties: { connection_name: connectionName },
    timeout: connectTimeoutMs,
    ...(ca === undefined ? {} : { ca: [Buffer.from(ca)] }),
    noDelay: true,
    keepAlive: true,
    keepAliveDelay: keepAliveDelayMs,
  })

/** Only a cluster has a majority, and another member to go to. */
const watchMajority = async (
  state: State,
  model: ChannelModel,
  own: URL,
  signal: AbortSignal,
): Promise<void> => {
  const others = state.urls
    .map((address, place) => ({ url: addressOf(state, address), place }))
    .filter(({ url }) => url.host !== own.host)
  if (state.question === null || others.length === 0) return
  await watchMember({
    model,
    question: state.question,
    others: others.map(({ url, place }) => ({
      connect: () => connectTo(state, url),
      end: (opened) => endConnection(opened, closeTimeoutMs),
      moveThere: (reason) => {
        state.next = place
        cut(model, reason)
      },
    })),
    isBlocked: () => state.blockedReason !== null,
    signal,
  })
}

const isEnding = ({ ending }: State): boolean => ending.signal.aborted

const becomeUp = (state: State, model: ChannelModel, { host }: URL): void => {
  state.isUp = true
  state.trouble = null
  state.log.info('broker connected', { connection: state.connectionName, host })
  for (const answer of [...state.waiters]) answer(model)
}

/** Watches every event of a connection. @returns the reason of its end, once it has ended. */
const watch = (state: State, model: ChannelModel): Promise<string> => {
  let cause: string | null = null
  model.on('error', (error) => {
    cause ??= String(error)
    // An error of the protocol waits for the peer's goodbye, which may never come.
    setTimeout(() => cut(model, 'no goodbye after an error'), closeTimeoutMs).unref()
  })
  model.on('handler-error', (error) => {
    cause ??= String(error)
    cut(model, 'a listener failed')
  })
  model.on('blocked', (reason) => {
    state.blockedReason = reason
    state.log.warn('broker blocks publishing', { connection: state.connectionName, reason })
  })
  const unblock = () => {
    if (state.blockedReason === null) return
    state.blockedReason = null
    state.log.info('broker no longer blocks publishing', { connection: state.connectionName })
    state.onUnblocked()
  }
  model.on('unblocked', unblock)
  return new Promise((resolve) => {
    model.on('close', (error) => {
      state.isUp = false
      unblock()
      resolve(cause ?? (error === undefined ? 'closed' : String(error)))
    })
  })
}

const declare = async (state: State, model: ChannelModel): Promise<void> => {
  const declaring = async () => {
    const channel = await model.createChannel()
    // The server's reason for closing a channel also fails the call that caused it.
    channel.on('error', () => undefined)
    await state.setUp(channel, state.number)
    await channel.close()
  }
  await within(declaring(), setUpTimeoutMs, 'declaring the topology')
}

const waitUntilUp = (state: State, signal: AbortSignal): Promise<ChannelModel | null> => {
  if (isEnding(state) || signal.aborted) return Promise.resolve(null)
  if (state.isUp) return Promise.resolve(state.connection)
  return new Promise((resolve) => {
    const giveUp = () => answer(null)
    const answer: Waiter = (model) => {
      state.waiters.delete(answer)
      signal.removeEventListener('abort', giveUp)
      resolve(model)
    }
    state.waiters.add(answer)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}

const nextAddress = (state: State): URL => {
  const address = state.urls[state.next] ?? ''
  state.next = (state.next + 1) % state.urls.length
  return addressOf(state, address)
}

const addressOf = ({ heartbeatSeconds }: State, address: string): URL => {
  const url = new URL(address)
  url.searchParams.set('heartbeat', String(heartbeatSeconds))
  return url
}
