import { describe, expect, test } from '@jest/globals'
import { askedOf, planOf, profiles, randomBy } from './plan.ts'
import { Report, reportOf, type Run } from './report.ts'
import { goalsOfServices, sumReports } from './sum.ts'

const press = {
  at: 0,
  kind: 'answer',
  status: 201,
  code: null,
  topupId: 'a',
  state: 'AUTORIZADA',
} as const

const sold = {
  id: 'a',
  phone: '70000001',
  carrierAmount: 100,
  state: 'committed',
  releaseReason: null,
} as const
const reserved = {
  id: 'a',
  kind: 'reserve',
  topupId: 'a',
  isRefusedByTime: false,
  lines: [],
  topups: [sold],
  changed: [],
}
const block = { partition: 0, birth: 'birth', epoch: 1, owner: 'o', at: 0, previous: '' }

/** One customer, one debit, one fault. */
const run: Run = {
  facts: {
    sales: [{ number: '70000001', presses: [press], reads: [] }],
    blocks: [
      { ...block, position: 0, kind: 'birth', epoch: 0, owner: '', hash: 'a', entries: [] },
      { ...block, position: 1, kind: 'takeover', previous: 'a', hash: 'b', entries: [] },
      { ...block, position: 2, kind: 'batch', previous: 'b', hash: 'c', entries: [reserved] },
    ],
    projections: {
      positions: [{ projection: 'sales', partition: 0, position: 2 }],
      accounts: [],
      topups: [{ ...sold, position: 2 }],
      operations: ['0/2/0 reserve a'],
      lines: [],
      shown: [],
    },
    transactions: [{ token: 'a', state: 'authorized', debits: 1, amount: 100, number: '70000001' }],
    calls: [{ token: 'a', status: 200, debited: true }],
    sent: [],
    deadLetters: [],
    crashes: [],
    samples: { taken: 3, missed: 0, problems: [] },
  },
  asked: { 'kill ledger': 1 },
  faults: { 'kill ledger': 1 },
  skipped: [],
  quietAfterMs: 10,
  verified: { entries: 1, findings: 0 },
  seconds: 1,
}
const reported = (given: Partial<Run> = {}, sales = 1) =>
  reportOf({ ...run, ...given }, { seed: 1, profile: 'full', sales })

describe('a report', () => {
  test('passes where nothing was found and everything asked for was done', () => {
    const report = reported()
    expect(report.passed).toBe(true)
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
  })

  test.each([
    ['fewer faults than asked', { faults: {} }],
    ['no quiet in time', { quietAfterMs: null }],
    ['a finding of the ledger’s own proof', { verified: { entries: 1, findings: 1 } }],
    ['a lost sale', { facts: { ...run.facts, blocks: run.facts.blocks.slice(0, 2) } }],
    [
      'a ledger that could hardly be looked at',
      { facts: { ...run.facts, samples: { taken: 1, missed: 2, problems: [] } } },
    ],
  ])('fails with %s', (_name, given: Partial<Run>) => {
    expect(reported(given).passed).toBe(false)
  })

  test('fails with fewer sales than asked', () => {
    expect(reported({}, 2).passed).toBe(false)
  })
})

describe('the sum', () => {
  const full = (seed: number): Report => ({
    ...reported(),
    seed,
    faults: askedOf(planOf(profiles.full, randomBy(seed))),
    sales: { accepted: 5_000, committed: 5_000, released: 0, inReview: 0 },
  })

  test('reaches every goal with three seeds of the full profile', () => {
    expect(sumReports([full(1), full(2), full(3)], goalsOfServices).isReached).toBe(true)
  })

  test('does not count one seed three times', () => {
    expect(sumReports([full(1), full(1), full(1)], goalsOfServices).isReached).toBe(false)
  })

  test('is spoilt by one report that lost a sale', () => {
    expect(sumReports([full(1), full(2), { ...full(3), lost: 1 }], goalsOfServices).isReached).toBe(
      false,
    )
  })
})
