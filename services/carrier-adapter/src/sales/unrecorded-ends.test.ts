import { expect, test } from '@jest/globals'
import type { Evidence } from '../domain/evidence.ts'
import { started } from '../domain/sale.ts'
import { aJob } from '../testing/jobs.ts'
import { createUnrecordedEnds } from './unrecorded-ends.ts'

const evidence = (proves: Evidence['proves']): Evidence => ({
  proves,
  ambiguous: proves === 'pending',
  observed: proves,
  failure: false,
})
const startedBy = (owner: string) => {
  const job = aJob()
  const lease = { owner, startedAt: new Date(0), leaseUntil: new Date(20_000) }
  return started({ job, body: '{}', correlationId: 'corr' }, lease)
}

test('the evidence of a call outlives a later delivery that could not be recorded: no sale is called unsent by that', () => {
  const ends = createUnrecordedEnds('one', 10)
  const sale = startedBy('one')
  ends.remember(sale.topupId, 1, evidence('pending'))
  ends.remember(sale.topupId, 1, evidence('not-sent'))
  expect(ends.evidenceOf(sale, 1)?.proves).toBe('pending')
})

test('an attempt that starts anew replaces the evidence of the delivery before it', () => {
  const ends = createUnrecordedEnds('one', 10)
  const sale = startedBy('one')
  ends.remember(sale.topupId, 1, evidence('not-sent'))
  ends.forget(sale.topupId)
  ends.remember(sale.topupId, 1, evidence('pending'))
  expect(ends.evidenceOf(sale, 1)?.proves).toBe('pending')
})

test('the evidence belongs to the attempt and its owner, and the oldest is forgotten beyond the limit', () => {
  const ends = createUnrecordedEnds('one', 1)
  const [first, second] = [startedBy('one'), startedBy('one')]
  ends.remember(first.topupId, 1, evidence('not-sent'))
  expect(ends.evidenceOf(first, 2)).toBeNull()
  expect(ends.evidenceOf({ ...first, attempts: startedBy('two').attempts }, 1)).toBeNull()
  ends.remember(second.topupId, 1, evidence('not-sent'))
  expect(ends.evidenceOf(first, 1)).toBeNull()
})
