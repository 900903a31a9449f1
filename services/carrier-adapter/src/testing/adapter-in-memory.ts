import type { CarrierVerdictMessage } from '@recargas/contracts'
import type { SaleRecord } from '../domain/sale.ts'
import { createAttempts, type Deps } from '../sales/attempts.ts'
import { createCloseSale } from '../sales/close-sale.ts'
import { createDeliverSale } from '../sales/deliver-sale.ts'
import { createRepeats } from '../sales/repeat-sale.ts'

/** The adapter's steps with one carrier, on records in memory and a clock of the test's. */
export const adapterInMemory = (
  { carrierOf }: Pick<Deps, 'carrierOf'>,
  crashPoint: Deps['crashPoint'] = () => undefined,
) => {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const records = new Map<string, SaleRecord>()
  const verdicts: CarrierVerdictMessage[] = []
  const database = { isAway: false }
  const attempts = createAttempts({
    records: recordsIn(records, database),
    carrierOf,
    publish: (verdict) => {
      verdicts.push(verdict)
      return Promise.resolve({ kind: 'confirmed' })
    },
    now: () => new Date(clock.now),
    monotonicMs: () => clock.now,
    random: () => 0.5,
    crashPoint,
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
  const repeats = createRepeats(attempts, {
    due: (now) =>
      Promise.resolve([...records.values()].filter(({ nextAt }) => nextAt && nextAt <= now)),
    atOnceMax: 10,
  })
  return {
    clock,
    database,
    deliver: createDeliverSale(attempts),
    close: createCloseSale(attempts),
    repeat: async () => (await repeats.round()).done,
    last: () => verdicts.at(-1)?.data,
  }
}

const recordsIn = (
  records: Map<string, SaleRecord>,
  database: { readonly isAway: boolean },
): Deps['records'] => ({
  create: (sale) => {
    if (database.isAway) return Promise.reject(new Error('away'))
    const known = records.get(sale.topupId)
    if (known !== undefined) return Promise.resolve({ kind: 'known', sale: known })
    records.set(sale.topupId, sale)
    return Promise.resolve({ kind: 'created' })
  },
  change: (sale, change) => {
    const next = change(records.get(sale.topupId) ?? sale)
    records.set(sale.topupId, next)
    return Promise.resolve(next)
  },
})
