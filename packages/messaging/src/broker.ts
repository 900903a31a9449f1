import { type Topology } from '@recargas/contracts'
import type { Tracer } from '@recargas/runtime'
import { subscribe, type OwnSubscription, type Subscription } from './consumer.ts'
import { createDeliver, type Consumption, type Deliver } from './deliver.ts'
import { createKeep, type Keeping } from './keep.ts'
import { openLink, type Link, type Log } from './link.ts'
import {
  createPublisher,
  type OutgoingMessage,
  type Publisher,
  type PublisherLimits,
  type PublishOutcome,
} from './publisher.ts'
import {
  assertTopology,
  majorityQuestionOf,
  queueOfConnection,
  sharedPart,
  topologyOfConnection,
} from './topology.ts'
import { publishTraced } from './trace-headers.ts'

export type BrokerSettings = {
  /** amqp(s)://user:password@host:port/vhost of each member of the cluster; one is enough. */
  readonly urls: readonly string[]
  /** Certificate in PEM form of an amqps broker without one of a public CA. */
  readonly ca?: string | undefined
  /** Name of the process in the broker's management. */
  readonly name: string
  /** Declared on every new connection. Retries and dead letters need contracts' exchanges in it. */
  readonly topology: Topology
  readonly heartbeatSeconds: number
  readonly reconnectMsMax: number
  readonly log: Log
  readonly limits?: Partial<PublisherLimits>
  readonly tracer?: Tracer | null
}

export type BrokerState = { readonly ready: boolean; readonly reason: string | null }

export type Broker = {
  /**
   * Publishes with confirm. Waits within the confirm's time-out while there is no connection, then `refused`.
   * Never rejects.
   */
  readonly publish: (message: OutgoingMessage) => Promise<PublishOutcome>
  /** @returns once it consumes. Messages may come before. */
  readonly consume: <Message>(consumption: Consumption<Message>) => Promise<Subscription>
  /** Consumes a queue whose messages are only stored, unparsed: the dead-letter queue. */
  readonly keep: (keeping: Keeping) => Promise<Subscription>
  /** Ready: both connections up, not blocked, everything consumed that is to be. */
  readonly state: () => BrokerState
  /** Ends consumers, waits for confirms, closes. Nothing keeps the process alive afterwards. Safe to repeat. */
  readonly close: (timeoutMs: number) => Promise<void>
}

const defaultLimits: PublisherLimits = {
  confirmTimeoutMs: 10_000,
  unconfirmedMax: 512,
  waitingMax: 10_000,
}

/** Rises over all brokers of the process: no two consumer tags share a number. */
let lastNumber = 0
const nextNumber = (): number => (lastNumber += 1)

type State = {
  readonly settings: BrokerSettings
  readonly publishing: Link
  readonly consuming: Link
  readonly publisher: Publisher
  readonly subscriptions: Set<OwnSubscription>
  closing: Promise<void> | null
}

/**
 * Connects twice, so that a broker that blocks publishers still receives acknowledgements. @returns once both connections are
 * up, however long that takes.
 */
export const connectBroker = async (settings: BrokerSettings): Promise<Broker> => {
  const { urls, ca, name, topology, heartbeatSeconds, reconnectMsMax, log, tracer } = settings
  const question = majorityQuestionOf(topology)
  const common = { urls, ca, heartbeatSeconds, reconnectMsMax, question, log }
  const publishing = openLink({
    ...common,
    connectionName: `${name}:publish`,
    setUp: (channel) => assertTopology(channel, sharedPart(topology)),
    onUnblocked: () => publisher.resume(),
  })
  const limits = { ...defaultLimits, ...settings.limits }
  const publisher = createPublisher({ link: publishing, log, limits, reconnectMsMax })
  await publisher.opened()
  const consuming = openLink({
    ...common,
    connectionName: `${name}:consume`,
    setUp: (channel, connection) =>
      assertTopology(channel, topologyOfConnection(topology, connection)),
    onUnblocked: () => undefined,
  })
  await consuming.up(new AbortController().signal)
  const state: State = {
    settings,
    publishing,
    consuming,
    publisher,
    subscriptions: new Set(),
    closing: null,
  }
  return {
    publish: tracer ? publishTraced(tracer, publisher.publish) : publisher.publish,
    consume: (consumption) => consume(state, consumption),
    keep: (keeping) => subscribeTo(state, keeping, createKeep(keeping, log)),
    state: () => stateOf(state),
    close: (timeoutMs) => (state.closing ??= close(state, timeoutMs)),
  }
}

type ServiceSettings = {
  readonly AMQP_URL: readonly string[]
  readonly AMQP_CA?: string | undefined
  readonly AMQP_HEARTBEAT_SECONDS: number
  readonly AMQP_RECONNECT_MS_MAX: number
}

/** Connects a service to the broker of its settings. */
export const connectServiceBroker = (
  settings: ServiceSettings,
  service: Pick<BrokerSettings, 'name' | 'topology' | 'log' | 'tracer'>,
): Promise<Broker> =>
  connectBroker({
    ...service,
    urls: settings.AMQP_URL,
    ca: settings.AMQP_CA,
    heartbeatSeconds: settings.AMQP_HEARTBEAT_SECONDS,
    reconnectMsMax: settings.AMQP_RECONNECT_MS_MAX,
  })

const consume = <Message>(
  state: State,
  consumption: Consumption<Message>,
): Promise<Subscription> => {
  const { publisher, consuming, settings } = state
  const repair = async () => {
    const model = await consuming.up(AbortSignal.timeout(1_000))
    if (model !== null) await consuming.repair(model)
  }
  const { log, tracer = null } = settings
  const deps = { publish: publisher.publish, repair, log, tracer }
  return subscribeTo(state, consumption, createDeliver(consumption, deps))
}

const subscribeTo = async (
  state: State,
  { queue, prefetch }: { readonly queue: string; readonly prefetch: number },
  deliver: Deliver,
): Promise<Subscription> => {
  const { consuming: link, settings } = state
  const { log, reconnectMsMax } = settings
  if (state.closing !== null) throw new Error(`cannot consume ${queue}: shutting down`)
  const subscription = subscribe({
    queue,
    queueOf: (connection) => queueOfConnection(settings.topology, queue, connection),
    prefetch,
    deliver,
    link,
    log,
    reconnectMsMax,
    nextNumber,
  })
  state.subscriptions.add(subscription)
  await subscription.started()
  return subscription
}

const stateOf = (state: State): BrokerState => {
  const { publishing, consuming, publisher, subscriptions } = state
  const reason =
    (state.closing === null ? null : 'shutting down') ??
    publishing.trouble() ??
    consuming.trouble() ??
    (publisher.isOpen() ? null : 'no publishing channel') ??
    ([...subscriptions].every((each) => each.isConsuming() || each.isCancelled())
      ? null
      : 'not consuming everything')
  return { ready: reason === null, reason }
}

const close = async (state: State, timeoutMs: number): Promise<void> => {
  const endsAt = performance.now() + timeoutMs
  const leftMs = () => Math.max(100, endsAt - performance.now())
  // The drain also waits for messages that handlers still publish.
  await Promise.all([...state.subscriptions].map((each) => each.cancel(timeoutMs / 2)))
  await state.publisher.drain(leftMs())
  await Promise.all([state.publishing.close(leftMs()), state.consuming.close(leftMs())])
}
