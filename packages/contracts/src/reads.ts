import { z } from 'zod'
import { CarrierName } from './carriers.ts'
import { MerchantId, OperatorName, SequenceId } from './ids.ts'
import { Currency, Money } from './money.ts'
import { CajaView, FloatView, InjectionView, SessionView, TopupState, TopupView } from './views.ts'

/** The ledger's birth: a random namespace made with its database, so no derived id returns after a reset. */
export const LedgerIdentity = z.strictObject({ bornAt: z.iso.datetime(), namespace: z.uuid() })
export type LedgerIdentity = z.infer<typeof LedgerIdentity>

export const pageSizeMax = 500

/**
 * Header of a read of one shop: the newest block of its partition that the caller knows from an event. The answer shows at
 * least that block.
 */
export const ledgerPositionHeader = 'x-ledger-position'

/** Filters of a history, as query parameters. */
export const HistoryQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageSizeMax).default(pageSizeMax),
  cursor: z.coerce.number().int().positive().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  operator: OperatorName.optional(),
  state: TopupState.optional(),
  sessionId: z.coerce.number().pipe(SequenceId).optional(),
  /** Sales to that number, as it was dialled. */
  phoneNumber: z
    .string()
    .regex(/^[0-9]{1,20}$/)
    .optional(),
})
export type HistoryQuery = z.infer<typeof HistoryQuery>

/** Selects a page of a work list, oldest first. */
export const PageQuery = HistoryQuery.pick({ limit: true, cursor: true })
export type PageQuery = z.infer<typeof PageQuery>

/** One page, newest first; `next` is the cursor of the page after it. Sessions the items name come along. */
const page = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    sessions: z.array(SessionView),
    next: z.int().positive().nullable(),
    total: z.int().nonnegative(),
  })

export const TopupPage = page(TopupView)
export type TopupPage = z.infer<typeof TopupPage>
export const InjectionPage = page(InjectionView)
export type InjectionPage = z.infer<typeof InjectionPage>
export const FloatList = z.array(FloatView)
export const CajaList = z.array(CajaView)
export const CajaWithSessions = z.strictObject({ caja: CajaView, sessions: z.array(SessionView) })
export type CajaWithSessions = z.infer<typeof CajaWithSessions>

/** Sales that wait for a person, the longest first. */
export const ReviewList = z.array(TopupView)

/** Discrepancies of one sale. */
export const saleCaseKinds = [
  'authorized-after-release',
  'rejected-after-commit',
  /** The carrier confirmed the sale, but of another amount, number, provider or bundle. */
  'echo-differs',
  /** The adapter has closed the sale for a decision that this ledger does not hold, for example after a restore. */
  'closed-without-decision',
] as const
export type SaleCaseKind = (typeof saleCaseKinds)[number]
export const caseKinds = [...saleCaseKinds, 'carrier-balance-differs'] as const

/** Sales with held money, of every shop or of one. */
export const HeldQuery = z.strictObject({
  state: TopupState.extract(['reserved', 'in-review']),
  merchant: MerchantId.optional(),
  limit: HistoryQuery.shape.limit,
})
export type HeldQuery = z.infer<typeof HeldQuery>
/** The oldest first, each with its attempts at the carrier. */
export const HeldSales = z.array(TopupView)

/** Cajas of every shop that were retired with cash in the drawer, or with sales still pending. */
export const RetiredCajas = z.array(z.strictObject({ merchant: MerchantId, caja: CajaView }))
export type RetiredCajas = z.infer<typeof RetiredCajas>

/** A person's word that a discrepancy is explained, or dealt with outside the system. It moves no money. */
export const CaseClosing = z.strictObject({
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
})
export type CaseClosing = z.infer<typeof CaseClosing>

/** A discrepancy a person must see, open until a named person closes it. */
export const CaseView = z.strictObject({
  id: z.string(),
  kind: z.enum(caseKinds),
  currency: Currency,
  amount: Money.nullable(),
  topup: TopupView.nullable(),
  /** A balance difference in the carrier's own unit, with its period and the sales that may explain it. */
  mismatch: z
    .strictObject({
      carrierAmount: z.int(),
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      likely: z.array(TopupView),
    })
    .nullable(),
  openedAt: z.iso.datetime(),
  /** null: it is open. */
  closing: CaseClosing.nullable(),
})
export type CaseView = z.infer<typeof CaseView>
export const CaseList = z.array(CaseView)

/** Availability of one operation of a carrier. */
export const CarrierOperationState = z.strictObject({
  available: z.boolean(),
  reason: z.string().nullable(),
  breaker: z.enum(['closed', 'open', 'half-open']),
})
export type CarrierOperationState = z.infer<typeof CarrierOperationState>

/** Availability of one carrier for top-ups and for bundles. */
export const CarrierState = z.strictObject({
  ...CarrierOperationState.shape,
  bundles: CarrierOperationState,
  /** Operators (slugs) of the carrier's own list; null for a carrier without one, or before it was read. */
  offered: z.array(z.string()).nullable(),
})
export type CarrierState = z.infer<typeof CarrierState>

/** The state of each carrier that the adapter sells through. */
export const CarrierStates = z.partialRecord(CarrierName, CarrierState)
export type CarrierStates = z.infer<typeof CarrierStates>
