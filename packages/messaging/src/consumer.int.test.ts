import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { deadQueue } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { connectBroker, type Broker } from './broker.ts'
import type { Consumption } from './deliver.ts'
import { note, outgoing, parseNote, testSettings, type Note } from './testing/test-messages.ts'
import { testRabbit, topologyWith, type TestRabbit } from './testing/test-rabbit.ts'
import type { Delivery, Verdict } from './verdict.ts'

let rabbit: TestRabbit
const open: Broker[] = []

beforeAll(async () => {
  rabbit = await testRabbit()
}, 60_000)
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close(2_000)
  await rabbit.channel.deleteQueue(deadQueue)
}, 20_000)
afterAll(() => rabbit.drop())

const connectTo = async (queue: string): Promise<Broker> => {
  const broker = await connectBroker({
    ...testSettings,
    urls: [rabbit.url],
    topology: topologyWith(queue),
  })
  open.push(broker)
  return broker
}

type Seen = { readonly id: string; readonly delivery: Delivery }

const recording = (
  queue: string,
  verdictOf: (id: string, delivery: Delivery) => Verdict | Promise<Verdict>,
): Consumption<Note> & { readonly seen: Seen[] } => {
  const seen: Seen[] = []
  return {
    queue,
    prefetch: 50,
    parse: parseNote,
    handle: async ({ id }, delivery) => {
      seen.push({ id, delivery })
      return verdictOf(id, delivery)
    },
    seen,
  }
}

const ack: Verdict = { verdict: 'ack' }

/** A promise with its resolver. */
const held = () => {
  let release: (verdict: Verdict) => void = () => undefined
  const verdict = new Promise<Verdict>((resolve) => {
    release = resolve
  })
  return { verdict, release: (given: Verdict) => release(given) }
}

test('messages are handled in order and acknowledged', async () => {
  const broker = await connectTo('orderly')
  const ids = Array.from({ length: 100 }, (_, index) => `n-${index}`)
  await Promise.all(ids.map((id) => broker.publish(outgoing('orderly', note(id)))))
  const consumption = recording('orderly', () => ack)
  const subscription = await broker.consume(consumption)
  await until(() => consumption.seen.length === ids.length)
  expect(consumption.seen.map(({ id }) => id)).toEqual(ids)
  expect(consumption.seen[0]?.delivery).toEqual({
    subscription: subscription.generation(),
    redelivered: false,
    deliveryCount: 0,
    attempt: 1,
    messageId: 'n-0',
    queue: 'orderly',
  })
  await broker.close(2_000)
  expect(await rabbit.count('orderly')).toBe(0)
})

test('only unacknowledged deliveries are redelivered, in whatever order the handlers end', async () => {
  const broker = await connectTo('gaps')
  const slow = held()
  const first = recording('gaps', (id) => (id === 'n-1' ? slow.verdict : ack))
  const subscription = await broker.consume(first)
  for (const id of ['n-0', 'n-1', 'n-2', 'n-3']) await broker.publish(outgoing('gaps', note(id)))
  await until(() => first.seen.length === 4)
  const before = subscription.generation()
  // By the time the broker has answered this, the acknowledgements have left.
  await broker.publish(outgoing('nobody', note('fence')))
  await subscription.restart()
  await until(() => first.seen.length === 5)
  const again = first.seen[4]
  expect(again?.id).toBe('n-1')
  expect(again?.delivery).toMatchObject({ redelivered: true, deliveryCount: 1 })
  expect(again?.delivery.subscription).toBe(subscription.generation())
  expect(subscription.generation()).toBeGreaterThan(before)
  slow.release(ack)
})

test('dead-letters unreadable and invalid messages with their cause', async () => {
  const broker = await connectTo('garbage')
  const consumption = recording('garbage', () => ack)
  await broker.consume(consumption)
  await broker.publish(outgoing('garbage', note('g-1'), { body: Buffer.from('{oops') }))
  const unreadable = await rabbit.take(deadQueue)
  expect(unreadable.content.toString()).toBe('{oops')
  expect(unreadable.properties.messageId).toBe('g-1')
  expect(unreadable.properties.headers).toMatchObject({
    'origin-queue': 'garbage',
    'last-error-code': 'UNREADABLE',
    'last-error-detail': expect.stringContaining('JSON'),
    'first-failure-at': expect.stringMatching(/^\d{4}-.*Z$/),
    attempt: 1,
  })
  await broker.publish(outgoing('garbage', [{ no: 'id' }, note('fine')]))
  const invalid = await rabbit.take(deadQueue)
  expect(JSON.parse(invalid.content.toString())).toEqual({ no: 'id' })
  expect(invalid.properties.headers).toMatchObject({
    'last-error-code': 'INVALID',
    'last-error-detail': 'a note has an id',
  })
  expect(consumption.seen.map(({ id }) => id)).toEqual(['fine'])
  await broker.close(2_000)
  expect([await rabbit.count('garbage'), await rabbit.count(deadQueue)]).toEqual([0, 0])
})

test('each envelope of an array has its own end', async () => {
  const broker = await connectTo('array')
  const consumption = recording('array', (id) =>
    id === 'b' ? { verdict: 'dead-letter', code: 'BAD', detail: 'b is bad' } : ack,
  )
  await broker.consume(consumption)
  await broker.publish(outgoing('array', [note('a'), note('b'), note('c')]))
  const dead = await rabbit.take(deadQueue)
  expect(JSON.parse(dead.content.toString())).toEqual(note('b'))
  expect(dead.properties).toMatchObject({ messageId: 'b', type: 'note' })
  expect(dead.properties.headers).toMatchObject({ 'last-error-code': 'BAD' })
  expect(consumption.seen.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  await broker.close(2_000)
  expect([await rabbit.count('array'), await rabbit.count(deadQueue)]).toEqual([0, 0])
})

test('a retry comes back by itself after its delay, and so does one whose handler threw', async () => {
  const broker = await connectTo('retried')
  const consumption = recording('retried', (id, { attempt }) => {
    if (attempt > 1 || id === 'fine') return ack
    if (id === 'throws') throw new Error('broken')
    return { verdict: 'retry', afterMs: 3_000 }
  })
  await broker.consume(consumption)
  const publishedAt = performance.now()
  await broker.publish(
    outgoing('retried', [note('fine'), note('throws'), note('asks')], { headers: { sig: 's' } }),
  )
  await until(() => consumption.seen.length === 5)
  expect(performance.now() - publishedAt).toBeGreaterThan(4_900)
  const again = consumption.seen.slice(3)
  expect(again.map(({ id }) => id).sort()).toEqual(['asks', 'throws'])
  expect(again.map(({ delivery }) => delivery.attempt)).toEqual([2, 2])
  await broker.close(2_000)
  expect(await rabbit.count('retried')).toBe(0)
}, 20_000)

test('after eight attempts the ladder ends in the dead letters', async () => {
  const broker = await connectTo('exhausted')
  await broker.consume(
    recording('exhausted', (id) => {
      if (id === 'throws') throw new Error('broken')
      return { verdict: 'retry', afterMs: 3_000 }
    }),
  )
  const headers = { attempt: 8, 'first-failure-at': '2026-01-01T00:00:00.000Z' }
  await broker.publish(outgoing('exhausted', note('asks'), { headers }))
  expect((await rabbit.take(deadQueue)).properties.headers).toMatchObject({
    ...headers,
    'last-error-code': 'RETRIES_EXHAUSTED',
  })
  await broker.publish(outgoing('exhausted', note('throws'), { headers }))
  expect((await rabbit.take(deadQueue)).properties.headers).toMatchObject({
    ...headers,
    'last-error-code': 'HANDLER_FAILED',
    'last-error-detail': 'Error: broken',
  })
})

test('an array that keeps coming back is taken apart, so that a poisonous envelope is alone', async () => {
  const broker = await connectTo('apart')
  const consumption = recording('apart', () => ({ verdict: 'leave' }))
  const subscription = await broker.consume(consumption)
  await broker.publish(outgoing('apart', [note('a'), note('b')], { messageId: 'both' }))
  await until(() => consumption.seen.length === 2)
  await subscription.restart()
  await until(() => consumption.seen.length === 4)
  await subscription.restart()
  await until(() => consumption.seen.length === 6)
  const apart = consumption.seen.slice(4)
  expect(apart.map(({ delivery }) => delivery.messageId)).toEqual(['a', 'b'])
  // New messages: not a redelivery of the array.
  expect(apart.map(({ delivery }) => delivery.redelivered)).toEqual([false, false])
})

test('cancelling waits for the deliveries in hand, acknowledges them and consumes nothing more', async () => {
  const broker = await connectTo('cancelled')
  const slow = held()
  const consumption = recording('cancelled', () => slow.verdict)
  const subscription = await broker.consume(consumption)
  await broker.publish(outgoing('cancelled', note('in-hand')))
  await until(() => consumption.seen.length === 1)
  const cancelled = subscription.cancel()
  slow.release(ack)
  await cancelled
  await broker.publish(outgoing('cancelled', note('next')))
  expect(consumption.seen.length).toBe(1)
  expect((await rabbit.take('cancelled')).properties.messageId).toBe('next')
  expect(await rabbit.count('cancelled')).toBe(0)
  expect(broker.state().ready).toBe(true)
})

test('a handler that does not end keeps neither cancel nor its message', async () => {
  const broker = await connectTo('endless')
  const consumption = recording('endless', () => held().verdict)
  const subscription = await broker.consume(consumption)
  await broker.publish(outgoing('endless', note('stuck')))
  await until(() => consumption.seen.length === 1)
  await subscription.cancel(200)
  expect((await rabbit.take('endless')).properties.messageId).toBe('stuck')
})

test('a restart while restarting joins it', async () => {
  const broker = await connectTo('twice')
  const subscription = await broker.consume(recording('twice', () => ack))
  const before = subscription.generation()
  await Promise.all([subscription.restart(), subscription.restart(), subscription.restart()])
  expect(subscription.generation()).toBe(before + 1)
})

test('handing over ends the deliveries in hand and leaves the rest, in order, to the next consumer', async () => {
  const queue = 'handed-over'
  const topology = topologyWith(queue, { 'x-single-active-consumer': true })
  const [one, two] = await Promise.all(
    [0, 1].map(async () => {
      const broker = await connectBroker({ ...testSettings, urls: [rabbit.url], topology })
      open.push(broker)
      return broker
    }),
  )
  if (one === undefined || two === undefined) throw new Error('no brokers')
  const slow = held()
  const first = { ...recording(queue, () => slow.verdict), prefetch: 2 }
  const second = recording(queue, () => ack)
  const subscription = await one.consume(first)
  await two.consume(second)
  for (const id of ['n-0', 'n-1', 'n-2', 'n-3']) await one.publish(outgoing(queue, note(id)))
  await until(() => first.seen.length === 2)
  const before = subscription.generation()
  const handedOver = subscription.handOver()
  slow.release(ack)
  await handedOver
  await until(() => second.seen.length === 2)
  expect(second.seen.map(({ id }) => id)).toEqual(['n-2', 'n-3'])
  expect(subscription.generation()).toBeGreaterThan(before)

  // The second consumer stands at the end of the line, and gets nothing while the first is there.
  await one.publish(outgoing(queue, note('n-4')))
  await until(() => second.seen.length === 3)
  expect(first.seen).toHaveLength(2)
})

test('a handler that does not end keeps a hand-over only up to its limit', async () => {
  const broker = await connectTo('never-ends')
  const consumption = recording('never-ends', () => held().verdict)
  const subscription = await broker.consume(consumption)
  await broker.publish(outgoing('never-ends', note('stuck')))
  await until(() => consumption.seen.length === 1)
  await subscription.handOver(200)
  await until(() => consumption.seen.length === 2)
  expect(consumption.seen[1]?.delivery.redelivered).toBe(true)
})
