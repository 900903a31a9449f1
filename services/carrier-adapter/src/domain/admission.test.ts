import { expect, test } from '@jest/globals'
import { admissionOf } from './admission.ts'

const bornAt = new Date('2026-01-01T00:00:00Z')
const limits = { bornAt, clockSkewMs: 2_000, sendDeadlineMs: 60_000 }
const after = (ms: number) => new Date(bornAt.getTime() + ms)
/** The admission of a job requested so long after the database's birth and looked at so much later. */
const opening = (requestedMs: number, laterMs = 0) =>
  admissionOf(after(requestedMs), after(requestedMs + laterMs), limits)

test.each([
  ['long before the birth', -60_000],
  ['at the birth', 0],
  ['within the skew after it, by a clock that may run ahead', 1_999],
])('a job requested %s may have been sent by an adapter whose records are gone', (_, ms) => {
  expect(opening(ms)).toBe('predates-database')
})

test('a job requested once the skew is over may be sent, up to its deadline and no longer', () => {
  expect(opening(2_000)).toBe('may-send')
  expect(opening(2_000, 59_999)).toBe('may-send')
  expect(opening(2_000, 60_000)).toBe('too-late')
})

test('a job from before the birth is never called too late: that would promise that it was not sent', () => {
  expect(opening(-1, 3_600_000)).toBe('predates-database')
})
