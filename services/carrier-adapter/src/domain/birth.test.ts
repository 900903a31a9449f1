import { expect, test } from '@jest/globals'
import { birthOf } from './birth.ts'

const bornAt = new Date('2026-01-01T00:00:00Z')
const limits = { clockSkewMs: 2_000, aheadMsMax: 300_000 }
/** By a clock that is so far past the birth. */
const birthAfter = (ms: number) => birthOf(bornAt, new Date(bornAt.getTime() + ms), limits)

test('a database is ready once the clock skew since its birth is over', () => {
  expect(birthAfter(2_000)).toEqual({ kind: 'over' })
  expect(birthAfter(86_400_000)).toEqual({ kind: 'over' })
})

test.each([
  ['less than the skew ago', 1_999, 'less than the clock skew ago'],
  ['a little ahead', -1, 'ahead of this clock'],
  ['as far ahead as is waited for', -300_000, 'ahead of this clock'],
])('a database born %s is waited for, and it is said until when', (_, ms, why) => {
  expect(birthAfter(ms)).toEqual({
    kind: 'wait',
    until: new Date('2026-01-01T00:00:02Z'),
    reason: `the database was born at 2026-01-01T00:00:00.000Z, ${why}: no job is taken before 2026-01-01T00:00:02.000Z`,
  })
})

test('a database born far ahead is refused, with how far and the way out', () => {
  expect(birthAfter(-300_001)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/300001 ms ahead of this clock: set the clocks right/),
  })
})
