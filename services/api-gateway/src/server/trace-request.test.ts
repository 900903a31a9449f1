import { expect, test } from '@jest/globals'
import { correlationIdOf } from './trace-request.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const minted = /^[\da-f]{8}-[\da-f-]{27}$/
const idOf = (headers: Readonly<Record<string, string>>) => correlationIdOf((name) => headers[name])

test('a request keeps the id it brings', () => {
  expect(idOf({ 'x-request-id': 'pos-7.a_1' })).toBe('pos-7.a_1')
  expect(idOf({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toBe(traceId)
  expect(idOf({ 'x-request-id': 'pos-7', traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toBe(
    'pos-7',
  )
})

test.each<Readonly<Record<string, string>>>([
  {},
  { 'x-request-id': '' },
  { 'x-request-id': 'a b' },
  { 'x-request-id': 'x'.repeat(65) },
  { traceparent: traceId },
  { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
  { traceparent: `ff-${traceId}-00f067aa0ba902b7-01` },
  { traceparent: `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01` },
])('a request with %j gets one', (headers) => {
  expect(idOf(headers)).toMatch(minted)
  expect(idOf(headers)).not.toBe(idOf(headers))
})

test('an id of another shape does not hide a trace that is well-formed', () => {
  const headers = { 'x-request-id': '<b>', traceparent: `00-${traceId}-00f067aa0ba902b7-00` }
  expect(idOf(headers)).toBe(traceId)
})
