import type { z } from 'zod'
import { CarrierJob, CarrierMismatchMessage, CarrierVerdictMessage } from '../carrier.ts'
import { Command } from '../operations/commands.ts'
import { eventSchemas, ServiceHeartbeat } from '../operations/events.ts'
import {
  exchanges,
  floatLowKey,
  ledgerEventKey,
  ledgerQueue,
  heartbeatKey,
  sharedTopology,
} from '../topology.ts'
import { WakeMessage } from '../wake.ts'

export type MessageSchema = z.ZodObject<{ type: z.ZodLiteral<string>; data: z.ZodObject }>

/** The one way that some messages travel. */
export type Way = {
  readonly title: string
  readonly publisher: string
  readonly exchange: string
  readonly routingKey: string
  readonly reader: string
  readonly isPersistent: boolean
  readonly schemas: readonly MessageSchema[]
}

const partitionQueue = `\`${ledgerQueue(0).replace('0', '<p>')}\``
const carrierQueues = sharedTopology.queues.flatMap(({ name }) =>
  name.startsWith('adapter.') ? [`\`${name}\``] : [],
)
const toLedger = {
  exchange: exchanges.command,
  routingKey: partitionQueue,
  reader: `the ledger that owns the partition, from ${partitionQueue}`,
  isPersistent: true,
}
const toGateways = {
  exchange: exchanges.event,
  reader: 'every gateway, from a queue of its own (`gw.<instance>-<connection>.v1`)',
  isPersistent: false,
}

/** Every message of the system, by the way it travels. */
export const ways: readonly Way[] = [
  { title: 'Commands', publisher: 'api-gateway', ...toLedger, schemas: Command.options },
  {
    title: 'Jobs of a carrier',
    publisher: 'ledger',
    exchange: exchanges.command,
    routingKey: carrierQueues.join(' or '),
    reader: 'any carrier-adapter, from the queue of that name',
    isPersistent: true,
    schemas: CarrierJob.options,
  },
  {
    title: 'Verdicts',
    publisher: 'carrier-adapter',
    ...toLedger,
    schemas: [CarrierVerdictMessage],
  },
  {
    title: 'Messages of a ledger to the owner of a partition',
    publisher: 'ledger',
    ...toLedger,
    schemas: [CarrierMismatchMessage, WakeMessage],
  },
  {
    title: 'Events',
    publisher: 'ledger',
    ...toGateways,
    routingKey: `\`${ledgerEventKey}\``,
    schemas: [
      eventSchemas.TopupSettled,
      eventSchemas.FundsRefused,
      eventSchemas.OperationApplied,
      eventSchemas.OperationRefused,
    ],
  },
  {
    title: 'Heartbeats',
    publisher: 'every instance of every service, once a second',
    ...toGateways,
    routingKey: `\`${heartbeatKey}\``,
    schemas: [ServiceHeartbeat],
  },
  {
    title: 'Events for other systems',
    publisher: 'ledger',
    exchange: exchanges.event,
    routingKey: `\`${floatLowKey}\``,
    reader: 'queues that a shop binds itself; none is bound here',
    isPersistent: true,
    schemas: [eventSchemas.FloatLow],
  },
]
