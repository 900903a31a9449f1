import { expect, it } from '@jest/globals'
import { readTraceparent, traceIdOf, traceparentOf } from './trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

it('a well-formed traceparent names its trace and span, of any version and with or without a sampled flag', () => {
  for (const text of [
    `00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-00`,
    `cc-${traceId}-${spanId}-01-later`,
  ]) {
    expect(readTraceparent(text)).toEqual({ traceId, spanId })
  }
  expect(readTraceparent(traceparentOf({ traceId, spanId }))).toEqual({ traceId, spanId })
})

it.each([
  undefined,
  '',
  traceId,
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01x`,
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])('%j is ignored', (text) => {
  expect(readTraceparent(text)).toBeNull()
})

it('the trace of a correlation id is that id where it is one, and the same digest everywhere else', () => {
  expect(traceIdOf(traceId)).toBe(traceId)
  expect(traceIdOf('4bf92f35-77b3-4da6-a3ce-929d0e0e4736')).toBe(traceId)
  for (const id of ['pos-7.a_1', '0'.repeat(32), traceId.toUpperCase(), 'x'.repeat(64)]) {
    expect(traceIdOf(id)).toMatch(/^(?!0{32})[\da-f]{32}$/)
    expect(traceIdOf(id)).toBe(traceIdOf(id))
    expect(traceIdOf(id)).not.toBe(id)
  }
  expect(traceIdOf('pos-7')).toBe('d146abc031801a736ee79a84bc61aa34')
})
