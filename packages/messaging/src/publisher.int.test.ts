import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { exchanges } from '@recargas/contracts'
import { eventually, until } from '@recargas/runtime/testing'
import { connectBroker, type Broker, type BrokerSettings } from './broker.ts'
import { connectionBlocked, connectionUnblocked } from './testing/frames.ts'
import { stallingProxy, type StallingProxy } from './testing/stalling-proxy.ts'
import { note, outgoing, parseNote, testSettings } from './testing/test-messages.ts'
import { testRabbit, topologyWith, type TestRabbit } from './testing/test-rabbit.ts'

let rabbit: TestRabbit
const open: { readonly close: () => Promise<unknown> }[] = []

beforeAll(async () => {
  rabbit = await testRabbit()
}, 60_000)
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
}, 20_000)
afterAll(() => rabbit.drop())

/** A broker makes its publishing connection first. */
const publishingConnection = 0

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

test('a message that a queue accepted is confirmed, with its properties', async () => {
  const broker = await connectTo('confirmed')
  const message = outgoing('confirmed', note('n-1'), {
    correlationId: 'c-1',
    headers: { attempt: 2 },
  })
  expect(await broker.publish(message)).toEqual({ kind: 'confirmed' })
  const { properties, content } = await rabbit.take('confirmed')
  expect(JSON.parse(content.toString())).toEqual(note('n-1'))
  expect(properties).toMatchObject({
    messageId: 'n-1',
    correlationId: 'c-1',
    type: 'note',
    deliveryMode: 2,
    contentType: 'application/cloudevents+json',
  })
  expect(properties.headers).toMatchObject({ attempt: 2 })
  expect(broker.state()).toEqual({ ready: true, reason: null })
})

test('a message without a queue is unroutable, even beside a routable one of the same id', async () => {
  const broker = await connectTo('wanted')
  const outcomes = await Promise.all([
    broker.publish(outgoing('wanted', note('same'))),
    broker.publish(outgoing('nobody', note('same'))),
    broker.publish(outgoing('wanted', note('same'))),
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['confirmed', 'unroutable', 'confirmed'])
})

test('a full queue refuses', async () => {
  const broker = await connectTo('full', { topology: topologyWith('full', { 'x-max-length': 1 }) })
  // A replicated queue reports a little late that it is full.
  const refused = await eventually(
    () => broker.publish(outgoing('full', note('n'))),
    ({ kind }) => kind !== 'confirmed',
  )
  expect(refused.kind).toBe('refused')
})

test('one that AMQP cannot carry is refused, its neighbours are not', async () => {
  const broker = await connectTo('neighbours')
  const outcomes = await Promise.all([
    broker.publish(outgoing('neighbours', note('a'))),
    broker.publish(outgoing('neighbours', note('x'.repeat(300)))),
    broker.publish(outgoing('neighbours', note('b'), { body: Buffer.alloc(9 * 1024 * 1024) })),
    broker.publish(outgoing('neighbours', note('c'))),
  ])
  const kinds = outcomes.map(({ kind }) => kind)
  expect(kinds).toEqual(['confirmed', 'refused', 'refused', 'confirmed'])
})

test('without a confirm in time the outcome is unknown, and publishing goes on on a new channel', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('silent', { limits: { confirmTimeoutMs: 300 } }, proxy.url)
  proxy.stall()
  expect(await broker.publish(outgoing('silent', note('lost?')))).toMatchObject({ kind: 'unknown' })
  await until(() => !broker.state().ready)
  proxy.flow()
  await eventually(
    () => broker.publish(outgoing('silent', note('after'))),
    ({ kind }) => kind === 'confirmed',
  )
  expect(broker.state().ready).toBe(true)
})

test('more than may wait is refused at once', async () => {
  const proxy = await throughProxy()
  const limits = { confirmTimeoutMs: 500, unconfirmedMax: 2, waitingMax: 3 }
  const broker = await connectTo('crowded', { limits }, proxy.url)
  proxy.stall()
  const outcomes: string[] = []
  const published = ['a', 'b', 'c', 'd', 'e', 'f'].map(async (id) => {
    const { kind } = await broker.publish(outgoing('crowded', note(id)))
    outcomes.push(`${id} ${kind}`)
  })
  await Promise.all(published)
  expect(outcomes[0]).toBe('f refused')
  // Written ones may have arrived; of those that waited it is certain that they have not.
  expect(outcomes.slice(1).sort()).toEqual([
    'a unknown',
    'b unknown',
    'c refused',
    'd refused',
    'e refused',
  ])
})

test('a message published without a connection is written on the next one within its time', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('patient', {}, proxy.url)
  proxy.cut()
  await until(() => !broker.state().ready)
  const outcome = broker.publish(outgoing('patient', note('waits')))
  proxy.flow()
  expect(await outcome).toEqual({ kind: 'confirmed' })
  expect((await rabbit.take('patient')).properties.messageId).toBe('waits')
})

test('a message without a connection within its time is refused', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('gone', { limits: { confirmTimeoutMs: 200 } }, proxy.url)
  proxy.cut()
  await until(() => !broker.state().ready)
  expect(await broker.publish(outgoing('gone', note('never')))).toMatchObject({ kind: 'refused' })
})

test('a connection killed amid publishing loses nothing that was confirmed', async () => {
  const broker = await connectTo('killed', { name: 'killed' })
  const ids: string[] = []
  const kinds = new Set<string>()
  const publishUntilConfirmed = async (id: string): Promise<void> => {
    for (;;) {
      const { kind } = await broker.publish(outgoing('killed', note(id)))
      kinds.add(kind)
      if (kind === 'confirmed') return
    }
  }
  let isKilled = false
  // Each has a message under way at any time, also at the moment of the kill.
  const publishOn = async (): Promise<void> => {
    while (!isKilled) {
      const id = `n-${ids.length}`
      ids.push(id)
      await publishUntilConfirmed(id)
    }
  }
  const kill = await rabbit.killer('killed:publish')
  const publishing = Promise.all(Array.from({ length: 100 }, publishOn))
  await until(() => ids.length >= 1_000)
  await kill().finally(() => (isKilled = true))
  await publishing
  expect(kinds.has('unknown')).toBe(true)
  expect([...kinds].filter((kind) => kind !== 'confirmed' && kind !== 'unknown')).toEqual([])
  const seen = new Set<unknown>()
  while (seen.size < ids.length) seen.add((await rabbit.take('killed')).properties.messageId)
  expect(seen).toEqual(new Set(ids))
}, 60_000)

test('a blocked connection is not ready; messages published meanwhile wait unwritten', async () => {
  const proxy = await throughProxy()
  const limits = { confirmTimeoutMs: 4_000 }
  const broker = await connectTo('blocked', { limits }, proxy.url)
  proxy.inject(publishingConnection, 'client', connectionBlocked)
  await until(() => !broker.state().ready)
  expect(broker.state().reason).toBe('blocked by the broker: low')
  expect(await broker.publish(outgoing('blocked', note('late')))).toMatchObject({ kind: 'refused' })
  const waits = broker.publish(outgoing('blocked', note('waits')))
  proxy.inject(publishingConnection, 'client', connectionUnblocked)
  expect(await waits).toEqual({ kind: 'confirmed' })
  expect(broker.state().ready).toBe(true)
  expect((await rabbit.take('blocked')).properties.messageId).toBe('waits')
})

test('an exchange that is gone is declared again', async () => {
  const broker = await connectTo('exchange-gone')
  await rabbit.channel.deleteExchange(exchanges.dead)
  const publish = () => broker.publish(outgoing('q', note('n'), { exchange: exchanges.dead }))
  expect((await publish()).kind).toBe('unknown')
  expect((await publish()).kind).toBe('confirmed')
})

test('closing waits for confirms, then refuses and leaves nothing behind', async () => {
  const broker = await connectTo('drained')
  expect(brokerSockets()).toBeGreaterThan(ownSockets)
  const outcomes = Array.from({ length: 600 }, (_, index) =>
    broker.publish(outgoing('drained', note(`n-${index}`))),
  )
  await broker.close(5_000)
  const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind)
  expect(new Set(kinds)).toEqual(new Set(['confirmed']))
  expect(await rabbit.count('drained')).toBe(600)
  expect(await broker.publish(outgoing('drained', note('late')))).toMatchObject({ kind: 'refused' })
  expect(broker.state()).toEqual({ ready: false, reason: 'shutting down' })
  await until(() => brokerSockets() === ownSockets)
})

test('closing ends within its time when the broker stops answering', async () => {
  const proxy = await throughProxy()
  const broker = await connectTo('deaf', {}, proxy.url)
  await broker.consume({
    queue: 'deaf',
    prefetch: 1,
    parse: parseNote,
    handle: () => Promise.resolve({ verdict: 'ack' }),
  })
  expect(brokerSockets(proxy.url)).toBe(2)
  proxy.stall()
  const outcome = broker.publish(outgoing('deaf', note('lost?')))
  const closedAt = performance.now()
  await broker.close(500)
  expect(performance.now() - closedAt).toBeLessThan(2_000)
  expect((await outcome).kind).toBe('unknown')
  await until(() => brokerSockets(proxy.url) === 0)
})

/** The test's own connection. */
const ownSockets = 1
const brokerSockets = (url = rabbit.url): number => {
  const { _getActiveHandles: handles } = process as unknown as {
    readonly _getActiveHandles: () => readonly object[]
  }
  const port = Number(new URL(url).port)
  return handles().filter((each) => 'remotePort' in each && each.remotePort === port).length
}
