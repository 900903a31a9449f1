import { describe, expect, test } from '@jest/globals'
import type { CarrierVerdictMessage } from '@recargas/contracts'
import type { SaleRecord } from '../../domain/sale.ts'
import { createAttempts } from '../../sales/attempts.ts'
import { createCloseSale } from '../../sales/close-sale.ts'
import { createDeliverSale } from '../../sales/deliver-sale.ts'
import { createRepeats } from '../../sales/repeat-sale.ts'
import { aJob, asClosing, asMessage } from '../../testing/jobs.ts'
import { createManual } from './manual.ts'

const reviewMs = 900_000

/** The adapter's steps with this carrier, on records in memory and a clock of the test's. */
const anAdapter = () => {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z'), stallsMs: 0 }
  const records = new Map<string, SaleRecord>()
  const verdicts: CarrierVerdictMessage[] = []
  const database = { isAway: false }
  const attempts = createAttempts({
    records: {
      create: (sale) => {
        if (database.isAway) return Promise.reject(new Error('away'))
        const known = records.get(sale.topupId)
        if (known === undefined) records.set(sale.topupId, sale)
        return Promise.resolve(
          known === undefined ? { kind: 'created' } : { kind: 'known', sale: known },
        )
      },
      change: (sale, change) => {
        const next = change(records.get(sale.topupId) ?? sale)
        records.set(sale.topupId, next)
        return Promise.resolve(next)
      },
    },
    carrierOf: () => createManual({ reviewMs }),
    publish: (verdict) => {
      verdicts.push(verdict)
      return Promise.resolve({ kind: 'confirmed' })
    },
    now: () => new Date(clock.now),
    monotonicMs: () => clock.now,
    random: () => 0.5,
    crashPoint: (step) => {
      if (step === 'after-attempt-recorded') clock.now += clock.stallsMs
    },
    report: () => undefined,
    owner: 'one',
    limits: {
      bornAt: new Date(0),
      clockSkewMs: 100,
      sendDeadlineMs: 60_000,
      leaseMs: 20_000,
      unrecordedMax: 10,
      jitterRatio: 0,
    },
  })
  const deliver = createDeliverSale(attempts)
  const close = createCloseSale(attempts)
  const repeats = createRepeats(attempts, {
    due: (now) =>
      Promise.resolve([...records.values()].filter(({ nextAt }) => nextAt && nextAt <= now)),
    atOnceMax: 10,
  })
  const job = (confirmation: 'person' | 'immediate' = 'person') =>
    aJob({
      carrier: 'manual',
      terms: { confirmation },
      requestedAt: new Date(clock.now).toISOString(),
    })
  return {
    clock,
    database,
    job,
    deliver: (sold: ReturnType<typeof job>) => deliver(asMessage(sold)),
    close: (sold: ReturnType<typeof job>) => close(asClosing(sold)),
    look: async () => (await repeats.round()).done,
    last: () => verdicts.at(-1)?.data,
  }
}

describe('a sale that a person carries out', () => {
  test('is kept pending until its schedule is over, then goes in review', async () => {
    const { clock, job, deliver, look, last } = anAdapter()
    await deliver(job())
    expect(last()).toMatchObject({ verdict: 'pending', attempts: [{ row: 2 }] })
    expect(last()?.attempts[0]?.unclear).toBeUndefined()
    clock.now += reviewMs - 1
    await look()
    expect(last()?.verdict).toBe('pending')
    clock.now += 1
    await look()
    expect(last()?.verdict).toBe('unresolved')
  })

  test('is closed for the confirmation, known here or not, without a word that it was not made', async () => {
    const { job, deliver, close, last } = anAdapter()
    const known = job()
    await deliver(known)
    await close(known)
    expect(last()).toMatchObject({ verdict: 'pending', closed: true })
    await close(job())
    expect(last()).toMatchObject({ verdict: 'pending', closed: true })
  })

  test('is never called unsent: not after the deadline, nor by a short lease, nor by an absent database', async () => {
    const { clock, database, job, deliver, last } = anAdapter()
    const late = job()
    clock.now += 3_600_000
    await deliver(late)
    expect(last()?.verdict).toBe('pending')
    clock.stallsMs = 19_500
    await deliver(job())
    expect(last()).toMatchObject({
      verdict: 'pending',
      attempts: [{ observed: 'left to a person (lease-too-short)' }],
    })
    clock.stallsMs = 0
    const unrecorded = job()
    database.isAway = true
    expect(await deliver(unrecorded)).toMatchObject({ verdict: 'retry' })
    database.isAway = false
    await deliver(unrecorded)
    expect(last()?.verdict).toBe('pending')
  })

  test('counts at once where its terms say so, however late the adapter comes to it', async () => {
    const { clock, job, deliver, last } = anAdapter()
    const sold = job('immediate')
    clock.now += 3_600_000
    await deliver(sold)
    expect(last()).toMatchObject({ verdict: 'authorized', attempts: [{ row: 1 }] })
  })
})
