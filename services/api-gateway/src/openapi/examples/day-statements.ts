import {
  DayClosing,
  DayReport,
  StatementEntry,
  type OperationId,
  type ShiftReport,
  type StatementKind,
  type StatementPage,
  type TopupView,
} from '@recargas/contracts'
import { closedSession, day, ids, injection, movement, on, registeredCaja, tigo } from './day.ts'
import { bundleSale, topup, topupDecided } from './day-sales.ts'

type Change = { readonly posted?: number; readonly reserved?: number; readonly incoming?: number }
type Step = {
  readonly at: string
  readonly kind: StatementKind
  readonly operationId: OperationId
  readonly number: number | null
  readonly isOfOperator?: boolean
  readonly reason?: string
  readonly change: Change
}

const holdAt = (sale: TopupView, at: string, change: Change): Step => ({
  at,
  kind: 'hold',
  operationId: sale.topupId,
  number: sale.id,
  isOfOperator: true,
  change,
})
const commitOf = (sale: TopupView, change: Change): Step => ({
  at: sale.updatedAt,
  kind: 'sale',
  operationId: sale.topupId,
  number: sale.id,
  isOfOperator: true,
  change,
})
const sales = [
  { sale: topup, heldAt: on('12:00:00.020') },
  { sale: bundleSale, heldAt: on('12:05:00.020') },
  { sale: topupDecided, heldAt: on('12:20:00.020') },
]

const injected = {
  at: injection.at,
  kind: 'injection',
  operationId: injection.operationId,
  number: injection.id,
  isOfOperator: true,
} as const

const byTime = (one: Step, other: Step): number => Date.parse(one.at) - Date.parse(other.at)

/** The steps of one account, oldest first, with its balance after each. */
const pageOf = (posted: number, steps: readonly Step[]): StatementPage => {
  let after = { posted, reserved: 0, incoming: 0 }
  const entries = [...steps].sort(byTime).map((step, index) => {
    const change = { posted: 0, reserved: 0, incoming: 0, ...step.change }
    after = {
      posted: after.posted + change.posted,
      reserved: after.reserved + change.reserved,
      incoming: after.incoming + change.incoming,
    }
    return StatementEntry.parse({
      seq: index + 1,
      at: step.at,
      kind: step.kind,
      operationId: step.operationId,
      number: step.number,
      operator: step.isOfOperator === true ? tigo : null,
      originSessionId: null,
      reason: step.reason ?? null,
      change,
      after,
    })
  })
  return { currency: 'BOB', entries, next: null }
}

export const floatStatement = pageOf(0, [
  { ...injected, change: { posted: injection.amount } },
  ...sales.flatMap(({ sale, heldAt }) => [
    holdAt(sale, heldAt, { reserved: sale.amount }),
    commitOf(sale, { posted: -sale.amount, reserved: -sale.amount }),
  ]),
])

export const sessionStatement = pageOf(0, [
  {
    at: registeredCaja.createdAt,
    kind: 'opening',
    operationId: ids.caja,
    number: null,
    change: { posted: registeredCaja.balance },
  },
  { ...injected, change: { posted: -injection.amount } },
  ...sales.flatMap(({ sale, heldAt }) => [
    holdAt(sale, heldAt, { incoming: sale.amount }),
    commitOf(sale, { posted: sale.amount, incoming: -sale.amount }),
  ]),
  {
    at: movement.at,
    kind: 'cash-out',
    operationId: movement.operationId,
    number: movement.id,
    reason: movement.reason,
    change: { posted: -movement.amount },
  },
  {
    at: on('20:00:00.000'),
    kind: 'closing',
    operationId: ids.closing,
    number: null,
    change: { posted: -50 },
  },
])

export const report: ShiftReport = {
  session: closedSession,
  totals: [
    { kind: 'initial', operator: null, count: 1, amount: 50_000 },
    { kind: 'sale', operator: tigo, count: 3, amount: 12_950 },
    { kind: 'injection', operator: tigo, count: 1, amount: -40_000 },
    { kind: 'cash-out', operator: null, count: 1, amount: -500 },
  ],
  pending: closedSession.pending,
  expected: 22_450,
  broughtForward: 0,
  atOpening: null,
  atClosing: { operationId: ids.closing, at: on('20:00:00.000'), amount: -50 },
}

/** The three sales of the day, at noon by the shop's clock. */
export const dayReport = DayReport.parse({
  day,
  position: 118,
  sums: [{ operator: tigo, cajaId: 1, hour: 12, state: 'committed', count: 3, amount: 12_950 }],
  sessions: [closedSession],
})

export const dayClosing = DayClosing.parse({
  number: 12,
  currency: 'BOB',
  by: 'Eva Paz (1)',
  at: on('21:00:00.000'),
  previous: null,
  report: dayReport,
})
