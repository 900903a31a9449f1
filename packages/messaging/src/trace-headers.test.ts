import { expect, it } from '@jest/globals'
import { traceIdOf, type SpanEnd, type SpanStart, type Tracer } from '@recargas/runtime'
import type { OutgoingMessage, PublishOutcome } from './publisher.ts'
import { parentOf, publishTraced, traceHeadersOf } from './trace-headers.ts'

const spanId = '00f067aa0ba902b7'
const otherId = '53995c3f42cd8ad8'
const correlationId = 'pos-7'
const traceparent = `00-${traceIdOf(correlationId)}-${spanId}-01`
const alone = { index: 0, isArray: false }

it('the parent of one envelope travels as a W3C traceparent', () => {
  expect(traceHeadersOf([{ correlationId }], [spanId])).toEqual({ traceparent })
  expect(parentOf({ traceparent }, correlationId, alone)).toBe(spanId)
})

it('the parents of several travel as their ids, in the order of the envelopes', () => {
  const envelopes = [{ correlationId }, { correlationId: 'pos-8' }, { correlationId: 'pos-9' }]
  const headers = traceHeadersOf(envelopes, [spanId, undefined, otherId])
  const parents = envelopes.map((envelope, index) =>
    parentOf(headers, envelope.correlationId, { index, isArray: true }),
  )
  expect(parents).toEqual([spanId, undefined, otherId])
  expect(parentOf(headers, correlationId, alone)).toBeUndefined()
})

it('without a span there is no header', () => {
  expect(traceHeadersOf([{ correlationId }], [undefined])).toEqual({})
  expect(traceHeadersOf([{ correlationId }, { correlationId }], [undefined, undefined])).toEqual({})
})

it.each<readonly [string, Readonly<Record<string, unknown>>, typeof alone]>([
  ['absent', {}, alone],
  ['malformed', { traceparent: traceparent.toUpperCase() }, alone],
  ['no text', { traceparent: 7 }, alone],
  ['of another trace', { traceparent: `00-${traceIdOf('pos-8')}-${spanId}-01` }, alone],
  ['malformed in an array', { 'x-traceparent-ids': 'x,y' }, { index: 0, isArray: true }],
  ['too short an array', { 'x-traceparent-ids': spanId }, { index: 1, isArray: true }],
])('a header that is %s is ignored', (_, headers, place) => {
  expect(parentOf(headers, correlationId, place)).toBeUndefined()
})

it('a publication is a span that ends with its outcome, and changes no byte of the body', async () => {
  const begun: [string, SpanStart][] = []
  const ended: (SpanEnd | undefined)[] = []
  const tracer: Tracer = {
    begin: (name, start) => {
      begun.push([name, start])
      return { id: spanId, end: (end) => void ended.push(end) }
    },
    record: () => undefined,
  }
  const sent: OutgoingMessage[] = []
  const outcomes: PublishOutcome[] = [{ kind: 'confirmed' }, { kind: 'refused', reason: 'full' }]
  const publish = publishTraced(tracer, (message) => {
    sent.push(message)
    return Promise.resolve(outcomes[sent.length - 1] ?? { kind: 'confirmed' })
  })
  const message: OutgoingMessage = {
    exchange: 'e',
    routingKey: 'q',
    messageId: 'm',
    type: 'RequestTopup.v1',
    body: Buffer.from('{}'),
    persistent: true,
    envelopes: [{ id: 'm', type: 'RequestTopup.v1', correlationId, span: otherId }],
  }
  const heartbeat = { ...message, envelopes: [{ id: 'h', type: 'Beat.v1', correlationId: 'h' }] }
  await publish(message)
  await publish(message)
  await publish(heartbeat)
  expect(begun.map(([name, { parent }]) => [name, parent])).toEqual([
    ['publish RequestTopup', otherId],
    ['publish RequestTopup', otherId],
  ])
  expect(ended).toEqual([{ error: undefined }, { error: 'refused: full' }])
  expect(sent.map(({ headers }) => headers)).toEqual([{ traceparent }, { traceparent }, {}])
  expect(sent.map(({ body }) => body)).toEqual([message.body, message.body, message.body])
})
