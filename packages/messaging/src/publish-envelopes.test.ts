import { expect, test } from '@jest/globals'
import { envelopeBytesMax, envelopesPerMessageMax, MerchantId } from '@recargas/contracts'
import {
  createLedgerPublisher,
  messagesOf,
  publishEnvelopes,
  type SerializedEnvelope,
} from './publish-envelopes.ts'
import type { OutgoingMessage, PublishOutcome } from './publisher.ts'

const confirmed: PublishOutcome = { kind: 'confirmed' }
const shop = MerchantId.parse('shop')
const anEnvelope = (id: string, body = JSON.stringify(id)): SerializedEnvelope => ({
  id,
  type: 'Note.v1',
  correlationId: `of-${id}`,
  body,
})
const bodiesOf = (envelopes: readonly SerializedEnvelope[]) =>
  messagesOf(envelopes).map(({ body }) => body)

/** A broker whose outcomes the test supplies, in the order of its calls. */
const heldBroker = () => {
  const bodies: string[] = []
  const ends: ((outcome: PublishOutcome) => void)[] = []
  return {
    bodies,
    broker: {
      publish: ({ body }: OutgoingMessage) =>
        new Promise<PublishOutcome>((resolve) => {
          bodies.push(body.toString())
          ends.push(resolve)
        }),
    },
    end: (outcome: PublishOutcome) => ends.shift()?.(outcome),
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('one envelope travels as it is, several as an array', () => {
  expect(messagesOf([])).toEqual([])
  expect(messagesOf([anEnvelope('a')])).toMatchObject([anEnvelope('a')])
  expect(messagesOf([anEnvelope('a'), anEnvelope('b')])).toMatchObject([
    { id: 'a', type: 'batch', correlationId: 'of-a', body: '["a","b"]' },
  ])
})

test('no message is longer than allowed, and the order stays', () => {
  const third = 'x'.repeat(envelopeBytesMax / 3)
  const ids = ['1', '2', '3', '4', '5']
  const bodies = bodiesOf(ids.map((id) => anEnvelope(id, JSON.stringify(`${id}${third}`))))
  expect(bodies).toHaveLength(3)
  expect(bodies.join('').match(/[1-5]/g)).toEqual(ids)
  expect(Math.max(...bodies.map((body) => body.length))).toBeLessThanOrEqual(envelopeBytesMax)
})

test('a message holds a stated number of envelopes', () => {
  const bodies = bodiesOf(Array.from({ length: envelopesPerMessageMax + 1 }, () => anEnvelope('a')))
  expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([
    Array.from({ length: envelopesPerMessageMax }, () => 'a'),
    'a',
  ])
})

test('an envelope that is too long alone still leaves, alone', () => {
  const long = anEnvelope('b', JSON.stringify('x'.repeat(envelopeBytesMax)))
  expect(bodiesOf([anEnvelope('a'), long, anEnvelope('c')])).toEqual(['"a"', long.body, '"c"'])
})

test('the worst outcome of several messages is the outcome of all', async () => {
  const outcomes: PublishOutcome[] = [{ kind: 'unroutable' }, { kind: 'unknown' }, confirmed]
  const broker = { publish: () => Promise.resolve(outcomes.shift() ?? confirmed) }
  const long = ['a', 'b', 'c'].map((id) => anEnvelope(id, 'x'.repeat(envelopeBytesMax)))
  const to = { exchange: 'e', routingKey: 'k' }
  expect(await publishEnvelopes(broker, to, long)).toEqual({ kind: 'unknown' })
  expect(await publishEnvelopes(broker, to, [])).toEqual(confirmed)
})

test("envelopes of one partition that wait for each other's confirm travel together", async () => {
  const { broker, bodies, end } = heldBroker()
  const publish = createLedgerPublisher(broker, { waitingMax: 9 })
  const outcomes = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => publish(shop, anEnvelope(id)))
  expect(bodies).toEqual(['"a"', '"b"', '"c"', '"d"'])
  end({ kind: 'refused' })
  expect(await outcomes[0]).toEqual({ kind: 'refused' })
  expect(bodies[4]).toBe('["e","f"]')
  for (const _ of bodies) end(confirmed)
  expect(await Promise.all(outcomes.slice(1))).toEqual(Array.from({ length: 5 }, () => confirmed))
})

test('a publish that throws leaves the outcome unknown', async () => {
  const publish = createLedgerPublisher(
    { publish: () => Promise.reject(new Error('broken')) },
    { waitingMax: 9 },
  )
  expect(await publish(shop, anEnvelope('a'))).toEqual({ kind: 'unknown', reason: 'Error: broken' })
})

test('while the broker confirms nothing, waiting envelopes are bounded: further ones are refused at once', async () => {
  const { broker, bodies, end } = heldBroker()
  const publish = createLedgerPublisher(broker, { waitingMax: 3 })
  const outcomes = Array.from({ length: 1_000 }, () => publish(shop, anEnvelope('a')))
  const refused = { kind: 'refused', reason: '3 wait already' }
  expect(await Promise.all(outcomes.slice(7))).toEqual(outcomes.slice(7).map(() => refused))
  expect(bodies).toHaveLength(4)
  end(confirmed)
  await turn()
  for (const _ of bodies) end(confirmed)
  expect(await Promise.all(outcomes.slice(0, 7))).toEqual(
    Array.from({ length: 7 }, () => confirmed),
  )
})
