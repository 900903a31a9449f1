import { z } from 'zod'
import { Bundle } from './bundles.ts'
import { AttemptSummary } from './carrier.ts'
import { releaseReasons } from './errors.ts'
import { MerchantId, OperationId, OperatorName, SequenceId } from './ids.ts'
import { Currency, Money } from './money.ts'
import { ShopDay } from './shop-day.ts'

export const CajaSpecialty = z.enum(['SOLO_VENTAS', 'SOLO_AGENTES', 'MIXTA'])

/** A person's finding about a top-up in review. */
export const decisionResults = ['authorized', 'rejected'] as const
export const DecisionResult = z.enum(decisionResults)
export type DecisionResult = z.infer<typeof DecisionResult>

export const topupStates = ['reserved', 'in-review', 'committed', 'released'] as const
export const TopupState = z.enum(topupStates)
export type TopupState = z.infer<typeof TopupState>

/** A person's word on a top-up in review; with four eyes it counts once somebody else has said the same. */
export const DecisionView = z.strictObject({
  result: DecisionResult,
  evidence: z.string(),
  note: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  confirmedBy: z.string().nullable(),
  isFinal: z.boolean(),
})
export type DecisionView = z.infer<typeof DecisionView>

export const timelineSteps = [
  'requested',
  'reserved',
  'attempt',
  'in-review',
  'decided',
  'committed',
  'released',
  'corrected',
  'case-opened',
] as const
/** One thing that happened to a sale, oldest first. */
export const TimelineEntry = z.strictObject({
  at: z.iso.datetime(),
  step: z.enum(timelineSteps),
  by: z.string().optional(),
  attempt: AttemptSummary.optional(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** A top-up as everyone outside the ledger sees it. */
export const TopupView = z.strictObject({
  topupId: OperationId,
  id: SequenceId,
  merchant: MerchantId,
  currency: Currency,
  sessionId: SequenceId,
  userId: z.string(),
  operator: OperatorName,
  number: z.string(),
  amount: Money,
  bundle: Bundle.optional(),
  state: TopupState,
  releaseReason: z.enum(releaseReasons).optional(),
  invalid: z
    .strictObject({ field: z.string().optional(), message: z.string().optional() })
    .optional(),
  requestedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  attempts: z.array(AttemptSummary).optional(),
  decision: DecisionView.optional(),
  timeline: z.array(TimelineEntry).optional(),
})
export type TopupView = z.infer<typeof TopupView>

/** A mistyped count of a closing, put right afterwards by an Administrador. */
export const CountCorrection = z.strictObject({
  operationId: OperationId,
  /** The count that stood before it, and the right one. */
  counted: Money,
  corrected: Money,
  /** Booked as over (positive) or short. */
  difference: z.int(),
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
})
export type CountCorrection = z.infer<typeof CountCorrection>

/** Banknotes or coins of one value in a counted drawer. `value` in minor units. */
export const CountedNotes = z.strictObject({
  value: Money.positive(),
  count: z.int().nonnegative().max(100_000),
})
export type CountedNotes = z.infer<typeof CountedNotes>

/** A cash session. Amounts in minor units; `difference` may be negative. */
export const SessionView = z.strictObject({
  id: SequenceId,
  cajaId: SequenceId,
  currency: Currency,
  userId: z.string(),
  createdBy: z.string(),
  updatedBy: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  opening: Money,
  /** Cash that came in and went out, settled. */
  income: Money,
  outgo: Money,
  /** Cash taken for sales that are not settled yet. */
  pending: Money,
  /** The same of earlier sessions of the caja: cash in the drawer that no later session sold for. */
  pendingEarlier: Money,
  /** Cash that earlier counts booked as short, beyond the drawer's settled cash. Not expected again. */
  shortage: Money,
  /** The count at the opening and its difference; null where the opening was not counted. */
  openingCounted: Money.nullable(),
  openingDifference: z.int().nullable(),
  expected: z.int().nullable(),
  counted: Money.nullable(),
  difference: z.int().nullable(),
  /** Notes and coins of the closing count, where the till sent them: they add up to `counted`. */
  countedNotes: z.array(CountedNotes).optional(),
  /** The closing user's explanation of the difference. */
  differenceReason: z.string().optional(),
  /** Corrections of its closing count, oldest first; absent for none. The figures above stay as they were at the closing. */
  corrections: z.array(CountCorrection).optional(),
  openedAt: z.iso.datetime(),
  /** The shop's days of opening and closing, as they were then. */
  openedDay: ShopDay,
  closedAt: z.iso.datetime().nullable(),
  closedDay: ShopDay.nullable(),
  updatedAt: z.iso.datetime(),
})
export type SessionView = z.infer<typeof SessionView>

export const CajaView = z.strictObject({
  id: SequenceId,
  currency: Currency,
  name: z.string(),
  specialty: CajaSpecialty,
  active: z.boolean(),
  balance: z.int(),
  reserved: Money,
  incoming: Money,
  createdBy: z.string(),
  updatedBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type CajaView = z.infer<typeof CajaView>

export const InjectionView = z.strictObject({
  id: SequenceId,
  operationId: OperationId,
  currency: Currency,
  sessionId: SequenceId,
  userId: z.string(),
  operator: OperatorName,
  amount: Money,
  at: z.iso.datetime(),
})
export type InjectionView = z.infer<typeof InjectionView>

export const MovementView = z.strictObject({
  id: SequenceId,
  operationId: OperationId,
  currency: Currency,
  sessionId: SequenceId,
  userId: z.string(),
  direction: z.enum(['in', 'out']),
  amount: Money,
  reason: z.string(),
  at: z.iso.datetime(),
})
export type MovementView = z.infer<typeof MovementView>

export const FloatView = z.strictObject({
  id: SequenceId,
  currency: Currency,
  operator: OperatorName,
  posted: z.int(),
  reserved: Money,
  available: z.int(),
  /** Spending of sales in the last hour, and the time that the float lasts at that pace; null without spending. */
  spentLastHour: Money,
  runwayMinutes: z.int().nonnegative().nullable(),
  /** Below the ledger's limits of runway or amount: the one definition that tills, alerts and operators see. */
  isLow: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type FloatView = z.infer<typeof FloatView>

/** Results that several operations have. */
export const SessionResult = z.strictObject({ kind: z.literal('session'), session: SessionView })
export const CajaResult = z.strictObject({ kind: z.literal('caja'), caja: CajaView })
