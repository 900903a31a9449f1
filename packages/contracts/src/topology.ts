import { carrierNames, carriers, type CarrierName, type SaleKind } from './carriers.ts'
import { partitions } from './ids.ts'

/** Queue arguments that mean the same on RabbitMQ 3.10 and 4.x; arguments are immutable, hence the `.v1` names. */
export type QueueArguments = Readonly<Record<string, string | number | boolean>>
export type Exchange = {
  readonly name: string
  readonly type: 'direct' | 'topic' | 'fanout'
}
export type Queue = {
  readonly name: string
  readonly arguments: QueueArguments
  readonly durable: boolean
  readonly exclusive: boolean
  readonly autoDelete: boolean
}
export type Binding = {
  readonly queue: string
  readonly exchange: string
  readonly routingKey: string
}
export type Topology = {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
}

export const exchanges = {
  command: 'topup.cmd.v1',
  event: 'topup.evt.v1',
  dead: 'topup.dlx.v1',
} as const

export const deadQueue = 'topup.dead.v1'

/** Steps of the short ladder for broken infrastructure; a carrier's schedule lives in a database instead. */
export const retryDelays = [
  { name: 'topup.wait.5s.v1', delayMs: 5_000 },
  { name: 'topup.wait.30s.v1', delayMs: 30_000 },
  { name: 'topup.wait.2m.v1', delayMs: 120_000 },
  { name: 'topup.wait.10m.v1', delayMs: 600_000 },
] as const

const deliveryLimit = 50
const waitingMessagesMax = 100_000

/** A work queue: replicated, bounded by refusing publishers, dead letters kept at least once. */
export const workArguments = (queue: string): QueueArguments => ({
  'x-queue-type': 'quorum',
  'x-dead-letter-exchange': exchanges.dead,
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
  'x-max-length': waitingMessagesMax,
  'x-delivery-limit': deliveryLimit,
})

const durable = { durable: true, exclusive: false, autoDelete: false } as const

export const ledgerQueue = (partition: number): string => `ledger.${partition}.v1`
/** A queue for each kind of each carrier, so that a slow carrier, or slow purchases of bundles, hold up nothing else. */
export const adapterQueue = (carrier: CarrierName, kind: SaleKind): string =>
  `adapter.${carrier}.${kind}.v1`
const adapterQueues = carrierNames.flatMap((carrier) =>
  carriers[carrier].sells.map((kind) => adapterQueue(carrier, kind)),
)

const joined = (...parts: readonly Topology[]): Topology => ({
  exchanges: parts.flatMap((part) => part.exchanges),
  queues: parts.flatMap((part) => part.queues),
  bindings: parts.flatMap((part) => part.bindings),
})

/** Exchanges that every service publishes to; each declares them, so that none depends on another's start. */
const meetingPoints: Topology = {
  exchanges: [
    { name: exchanges.command, type: 'direct' },
    { name: exchanges.event, type: 'topic' },
    { name: exchanges.dead, type: 'fanout' },
  ],
  queues: [],
  bindings: [],
}

/** The retry ladder and the dead-letter queue. */
const failedMessages: Topology = {
  exchanges: retryDelays.map(({ name }) => ({ name, type: 'fanout' as const })),
  queues: [
    ...retryDelays.map(({ name, delayMs }) => ({
      name,
      arguments: {
        'x-queue-type': 'quorum',
        'x-message-ttl': delayMs,
        // The default exchange, and no routing key of its own: the message's key is the queue it goes back to.
        'x-dead-letter-exchange': '',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
        'x-delivery-limit': deliveryLimit,
      },
      ...durable,
    })),
    // A huge limit: 4.x would drop a dead letter after 20 looks at it.
    {
      name: deadQueue,
      arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 },
      ...durable,
    },
  ],
  bindings: [
    ...retryDelays.map(({ name }) => ({ queue: name, exchange: name, routingKey: '' })),
    { queue: deadQueue, exchange: exchanges.dead, routingKey: '' },
  ],
}

const commandQueues = (
  names: readonly string[],
  further: Readonly<Record<string, boolean>>,
): Topology => ({
  exchanges: [],
  queues: names.map((name) => ({
    name,
    arguments: { ...workArguments(name), ...further },
    ...durable,
  })),
  bindings: names.map((queue) => ({ queue, exchange: exchanges.command, routingKey: queue })),
})

const ledgerQueues = commandQueues(partitions.map(ledgerQueue), {
  'x-single-active-consumer': true,
})
const workOfAdapter = commandQueues(adapterQueues, {})

/**
 * Each service's declarations: its own queues, and the exchanges that it publishes to. It may not touch another's
 * (broker-rights.ts).
 */
export const ledgerTopology = joined(meetingPoints, ledgerQueues, failedMessages)
export const adapterTopology = joined(meetingPoints, workOfAdapter, failedMessages)

/** The topology that outlives a process. */
export const sharedTopology = joined(meetingPoints, ledgerQueues, workOfAdapter, failedMessages)

/** Routing key of the ledger's events to the gateways. */
export const ledgerEventKey = 'topup.settled'
/** Routing key of floats that became low: no service consumes them, a shop binds a queue of its own. */
export const floatLowKey = 'float.low'
/** Routing key of the services' heartbeats, from which gateways derive the services' health. */
export const heartbeatKey = 'service.pulse'

/** The queue of one gateway instance: it dies with the instance, the ledger is the truth. */
export const gatewayTopology = (instance: string): Topology => ({
  exchanges: meetingPoints.exchanges,
  queues: [
    {
      name: `gw.${instance}.v1`,
      arguments: { 'x-queue-type': 'classic', 'x-max-length': 10_000, 'x-overflow': 'drop-head' },
      durable: false,
      exclusive: true,
      autoDelete: true,
    },
  ],
  bindings: [
    {
      queue: `gw.${instance}.v1`,
      exchange: exchanges.event,
      routingKey: `${ledgerEventKey}.#`,
    },
    { queue: `gw.${instance}.v1`, exchange: exchanges.event, routingKey: heartbeatKey },
  ],
})
