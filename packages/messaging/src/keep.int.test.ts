import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { deadQueue, exchanges } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { connectBroker, type Broker } from './broker.ts'
import type { WholeMessage } from './keep.ts'
import { note, outgoing, testSettings } from './testing/test-messages.ts'
import { testRabbit, topologyWith, type TestRabbit } from './testing/test-rabbit.ts'

let rabbit: TestRabbit
let broker: Broker

beforeAll(async () => {
  rabbit = await testRabbit()
  broker = await connectBroker({
    ...testSettings,
    urls: [rabbit.url],
    topology: topologyWith('kept'),
  })
}, 60_000)
afterEach(() => rabbit.channel.purgeQueue(deadQueue))
afterAll(async () => {
  await broker.close(2_000)
  await rabbit.drop()
}, 20_000)

const toDead = (body: Buffer) =>
  broker.publish({
    ...outgoing('kept', note('n-1')),
    exchange: exchanges.dead,
    body,
    headers: { 'origin-queue': 'kept', 'last-error-code': 'INVALID' },
  })

test('an unreadable message is stored unchanged, with its headers', async () => {
  const kept: WholeMessage[] = []
  const subscription = await broker.keep({
    queue: deadQueue,
    prefetch: 10,
    keep: (message) => Promise.resolve(void kept.push(message)),
  })
  const body = Buffer.concat([Buffer.from('{"id":'), Buffer.from([0xff, 0x00])])
  await toDead(body)
  await until(() => kept.length === 1)
  expect(kept[0]).toMatchObject({ messageId: 'n-1', type: 'note' })
  expect(kept[0]?.body.equals(body)).toBe(true)
  expect(kept[0]?.headers).toMatchObject({ 'origin-queue': 'kept', 'last-error-code': 'INVALID' })
  await subscription.cancel()
  expect(await rabbit.count(deadQueue)).toBe(0)
})

test('a message is not acknowledged before it is kept, and tried until it is', async () => {
  let tries = 0
  let isDown = true
  const subscription = await broker.keep({
    queue: deadQueue,
    prefetch: 10,
    keep: () => {
      tries += 1
      return isDown ? Promise.reject(new Error('no database')) : Promise.resolve()
    },
  })
  await toDead(Buffer.from('{}'))
  await until(() => tries > 1)
  await subscription.cancel(100)
  await until(async () => (await rabbit.count(deadQueue)) === 1)

  isDown = false
  const before = tries
  const again = await broker.keep({ queue: deadQueue, prefetch: 10, keep: () => Promise.resolve() })
  await again.cancel()
  await until(async () => (await rabbit.count(deadQueue)) === 0)
  expect(tries).toBe(before)
})
