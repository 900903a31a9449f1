import { refusalCodes, releaseReasons } from '@recargas/contracts'
import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import type { Topup } from '../accounting/entities.ts'
import type { LogEntry } from '../accounting/entry.ts'

export type SaleMetrics = {
  /** Counts the sales that an appended block's entries reserved, settled or refused. */
  readonly onAppended: (appended: {
    readonly block: { readonly at: number }
    readonly entries: readonly LogEntry[]
  }) => void
  /** A float that exists: its figures are there, at 0, before its first sale. */
  readonly onFloat: (float: { readonly merchant: string; readonly operator: string }) => void
}

const RefusedSale = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['RequestTopup', 'RequestBundle']),
    data: z.object({ operator: z.string() }),
  }),
  z.object({
    type: z.literal('RecordRefusal'),
    data: z.object({
      operation: z.enum(['RequestTopup', 'RequestBundle']),
      operator: z.string(),
    }),
  }),
])
const Refusal = z.object({ kind: z.literal('refused'), code: z.enum(refusalCodes) })

/** Every outcome of a sale with its reasons. `in-review` is intermediate; all others are final. */
const outcomes = [
  { outcome: 'committed', reason: 'none' },
  ...releaseReasons.map((reason) => ({ outcome: 'released', reason })),
  ...refusalCodes.map((reason) => ({ outcome: 'refused', reason })),
  { outcome: 'in-review', reason: 'none' },
  { outcome: 'corrected', reason: 'none' },
] as const

/** Sales as a shop counts them: by operator, outcome and reason, and how long the customer waited for it. */
export const createSaleMetrics = (registry: Registry): SaleMetrics => {
  const figures = createFigures(registry)
  const known = new Set<string>()
  /** Runs before the operator's first observation: zeroing a histogram drops its counts. */
  const meet = (operator: string): void => {
    if (known.has(operator)) return
    known.add(operator)
    figures.reserved.inc({ operator }, 0)
    for (const labels of outcomes) figures.sales.inc({ operator, ...labels }, 0)
    for (const outcome of ['committed', 'released']) figures.settled.zero({ operator, outcome })
  }
  return {
    onAppended: ({ block, entries }) => {
      for (const entry of entries) {
        const [sale] = entry.changes.topups
        const isRefused =
          entry.kind === 'refuse' || (entry.kind === 'reserve' && sale === undefined)
        if (isRefused) countRefused(figures, entry, meet)
        if (sale === undefined) continue
        meet(sale.operator)
        countStep(figures, entry.kind, sale, block.at)
      }
    },
    onFloat: ({ merchant, operator }) => {
      meet(operator)
      figures.spent.inc({ merchant, operator }, 0)
    },
  }
}

type SaleFigures = ReturnType<typeof createFigures>

const createFigures = (registry: Registry) => {
  const { counter, histogram } = figuresOf(registry)
  return {
    reserved: counter(
      'ledger_sales_reserved_total',
      'Sales accepted: money held, no carrier verdict yet',
      ['operator'],
    ),
    sales: counter('ledger_sales_total', 'Steps of sales by operator, outcome and reason', [
      'operator',
      'outcome',
      'reason',
    ]),
    settled: histogram(
      'ledger_sale_settled_seconds',
      'Time from the request of a sale to its commit or release',
      [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600, 21_600],
      ['operator', 'outcome'],
    ),
    spent: counter(
      'ledger_float_spent_minor_total',
      'Float spent on committed sales, in minor units',
      ['merchant', 'operator'],
    ),
  }
}

const countStep = (
  { reserved, sales, settled, spent }: SaleFigures,
  kind: LogEntry['kind'],
  { operator, merchant, amount, requestedAt, releaseReason }: Topup,
  at: number,
): void => {
  const waited = Math.max(0, at - requestedAt) / 1_000
  if (kind === 'reserve') reserved.inc({ operator })
  if (kind === 'commit') {
    sales.inc({ operator, outcome: 'committed', reason: 'none' })
    settled.observe({ operator, outcome: 'committed' }, waited)
    spent.inc({ merchant, operator }, amount)
  }
  if (kind === 'release') {
    sales.inc({ operator, outcome: 'released', reason: releaseReason ?? 'none' })
    settled.observe({ operator, outcome: 'released' }, waited)
  }
  if (kind === 'review') sales.inc({ operator, outcome: 'in-review', reason: 'none' })
  if (kind === 'correct') sales.inc({ operator, outcome: 'corrected', reason: 'none' })
}

const countRefused = (
  { sales }: SaleFigures,
  { operation, outcome }: LogEntry,
  meet: (operator: string) => void,
): void => {
  const sale = RefusedSale.safeParse(JSON.parse(operation))
  const refusal = Refusal.safeParse(JSON.parse(outcome))
  if (!sale.success || !refusal.success) return
  const { operator } = sale.data.data
  meet(operator)
  sales.inc({ operator, outcome: 'refused', reason: refusal.data.code })
}
