import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { gatewayTopology, sharedTopology, type Topology } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { connectBroker, type Broker } from './broker.ts'
import { testSettings } from './testing/test-messages.ts'
import { testRabbit, type TestRabbit } from './testing/test-rabbit.ts'
import { topologyOfConnection } from './topology.ts'

const gateway = gatewayTopology('one')
const all: Topology = {
  exchanges: sharedTopology.exchanges,
  queues: [...sharedTopology.queues, ...gateway.queues],
  bindings: [...sharedTopology.bindings, ...gateway.bindings],
}
const whole = topologyOfConnection(all, 1)

let rabbit: TestRabbit
const brokers: Broker[] = []

beforeAll(async () => {
  rabbit = await testRabbit()
  const { url } = rabbit
  brokers.push(await connectBroker({ ...testSettings, urls: [url], topology: all }))
  // Another service declares the shared topology again, which must change nothing.
  brokers.push(await connectBroker({ ...testSettings, urls: [url], topology: sharedTopology }))
}, 60_000)
afterAll(async () => {
  await Promise.all(brokers.map((broker) => broker.close(2_000)))
  await rabbit.drop()
}, 30_000)

const byName = <Named extends { readonly name: string }>(all: readonly Named[]): Named[] =>
  [...all].sort((a, b) => a.name.localeCompare(b.name))

test('every queue is as the contracts declare it, argument by argument', async () => {
  const listed = (await rabbit.manage('GET', '/queues/:vhost')) as readonly {
    readonly name: string
    readonly durable: boolean
    readonly exclusive: boolean
    readonly auto_delete: boolean
    readonly arguments: unknown
  }[]
  const found = listed.map((queue) => ({
    name: queue.name,
    durable: queue.durable,
    exclusive: queue.exclusive,
    autoDelete: queue.auto_delete,
    arguments: queue.arguments,
  }))
  expect(byName(found)).toEqual(byName(whole.queues))
})

test('every exchange is durable and of its type', async () => {
  const listed = (await rabbit.manage('GET', '/exchanges/:vhost')) as readonly {
    readonly name: string
    readonly type: string
    readonly durable: boolean
    readonly auto_delete: boolean
    readonly arguments: unknown
  }[]
  const ours = listed.filter(({ name }) => name.startsWith('topup.'))
  expect(byName(ours)).toMatchObject(
    byName(whole.exchanges).map(({ name, type }) => ({
      name,
      type,
      durable: true,
      auto_delete: false,
      // An alternate exchange would hide unroutable messages.
      arguments: {},
    })),
  )
})

test('every binding is there, and no other', async () => {
  const listed = (await rabbit.manage('GET', '/bindings/:vhost')) as readonly {
    readonly source: string
    readonly destination: string
    readonly routing_key: string
  }[]
  const found = listed
    .filter(({ source }) => source !== '')
    .map(({ source, destination, routing_key: key }) => `${source} -${key}-> ${destination}`)
  const wanted = whole.bindings.map(
    ({ exchange, routingKey, queue }) => `${exchange} -${routingKey}-> ${queue}`,
  )
  expect(found.sort()).toEqual(wanted.sort())
})

test('both services are ready and distinguished by name', async () => {
  expect(brokers.map((broker) => broker.state().ready)).toEqual([true, true])
  const namesOf = async () => {
    const listed = (await rabbit.manage('GET', '/vhosts/:vhost/connections')) as readonly {
      readonly user_provided_name?: string
    }[]
    const names = listed.map(({ user_provided_name: name }) => name ?? '').filter(Boolean)
    return names.sort().join(' ')
  }
  // The management lists connections a little late.
  await until(
    async () => (await namesOf()) === 'test:consume test:consume test:publish test:publish',
  )
}, 20_000)
