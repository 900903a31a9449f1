import { createBatcher } from '@recargas/runtime'
import type { InboundOperation } from '../../log/inbound-operation.ts'
import type { createRelay } from '../../log/relay.ts'
import type { Workload } from '../workload.ts'
import { costs, waits } from './costs.ts'
import type { Ledger } from './ledger-instance.ts'
import type { World } from './world.ts'

type SaleUnderWay = {
  readonly gateway: number
  readonly sold: () => void
  readonly toAdapter: () => void
}

/** Publishes to the ledger's queues: envelopes of one publisher and partition that wait for a confirm travel together. */
const createPublisher = (world: World, ledgerOf: (partition: number) => Ledger) => {
  const { machineOf, publish } = world
  const deliver = async (
    publisher: string,
    partition: number,
    inbounds: readonly InboundOperation[],
  ) => {
    const ledger = ledgerOf(partition)
    const [kind, at = '0'] = publisher.split(' ')
    const { perMessage } = kind === 'gateway' ? costs.gateway : costs.adapter
    await machineOf(Number(at)).use(publisher, perMessage)
    await publish(inbounds.length, 1)
    await ledger.machine.use(ledger.name, costs.ledger.perMessage)
    for (const inbound of inbounds) void ledger.own(partition).enqueue(inbound, 1)
  }
  const batchers = new Map<string, (inbound: InboundOperation) => void>()
  return (publisher: string, partition: number) => {
    const key = `${publisher}/${partition}`
    const known = batchers.get(key)
    if (known !== undefined) return known
    const { add } = createBatcher<InboundOperation, true>({
      write: async (inbounds) => {
        await deliver(publisher, partition, inbounds)
        return inbounds.map(() => true as const)
      },
      cut: (waitingInbounds) => Math.min(256, waitingInbounds.length),
      underWayMax: 4,
    })
    const enqueue = (inbound: InboundOperation) => void add(inbound)
    batchers.set(key, enqueue)
    return enqueue
  }
}

/** The way of a sale around the ledger: gateway, broker, adapter and carrier. */
export const createSales = (world: World, ledgerOf: (partition: number) => Ledger) => {
  const { time, gateways, machineOf, publish, random } = world
  const waiting = new Map<string, SaleUnderWay>()
  const allGateways = Array.from({ length: gateways }, (_, gateway) => gateway)
  const latencies: number[] = []
  const toLedger = createPublisher(world, ledgerOf)
  const sell = async (workload: Workload, partition: number): Promise<void> => {
    const startedAt = time.now()
    const at = Math.floor(random() * gateways)
    const machine = machineOf(at)
    await machine.use(`gateway ${at}`, costs.gateway.perSale / 2)
    const { request, verdict } = workload.sale(time.now())
    await new Promise<void>((sold) => {
      const toAdapter = () => void throughAdapter(world, () => verdict, toLedger, partition)
      waiting.set(request.correlationId, { gateway: at, sold, toAdapter })
      toLedger(`gateway ${at}`, partition)(request)
    })
    await machine.use(`gateway ${at}`, costs.gateway.perSale / 2)
    latencies.push(time.now() - startedAt)
  }
  const send: Parameters<typeof createRelay>[0]['publish'] = async ({ routingKey, body }) => {
    const text = body.toString()
    const envelopes = [JSON.parse(text) as unknown].flat() as readonly {
      readonly correlationid: string
      readonly type: string
    }[]
    const isForGateways = routingKey.startsWith('topup.settled')
    const asked = envelopes.flatMap(
      ({ correlationid }) => waiting.get(correlationid)?.gateway ?? [],
    )
    const hearers = world.heard === 'by all' ? allGateways : [...new Set(asked)]
    await publish(envelopes.length, isForGateways ? hearers.length : 1)
    if (!isForGateways) {
      for (const { correlationid } of envelopes) waiting.get(correlationid)?.toAdapter()
      return { kind: 'confirmed' }
    }
    const { perEvent, perEnvelope } = costs.gateway
    const ms = perEvent + perEnvelope * envelopes.length
    for (const gateway of hearers) void machineOf(gateway).use(`gateway ${gateway}`, ms)
    for (const { correlationid, type } of envelopes) {
      if (type !== 'TopupSettled.v1') continue
      const sale = waiting.get(correlationid)
      waiting.delete(correlationid)
      sale?.sold()
    }
    return { kind: 'confirmed' }
  }
  return { sell, send, waits: latencies }
}

const throughAdapter = async (
  { machineOf, machines, random, time, counts, shardOf }: World,
  verdict: () => InboundOperation,
  toLedger: (publisher: string, partition: number) => (inbound: InboundOperation) => void,
  partition: number,
): Promise<void> => {
  const at = Math.floor(random() * machines)
  const machine = machineOf(at)
  await machine.use(`adapter ${at}`, costs.adapter.perSale)
  await shardOf(partition).use('mongod', costs.mongod.perSale)
  counts.documents += 2
  await time.pause(waits.flush)
  await machine.use('carrier', costs.carrier.perSale)
  await time.pause(waits.carrier)
  toLedger(`adapter ${at}`, partition)(verdict())
}
