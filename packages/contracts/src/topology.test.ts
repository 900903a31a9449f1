import { describe, expect, it } from '@jest/globals'
import { MerchantId, partitionCount, partitionOf } from './ids.ts'
import {
  adapterQueue,
  deadQueue,
  exchanges,
  gatewayTopology,
  ledgerQueue,
  retryDelays,
  sharedTopology,
  type Topology,
} from './topology.ts'

const argumentsOf = ({ queues }: Topology, queue: string) =>
  queues.find(({ name }) => name === queue)?.arguments
const work = (queue: string) => ({
  'x-queue-type': 'quorum',
  'x-dead-letter-exchange': 'topup.dlx.v1',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
  'x-max-length': 100_000,
  'x-delivery-limit': 50,
})

describe('the topology', () => {
  it('names every queue once', () => {
    expect(sharedTopology.queues.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 16 }, (_, partition) => `ledger.${partition}.v1`),
      'adapter.tpaga.topup.v1',
      'adapter.tpaga.bundle.v1',
      'adapter.manual.topup.v1',
      'topup.wait.5s.v1',
      'topup.wait.30s.v1',
      'topup.wait.2m.v1',
      'topup.wait.10m.v1',
      'topup.dead.v1',
    ])
  })

  it('gives each ledger queue a single active consumer, bounds it and keeps its dead letters', () => {
    for (let partition = 0; partition < partitionCount; partition += 1) {
      const queue = ledgerQueue(partition)
      expect(argumentsOf(sharedTopology, queue)).toEqual({
        ...work(queue),
        'x-single-active-consumer': true,
      })
    }
  })

  it.each([adapterQueue('tpaga', 'topup'), adapterQueue('tpaga', 'bundle')])(
    'bounds %s alike, for any number of consumers',
    (queue) => {
      expect(argumentsOf(sharedTopology, queue)).toEqual(work(queue))
    },
  )

  it('returns a retried message to its queue after the retry queue’s delay', () => {
    for (const { name, delayMs } of retryDelays) {
      expect(argumentsOf(sharedTopology, name)).toMatchObject({
        'x-queue-type': 'quorum',
        'x-message-ttl': delayMs,
        'x-dead-letter-exchange': '',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      })
      expect(argumentsOf(sharedTopology, name)).not.toHaveProperty('x-dead-letter-routing-key')
    }
  })

  it('binds every queue that is published to, and nothing twice', () => {
    const bindings = sharedTopology.bindings.map(
      ({ queue, exchange, routingKey }) => `${exchange} ${routingKey} ${queue}`,
    )
    expect(new Set(bindings).size).toBe(bindings.length)
    for (const queue of [adapterQueue('tpaga', 'topup'), ledgerQueue(0), ledgerQueue(15)]) {
      expect(bindings).toContain(`${exchanges.command} ${queue} ${queue}`)
    }
    expect(sharedTopology.bindings.some(({ queue }) => queue === deadQueue)).toBe(true)
  })

  it('gives each gateway a queue of its own that goes with it', () => {
    const [queue] = gatewayTopology('a1').queues
    expect(queue).toMatchObject({ name: 'gw.a1.v1', durable: false, autoDelete: true })
    expect(gatewayTopology('a1').bindings).toEqual([
      { queue: 'gw.a1.v1', exchange: exchanges.event, routingKey: 'topup.settled.#' },
      { queue: 'gw.a1.v1', exchange: exchanges.event, routingKey: 'service.pulse' },
    ])
  })
})

describe('a merchant’s partition', () => {
  it('never changes: these are stored', () => {
    const partitions = ['principal', 'bogota', 'a', 'shop-1', 'shop-2'].map((id) =>
      partitionOf(MerchantId.parse(id)),
    )
    expect(partitions).toMatchInlineSnapshot(`
     [
       9,
       11,
       12,
       7,
       10,
     ]
    `)
  })

  it('spreads shops over all of them', () => {
    const seen = new Set(
      Array.from({ length: 1_000 }, (_, index) => partitionOf(MerchantId.parse(`shop-${index}`))),
    )
    expect(seen.size).toBe(partitionCount)
  })
})
