import { expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { createStateMetrics, type Figures } from './ledger-metrics.ts'

const figures: Figures = {
  floats: [{ merchant: 'm', operator: 'Tigo', currency: 'BOB', available: 900, reserved: 100 }],
  imbalances: [{ currency: 'BOB', amount: 0 }],
  held: [
    { state: 'reserved', count: 2, oldestAt: 40_000 },
    { state: 'in-review', count: 0, oldestAt: null },
  ],
  casesOpen: [
    { kind: 'carrier-balance-differs', count: 2 },
    { kind: 'echo-differs', count: 0 },
  ],
}

const opened = () => {
  const registry = new Registry()
  const clock = { at: 100_000 }
  const asked: number[] = []
  const floats: string[] = []
  const database = { isAway: false }
  createStateMetrics(registry, {
    now: () => clock.at,
    read: () => {
      asked.push(clock.at)
      return database.isAway ? Promise.reject(new Error('away')) : Promise.resolve(figures)
    },
    onFloat: ({ operator }) => void floats.push(operator),
  })
  return { registry, clock, asked, floats, database }
}

it('the database is asked once for all figures, and not again within five seconds', async () => {
  const { registry, clock, asked } = opened()
  await Promise.all([registry.metrics(), registry.metrics()])
  clock.at += 4_999
  await registry.metrics()
  expect(asked).toEqual([100_000])
  clock.at += 1
  await registry.metrics()
  expect(asked).toEqual([100_000, 105_000])
})

it('the first answer already holds the database’s figures', async () => {
  const { registry, floats } = opened()
  const text = await registry.metrics()
  for (const line of [
    'ledger_float_available_minor{merchant="m",operator="Tigo",currency="BOB"} 900',
    'ledger_float_reserved_minor{merchant="m",operator="Tigo",currency="BOB"} 100',
    'ledger_held_sales{state="reserved"} 2',
    'ledger_held_oldest_age_seconds{state="reserved"} 60',
    'ledger_held_oldest_age_seconds{state="in-review"} 0',
    'ledger_cases_open{type="carrier-balance-differs"} 2',
    'ledger_cases_open{type="echo-differs"} 0',
    'ledger_imbalance_minor{currency="BOB"} 0',
    'ledger_state_read_timestamp_seconds 100',
  ]) {
    expect(text).toContain(line)
  }
  expect(floats).toEqual(['Tigo'])
})

it('while the database is away the figures stay, ages grow, and their own age shows it', async () => {
  const { registry, clock, database } = opened()
  await registry.metrics()
  database.isAway = true
  clock.at += 60_000
  const text = await registry.metrics()
  expect(text).toContain('ledger_held_oldest_age_seconds{state="reserved"} 120')
  expect(text).toContain('ledger_state_read_timestamp_seconds 100')
})
