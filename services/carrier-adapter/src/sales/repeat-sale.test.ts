import { expect, test } from '@jest/globals'
import { predatesDatabase, type SaleRecord } from '../domain/sale.ts'
import { aJob } from '../testing/jobs.ts'
import { createAttempts, saleJobOf, type Attempts, type Deps } from './attempts.ts'
import { createRepeats } from './repeat-sale.ts'

const now = new Date('2026-01-01T00:00:00Z')

/** One record that changes while its verdict is being published. */
const aRecord = (meanwhile: (current: SaleRecord) => SaleRecord) => {
  const known = { topup: null as SaleRecord | null }
  const current = () => {
    if (known.topup === null) throw new Error('there is no record')
    return known.topup
  }
  const change: Deps['records']['change'] = (_, by) => {
    const next = by(current())
    if (next !== known.topup) known.topup = { ...next, revision: current().revision + 1 }
    return Promise.resolve(current())
  }
  const attempts: Attempts = createAttempts({
    records: { create: () => Promise.resolve({ kind: 'created' }), change },
    carrierOf: () => ({
      callTimeoutMs: 8_000,
      requestBody: () => '{}',
      admit: () => ({ kind: 'refused', why: 'breaker-open' }),
      notSent: () => ({ proves: 'not-sent', ambiguous: false, observed: '', failure: false }),
      followUp: () => ({ by: 'repeat', stepsMs: [] }),
      afterLookups: (sale) => sale,
    }),
    publish: async () => {
      await change(current(), meanwhile)
      return { kind: 'confirmed' }
    },
    now: () => now,
    monotonicMs: () => 0,
    random: () => 0.5,
    crashPoint: () => undefined,
    report: () => undefined,
    owner: 'one',
    limits: {
      bornAt: now,
      clockSkewMs: 100,
      sendDeadlineMs: 60_000,
      leaseMs: 20_000,
      unrecordedMax: 10,
      jitterRatio: 0,
    },
  })
  const sale = saleJobOf(attempts, aJob({ requestedAt: now.toISOString() }), 'corr')
  known.topup = { ...predatesDatabase(sale, now), unpublished: true }
  const repeats = createRepeats(attempts, {
    due: () => Promise.resolve([current()]),
    atOnceMax: 1,
  })
  return { current, look: async () => (await repeats.round()).done }
}

test('a verdict that the ledger has heard is not said again', async () => {
  const { current, look } = aRecord((topup) => topup)
  await look()
  expect(current().unpublished).toBe(false)
})

test('a verdict that changed while the one before was said stays unpublished, and is said next', async () => {
  const { current, look } = aRecord((topup) =>
    topup.verdict === 'pending' ? { ...topup, verdict: 'unresolved' } : topup,
  )
  await look()
  expect(current()).toMatchObject({ verdict: 'unresolved', unpublished: true })
  await look()
  expect(current().unpublished).toBe(false)
})
