import { expect, test } from '@jest/globals'
import { Report } from '../report.ts'
import { sumReports } from '../sum.ts'
import { goalsOfMembers } from './member-goals.ts'
import { memberFaultNames } from './plan-members.ts'

const upgrade = {
  ...{ name: 'upgrade', target: 'services', selling: 'goes on', waitedMs: 9_000, seconds: 40 },
  ...{ sold: 1_700, refusals: 0, withoutTime: 0, failed: 0 },
} as const
const counts = {
  ...{ lost: 0, debitedTwice: 0, wrongReleases: 0, unsettled: 0, imbalance: 0 },
  ...{
    wrongAnswers: 0,
    disorder: 0,
    customers: 5_000,
    presses: 5_000,
    quietAfterMs: 0,
    seconds: 1,
  },
}
const report = (seed: number, changed: { readonly waitedMs?: number } = {}) =>
  Report.parse({
    ...{ seed, profile: 'members', commit: 'abc', at: '2026-11-30T00:00:00Z', machine: {} },
    ...{
      faults: Object.fromEntries(memberFaultNames.map((name) => [name, 1])),
      asked: {},
      skipped: [],
    },
    ...{
      sales: { accepted: 5_000, committed: 5_000, released: 0, inReview: 0 },
      salesAsked: 5_000,
    },
    ...counts,
    ...{ samples: { taken: 1, missed: 0 }, verified: { entries: 1, findings: 0 }, findings: [] },
    members: { upgradedFrom: 'def', faults: [{ ...upgrade, ...changed }] },
    passed: true,
  })

test('three seeds with members reach every goal, unless one was without a sale for too long', () => {
  expect(sumReports([report(1), report(2), report(3)], goalsOfMembers).isReached).toBe(true)
  const tooLong = report(3, { waitedMs: 10_001 })
  expect(sumReports([report(1), report(2), tooLong], goalsOfMembers).isReached).toBe(false)
})
