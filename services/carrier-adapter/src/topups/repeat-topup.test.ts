import { expect, test } from '@jest/globals'
import { fromBefore, type Topup } from '../domain/topup.ts'
import { aJob } from '../testing/jobs.ts'
import { createAttempts, saleOf, type Attempts, type Deps } from './attempts.ts'
import { createRepeats } from './repeat-topup.ts'

const now = new Date('2026-01-01T00:00:00Z')

/** One record, and what happens to it while its verdict is on its way to the ledger. */
const aRecord = (meanwhile: (current: Topup) => Topup) => {
  const known = { topup: null as Topup | null }
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
    carrier: { admit: () => ({ kind: 'refused', why: 'breaker-open' }) },
    checkOffer: () => Promise.resolve(null),
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
    paymentOrigin: 'Recargas',
    packageCodes: 'string',
    limits: {
      bornAt: now,
      clockSkewMs: 100,
      sendDeadlineMs: 60_000,
      leaseMs: 20_000,
      callTimeoutMs: 8_000,
      unrecordedMax: 10,
      repeatMs: [],
      lookupMs: [],
      jitterRatio: 0,
    },
  })
  const sale = saleOf(attempts, aJob({ requestedAt: now.toISOString() }), 'corr')
  known.topup = { ...fromBefore(sale, now), unsaid: true }
  const repeats = createRepeats(attempts, {
    due: () => Promise.resolve([current()]),
    atOnceMax: 1,
  })
  return { current, look: async () => (await repeats.round()).done }
}

test('a verdict that the ledger has heard is not said again', async () => {
  const { current, look } = aRecord((topup) => topup)
  await look()
  expect(current().unsaid).toBe(false)
})

test('a verdict that changed while the one before was said stays unsaid, and is said next', async () => {
  const { current, look } = aRecord((topup) =>
    topup.verdict === 'pending' ? { ...topup, verdict: 'unresolved' } : topup,
  )
  await look()
  expect(current()).toMatchObject({ verdict: 'unresolved', unsaid: true })
  await look()
  expect(current().unsaid).toBe(false)
})
