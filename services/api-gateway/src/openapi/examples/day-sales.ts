import {
  money,
  type AttemptSummary,
  type Bundle,
  type CaseView,
  type DecisionView,
  type TimelineEntry,
  type TopupView,
} from '@recargas/contracts'
import { administrator, cashier, ids, merchant, on, otherAdministrator, tigo } from './day.ts'

const attemptAt = (
  attempt: number,
  startedAt: string,
  endedAt: string,
  seen: Pick<AttemptSummary, 'observed' | 'row'> & Partial<AttemptSummary>,
): AttemptSummary => ({
  attempt,
  startedAt: on(startedAt),
  endedAt: on(endedAt),
  ...seen,
})

const stepsOf = (attempts: readonly AttemptSummary[]): readonly TimelineEntry[] =>
  attempts.map((attempt) => ({
    at: attempt.endedAt ?? attempt.startedAt,
    step: 'attempt',
    attempt,
  }))

const authorized = { observed: '200 authorized', row: 1, httpStatus: 200 } as const

export const topup: TopupView = {
  topupId: ids.topup,
  id: 1,
  merchant,
  currency: 'BOB',
  sessionId: 1,
  userId: cashier,
  operator: tigo,
  number: '78945612',
  amount: money(1_050),
  state: 'committed',
  requestedAt: on('12:00:00.000'),
  updatedAt: on('12:00:01.000'),
}

export const bundle: Bundle = { provider: '3', code: '024', name: '200 minutos' }

export const bundleSale: TopupView = {
  ...topup,
  topupId: ids.bundle,
  id: 2,
  number: '71234567',
  amount: money(9_900),
  bundle,
  requestedAt: on('12:05:00.000'),
  updatedAt: on('12:05:01.000'),
}

/** The same purchase, as answered to a client that did not wait for its end. */
export const pendingBundleSale: TopupView = {
  ...bundleSale,
  state: 'reserved',
  updatedAt: on('12:05:00.020'),
}

const bundleAttempts = [
  attemptAt(1, '12:05:00.060', '12:05:00.940', { ...authorized, carrierStatus: 'authorized' }),
]

export const bundleSaleWithHistory: TopupView = {
  ...bundleSale,
  attempts: bundleAttempts,
  timeline: [
    { at: on('12:05:00.000'), step: 'requested', by: cashier },
    { at: on('12:05:00.020'), step: 'reserved' },
    ...stepsOf(bundleAttempts),
    { at: on('12:05:01.000'), step: 'committed' },
  ],
}

export const pendingTopup: TopupView = {
  ...topup,
  topupId: ids.review,
  id: 3,
  number: '76543210',
  amount: money(2_000),
  state: 'reserved',
  requestedAt: on('12:20:00.000'),
  updatedAt: on('12:20:00.020'),
}

const timeOut = { observed: 'time-out after 8000 ms', row: 9, unclear: true } as const
const reviewAttempts = [
  attemptAt(1, '12:20:00.100', '12:20:08.100', timeOut),
  attemptAt(2, '12:20:10.100', '12:20:18.100', timeOut),
  attemptAt(3, '12:20:30.100', '12:20:38.100', timeOut),
  attemptAt(4, '12:21:00.100', '12:21:08.100', timeOut),
  attemptAt(5, '12:22:00.100', '12:22:08.100', timeOut),
]
const reviewSteps: readonly TimelineEntry[] = [
  { at: on('12:20:00.000'), step: 'requested', by: cashier },
  { at: on('12:20:00.020'), step: 'reserved' },
  ...stepsOf(reviewAttempts),
  { at: on('12:22:08.200'), step: 'in-review' },
]

export const topupInReview: TopupView = {
  ...pendingTopup,
  state: 'in-review',
  updatedAt: on('12:22:08.200'),
  attempts: reviewAttempts,
  timeline: [...reviewSteps],
}

const decision: DecisionView = {
  result: 'authorized',
  evidence: 'ticket 4711',
  note: 'confirmado por teléfono',
  by: administrator,
  at: on('13:00:00.000'),
  confirmedBy: null,
  isFinal: false,
}
const decided: TimelineEntry = { at: decision.at, step: 'decided', by: decision.by }

/** After the first of two decisions. */
export const topupDecidedOnce: TopupView = {
  ...topupInReview,
  updatedAt: decision.at,
  decision,
  timeline: [...reviewSteps, decided],
}

/** After the second one. */
export const topupDecided: TopupView = {
  ...topupInReview,
  state: 'committed',
  updatedAt: on('13:30:00.400'),
  decision: { ...decision, confirmedBy: otherAdministrator, isFinal: true },
  timeline: [
    ...reviewSteps,
    decided,
    { at: on('13:30:00.000'), step: 'decided', by: otherAdministrator },
    { at: on('13:30:00.400'), step: 'committed' },
  ],
}

const { timeline: _, ...withoutTimeline } = topupDecided

/** The carrier took the cost of sale 3 while the books still held it; the decision explains the difference. */
export const carrierCase: CaseView = {
  id: `${ids.reconciliation}:carrier-balance-differs`,
  kind: 'carrier-balance-differs',
  currency: 'BOB',
  amount: null,
  topup: null,
  mismatch: {
    carrierAmount: 2_000,
    from: on('12:15:00.000'),
    to: on('12:35:00.000'),
    likely: [withoutTimeline],
  },
  openedAt: on('12:35:00.000'),
  closing: {
    by: 'Ana Rojas',
    reason: 'La recarga 3 quedó autorizada.',
    at: on('13:45:00.000'),
  },
}
