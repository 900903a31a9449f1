import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { connect } from 'amqplib'
import { exchanges, gatewayTopology, ledgerEventKey } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { connectBroker, type Broker, type BrokerSettings } from './broker.ts'
import { ackOfNothing } from './testing/frames.ts'
import { stallingProxy, type StallingProxy } from './testing/stalling-proxy.ts'
import { note, outgoing, parseNote, testSettings } from './testing/test-messages.ts'
import { testRabbit, topologyWith, type TestRabbit } from './testing/test-rabbit.ts'
import type { Verdict } from './verdict.ts'

let rabbit: TestRabbit
const open: { readonly close: () => Promise<unknown> }[] = []

beforeAll(async () => {
  rabbit = await testRabbit()
}, 60_000)
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
}, 20_000)
afterAll(() => rabbit.drop())

const connectTo = async (
  queue: string,
  more: Partial<BrokerSettings> = {},
  url = rabbit.url,
): Promise<Broker> => {
  const topology = topologyWith(queue)
  const broker = await connectBroker({ ...testSettings, urls: [url], topology, ...more })
  open.push({ close: () => broker.close(2_000) })
  return broker
}

const throughProxy = async (): Promise<StallingProxy> => {
  const proxy = await stallingProxy(rabbit.url)
  open.push(proxy)
  return proxy
}

const ack: Verdict = { verdict: 'ack' }
/** Consumes a queue. `seen` holds the ids of its messages, in the order of their arrival. */
const collect = async (broker: Broker, queue: string) => {
  const seen: string[] = []
  const handle = ({ id }: { readonly id: string }) => {
    seen.push(id)
    return Promise.resolve(ack)
  }
  const subscription = await broker.consume({ queue, prefetch: 5, parse: parseNote, handle })
  return { seen, subscription }
}
const consumingConnection = 1

test('a connection killed amid consuming loses nothing', async () => {
  const broker = await connectTo('killed', { name: 'killed' })
  const ids = Array.from({ length: 3_000 }, (_, index) => `n-${index}`)
  const seen = new Set<string>()
  let goOn: () => void = () => undefined
  const killed = new Promise<void>((resolve) => (goOn = resolve))
  const subscription = await broker.consume({
    queue: 'killed',
    prefetch: 20,
    parse: parseNote,
    handle: async ({ id }) => {
      await new Promise((resolve) => setImmediate(resolve))
      // The other half is left for the next connection.
      if (seen.size >= ids.length / 2) await killed
      seen.add(id)
      return ack
    },
  })
  const before = subscription.generation()
  const kill = await rabbit.killer('killed:consume')
  const publishing = ids.map((id) => broker.publish(outgoing('killed', note(id))))
  await until(() => seen.size > 0)
  await kill()
  expect(seen.size).toBeLessThan(ids.length)
  goOn()
  await Promise.all(publishing)
  await until(() => seen.size === ids.length)
  await until(() => broker.state().ready)
  expect(subscription.generation()).toBeGreaterThan(before)
  await broker.close(2_000)
  expect(await rabbit.count('killed')).toBe(0)
}, 30_000)

test('a member of the cluster that is gone leaves the work to the next', async () => {
  const members = [await throughProxy(), await throughProxy()]
  const broker = await connectBroker({
    ...testSettings,
    urls: members.map(({ url }) => url),
    topology: topologyWith('members'),
  })
  open.push({ close: () => broker.close(2_000) })
  for (const member of members) {
    member.cut()
    // One that is under way when the connection goes is unknown: its publisher sends it again.
    await until(async () => {
      const { kind } = await broker.publish(outgoing('members', note('n-1')))
      return kind === 'confirmed'
    })
    await until(() => broker.state().ready)
    member.flow()
  }
  expect(await rabbit.count('members')).toBeGreaterThanOrEqual(members.length)
}, 30_000)

test('a delivery of a lost connection is not acknowledged on the next', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('stale', {}, proxy.url)
  const ends: ((verdict: Verdict) => void)[] = []
  const subscription = await broker.consume({
    queue: 'stale',
    prefetch: 5,
    parse: parseNote,
    handle: () => new Promise<Verdict>((resolve) => ends.push(resolve)),
  })
  await broker.publish(outgoing('stale', note('n')))
  await until(() => ends.length === 1)
  proxy.cut()
  await until(() => !broker.state().ready)
  proxy.flow()
  await until(() => ends.length === 2)
  const present = subscription.generation()
  ends[0]?.(ack)
  // The broker answers on the same channel only after it has handled the earlier frames.
  await broker.publish(outgoing('stale', note('m')))
  await until(() => ends.length === 3)
  expect(subscription.generation()).toBe(present)
  await subscription.cancel(100)
  await until(async () => (await rabbit.count('stale')) === 2)
})

test('a channel that the broker closes is opened again, beside those that it does not', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('closed', {}, proxy.url)
  const { seen, subscription } = await collect(broker, 'closed')
  const before = subscription.generation()
  proxy.inject(consumingConnection, 'broker', ackOfNothing(1))
  await until(() => subscription.generation() > before)
  expect(await broker.publish(outgoing('closed', note('after')))).toEqual({ kind: 'confirmed' })
  await until(() => seen.includes('after'))
  await until(() => broker.state().ready)
})

test('a queue that is deleted is declared and consumed again', async () => {
  const broker = await connectTo('deleted')
  const { seen } = await collect(broker, 'deleted')
  await rabbit.channel.deleteQueue('deleted')
  await until(() => !broker.state().ready)
  await until(() => broker.state().ready)
  expect(await broker.publish(outgoing('deleted', note('after')))).toEqual({ kind: 'confirmed' })
  await until(() => seen.includes('after'))
})

test('a queue that went while the connection was lost is there again with it', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('vanished', {}, proxy.url)
  proxy.cut()
  await until(() => !broker.state().ready)
  await rabbit.channel.deleteQueue('vanished')
  proxy.flow()
  expect(await broker.publish(outgoing('vanished', note('n')))).toEqual({ kind: 'confirmed' })
})

test('the queue of one instance comes back with its connection, and after a restart', async () => {
  const proxy = await throughProxy()
  const shared = topologyWith('beside')
  const own = gatewayTopology('a')
  const queue = 'gw.a.v1'
  const topology = {
    exchanges: shared.exchanges,
    queues: [...shared.queues, ...own.queues],
    bindings: [...shared.bindings, ...own.bindings],
  }
  const broker = await connectTo(queue, { topology }, proxy.url)
  const { seen, subscription } = await collect(broker, queue)
  const hears = async (id: string) => {
    const event = { exchange: exchanges.event, routingKey: ledgerEventKey, persistent: false }
    expect(await broker.publish(outgoing(queue, note(id), event))).toEqual({ kind: 'confirmed' })
    await until(() => seen.includes(id))
  }
  await hears('first')
  proxy.cut()
  await until(() => !broker.state().ready)
  proxy.flow()
  await until(() => broker.state().ready)
  await hears('after the connection')
  await subscription.restart()
  await hears('after the restart')
})

test('an exclusive queue that a lost node keeps locked is replaced by one of another name', async () => {
  const other = await connect(rabbit.url)
  open.push({ close: () => other.close() })
  const locked = await other.createChannel()
  await locked.assertQueue('gw.b-1.v1', { exclusive: true, durable: false })
  const broker = await connectTo('gw.b.v1', { topology: gatewayTopology('b') })
  const { seen } = await collect(broker, 'gw.b.v1')
  const event = { exchange: exchanges.event, routingKey: ledgerEventKey, persistent: false }
  expect(await broker.publish(outgoing('gw.b.v1', note('n'), event))).toEqual({ kind: 'confirmed' })
  await until(() => seen.includes('n'))
})

test('a broker that is silent for two heartbeats is left for a new connection', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('silent', { heartbeatSeconds: 1 }, proxy.url)
  proxy.stall()
  await until(() => !broker.state().ready)
  proxy.flow()
  await until(() => broker.state().ready)
  expect(await broker.publish(outgoing('silent', note('n')))).toEqual({ kind: 'confirmed' })
})

test('a connection with a broken protocol is left, though its peer never closes it', async () => {
  const proxy = await throughProxy()
  // Long enough that the heartbeat does not end the connection first.
  const broker = await connectTo('broken', { heartbeatSeconds: 60 }, proxy.url)
  proxy.stall()
  const unknownChannel = 500
  proxy.inject(consumingConnection, 'client', ackOfNothing(unknownChannel))
  await until(() => !broker.state().ready)
  proxy.flow()
  await until(() => broker.state().ready)
})

test('a member that does not answer for its cluster is left for another that does', async () => {
  const members = [await throughProxy(), await throughProxy()]
  const urls = members.map(({ url }) => url)
  // Long enough that the heartbeat does not end a connection first.
  const broker = await connectTo('alone', { urls, heartbeatSeconds: 60 })
  // Both connections may be to either member.
  for (const member of members) {
    member.stall()
    const isConfirmed = async () =>
      (await broker.publish(outgoing('alone', note('n')))).kind === 'confirmed'
    await until(async () => (await isConfirmed()) && broker.state().ready)
    member.flow()
  }
}, 60_000)

test('connecting waits for the broker, and survives connections lost while they are set up', async () => {
  const proxy = await throughProxy()
  proxy.cut()
  const connecting = connectTo('late', {}, proxy.url)
  // The broker's greeting takes some 500 bytes, every answer to a declaration 12 or more.
  for (let bytes = 100; bytes < 800; bytes += 50) await proxy.cutAfter(bytes)
  proxy.flow()
  const broker = await connecting
  await until(() => broker.state().ready)
}, 20_000)
