import type { OpenCases } from '@recargas/contracts'
import { Gauge, type Registry } from 'prom-client'
import { createRefreshingCache } from '@recargas/runtime'

/** Figures read from the ledger's database. Instants in milliseconds, amounts in minor units. */
export type Figures = {
  readonly floats: readonly {
    readonly merchant: string
    readonly operator: string
    readonly currency: string
    readonly available: number
    readonly reserved: number
  }[]
  /** Difference between the debits and credits of each currency; always 0. */
  readonly imbalances: readonly { readonly currency: string; readonly amount: number }[]
  readonly held: readonly {
    readonly state: 'reserved' | 'in-review'
    readonly count: number
    readonly oldestAt: number | null
  }[]
  readonly casesOpen: OpenCases
}

/** However often Prometheus scrapes, the database is asked once in five seconds; while it is away the last figures stand. */
export const figuresAges = { freshMs: 5_000, staleMs: Infinity }

type Sources = {
  readonly read: () => Promise<Figures>
  readonly now: () => number
  readonly onFloat: (float: { readonly merchant: string; readonly operator: string }) => void
}

/**
 * Gauges of the database, not of this process: every instance exports the same values, so a dashboard takes the maximum. While
 * the database is away they keep the last values, and their age metric shows it.
 */
export const createStateMetrics = (registry: Registry, { read, now, onFloat }: Sources): void => {
  const { current } = createRefreshingCache({
    read: async () => {
      const figures = await read()
      for (const float of figures.floats) onFloat(float)
      return figures
    },
    now,
    limits: figuresAges,
  })
  const gauge = (
    [name, help]: readonly [string, string],
    labelNames: readonly string[],
    show: (figures: Figures, readAt: number) => Shown,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const last = await current()
        if (last === null) return
        for (const [labels, value] of show(last.value, last.readAt)) this.set(labels, value)
      },
    })
  for (const [name, { help, labelNames = [], show }] of Object.entries(gauges)) {
    gauge([name, help], labelNames, (figures) => show(figures, now()))
  }
  gauge(
    [
      'ledger_state_read_timestamp_seconds',
      'When the figures of held sales, floats and balances were read from the database',
    ],
    [],
    (_, readAt) => [[{}, readAt / 1_000]],
  )
}

type Shown = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[]

const age = (at: number | null, now: number): number =>
  at === null ? 0 : Math.max(0, now - at) / 1_000

const ofFloat = (pick: 'available' | 'reserved') => (figures: Figures) =>
  figures.floats.map(
    ({ merchant, operator, currency, ...amounts }) =>
      [{ merchant, operator, currency }, amounts[pick]] as const,
  )

const gauges: Readonly<
  Record<
    string,
    {
      readonly help: string
      readonly labelNames?: readonly string[]
      readonly show: (figures: Figures, now: number) => Shown
    }
  >
> = {
  ledger_imbalance_minor: {
    help: 'Sum of the accounts of a currency, in minor units; always 0',
    labelNames: ['currency'],
    show: ({ imbalances }) => imbalances.map(({ currency, amount }) => [{ currency }, amount]),
  },
  ledger_float_available_minor: {
    help: 'Float that can still be sold, in minor units',
    labelNames: ['merchant', 'operator', 'currency'],
    show: ofFloat('available'),
  },
  ledger_float_reserved_minor: {
    help: 'Float held for sales that are not settled, in minor units',
    labelNames: ['merchant', 'operator', 'currency'],
    show: ofFloat('reserved'),
  },
  ledger_held_sales: {
    help: 'Sales with held money, by state; 10000 means at least so many',
    labelNames: ['state'],
    show: ({ held }) => held.map(({ state, count }) => [{ state }, count]),
  },
  ledger_held_oldest_age_seconds: {
    help: 'Age of the oldest sale with held money, by state; 0 when there is none',
    labelNames: ['state'],
    show: ({ held }, now) => held.map(({ state, oldestAt }) => [{ state }, age(oldestAt, now)]),
  },
  ledger_cases_open: {
    help: 'Open cases, by type; a later run without findings closes none',
    labelNames: ['type'],
    show: ({ casesOpen }) => casesOpen.map(({ kind, count }) => [{ type: kind }, count]),
  },
}
