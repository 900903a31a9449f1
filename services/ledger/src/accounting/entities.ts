import type {
  Actor,
  AttemptSummary,
  Bundle,
  CarrierName,
  CarrierTerms,
  CountCorrection,
  CountedNotes,
  Currency,
  DecisionResult,
  MerchantId,
  Money,
  OperationId,
  OperatorName,
  ReleaseReason,
  SaleCaseKind,
  ShopDay,
  TopupState,
} from '@recargas/contracts'

/** Instants in the domain are milliseconds since 1970, as the clock gave them. */
export type Instant = number

/**
 * `posted` is signed, debits positive; `reserved` is money held to go out, `incoming` money held to come in.
 * Available = posted - reserved: incoming money is not yet available.
 */
export type Balances = {
  readonly posted: number
  readonly reserved: number
  readonly incoming: number
}
export const noBalances: Balances = { posted: 0, reserved: 0, incoming: 0 }

/** One account of a merchant's chart. */
export type Account = Balances & {
  readonly id: string
  readonly merchant: MerchantId
  readonly currency: Currency
  readonly kind: AccountKind
  /** The operator's name, the caja's number, or empty. */
  readonly of: string
  /** The number a POS sees; floats only. */
  readonly number: number | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export const accountKinds = [
  'float',
  'drawer',
  /** Cash that a count found missing and that a drawer's posted balance could not bear: never above zero. */
  'drawer-shortage',
  'equity/opening',
  'over-short',
  'other-income',
  'other-expense',
  'carrier-discrepancy',
] as const
export type AccountKind = (typeof accountKinds)[number]

/** Accounts whose available balance is never negative. */
export const isGuarded = (kind: AccountKind): boolean => kind === 'float' || kind === 'drawer'

export const accountId = (merchant: MerchantId, kind: AccountKind, of = ''): string =>
  of === '' ? `${merchant}/${kind}` : `${merchant}/${kind}/${of}`

/** A merchant's currency and the last numbers given; numbers a POS sees start at 1. */
export type Merchant = {
  readonly id: MerchantId
  readonly currency: Currency
  readonly sequences: Sequences
}
export const noSequences = {
  topup: 0,
  injection: 0,
  movement: 0,
  caja: 0,
  session: 0,
  operator: 0,
}
export type Sequences = Readonly<Record<keyof typeof noSequences, number>>

/** The form of an entity's field in a document; `by-name`: added after version 1 of the log, absent where it says nothing. */
export type FieldKind = 'as-is' | 'amount' | 'instant' | 'by-name'

/** A till with a cash drawer; its cash is the account `drawer/<id>`. */
export type Caja = {
  readonly merchant: MerchantId
  readonly id: number
  readonly name: string
  readonly specialty: 'SOLO_VENTAS' | 'SOLO_AGENTES' | 'MIXTA'
  readonly active: boolean
  readonly openSession: number | null
  /** The last session that was closed here; null before the first. */
  readonly lastSession: number | null
  /** No session has been open since: the last one's closing, or the caja's making. */
  readonly idleFrom: Instant
  readonly createdBy: string
  readonly updatedBy: string | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** Every field of a caja, in the order in which the log's version 1 holds them. */
export const cajaFields = {
  merchant: 'as-is',
  id: 'as-is',
  name: 'as-is',
  specialty: 'as-is',
  active: 'as-is',
  openSession: 'as-is',
  lastSession: 'as-is',
  idleFrom: 'instant',
  createdBy: 'as-is',
  updatedBy: 'as-is',
  createdAt: 'instant',
  updatedAt: 'instant',
} as const satisfies Readonly<Record<keyof Caja, FieldKind>>

/** A shift at a caja. Once closed its totals never change. */
export type Session = {
  readonly merchant: MerchantId
  readonly id: number
  readonly currency: Currency
  readonly cajaId: number
  readonly userId: string
  readonly createdBy: string
  readonly updatedBy: string | null
  readonly state: 'open' | 'closed'
  /** The caja's session before this one; null for the first. Cash that moved between the two belongs to this one. */
  readonly previous: number | null
  readonly idleFrom: Instant
  /** Settled cash in the drawer once the opening was counted. */
  readonly opening: number
  readonly openingCounted: number | null
  readonly openingDifference: number | null
  readonly income: number
  readonly outgo: number
  /** Cash taken for sales not settled yet; frozen at closing. */
  readonly pending: number
  /** Cash in the same drawer of earlier sessions' sales that are not settled yet; frozen at closing. */
  readonly pendingEarlier: number
  /** Cash that earlier counts booked as short and the drawer's posted balance does not bear: not expected again. */
  readonly shortage: number
  /** Opening plus income less outgo and shortage. */
  readonly expected: number | null
  readonly counted: number | null
  readonly difference: number | null
  readonly remarks: string | null
  readonly openedAt: Instant
  readonly openedDay: ShopDay
  readonly closedAt: Instant | null
  readonly closedDay: ShopDay | null
  readonly updatedAt: Instant
  /** Notes and coins of the closing count, where the till sent them. */
  readonly countedNotes?: readonly CountedNotes[]
  /** The closing user's explanation of the difference. */
  readonly differenceReason?: string
  /** Corrections of the closing count, oldest first. */
  readonly corrections?: readonly CountCorrection[]
}

/** Every field of a session, in the order in which the log's version 1 holds them. */
export const sessionFields = {
  merchant: 'as-is',
  id: 'as-is',
  currency: 'as-is',
  cajaId: 'as-is',
  userId: 'as-is',
  createdBy: 'as-is',
  updatedBy: 'as-is',
  state: 'as-is',
  previous: 'as-is',
  idleFrom: 'instant',
  opening: 'amount',
  openingCounted: 'amount',
  openingDifference: 'amount',
  income: 'amount',
  outgo: 'amount',
  pending: 'amount',
  pendingEarlier: 'amount',
  shortage: 'amount',
  expected: 'amount',
  counted: 'amount',
  difference: 'amount',
  remarks: 'as-is',
  openedAt: 'instant',
  openedDay: 'as-is',
  closedAt: 'instant',
  closedDay: 'as-is',
  updatedAt: 'instant',
  countedNotes: 'by-name',
  differenceReason: 'by-name',
  corrections: 'by-name',
} as const satisfies Readonly<Record<keyof Session, FieldKind>>

/** A person's decision on a sale in review. */
export type Decision = {
  readonly operationId: OperationId
  readonly result: DecisionResult
  readonly evidence: string
  readonly note: string
  readonly by: Actor
  readonly at: Instant
  readonly confirmedBy: Actor | null
  readonly confirmedAt: Instant | null
  /** No second person must confirm: the adapter is asked to close the sale. */
  readonly isFinal: boolean
}

/** One sale and, while it is open, the reservation it holds. */
export type Topup = {
  readonly id: OperationId
  readonly number: number
  readonly merchant: MerchantId
  readonly currency: Currency
  readonly sessionId: number
  readonly cajaId: number
  readonly actor: Actor
  readonly operator: OperatorName
  readonly carrier: CarrierName
  readonly slug: string
  readonly phone: string
  readonly amount: Money
  readonly carrierAmount: number
  readonly confirmDuplicate: boolean
  /** Fingerprint of the till's request: the same id with another fingerprint is refused. */
  readonly fingerprint: string
  /** The mobile package that is sold; null for a plain top-up. */
  readonly bundle: Bundle | null
  readonly state: TopupState
  readonly releaseReason: ReleaseReason | null
  readonly invalid: {
    readonly field?: string | undefined
    readonly message?: string | undefined
  } | null
  /** The kinds of its cases: a person must look, and each kind is opened once. */
  readonly cases: readonly SaleCaseKind[]
  readonly attempts: readonly AttemptSummary[]
  readonly decision: Decision | null
  /** Conditions of the operator's row in the catalogue, for the carrier. */
  readonly terms?: CarrierTerms
  readonly correlationId: string
  readonly requestedAt: Instant
  /** The day of the sale at its shop, as it was when the sale was reserved. */
  readonly day: ShopDay
  readonly reservedAt: Instant
  readonly updatedAt: Instant
  /** The last sign of life, or the time the adapter promised the next; the sweeper waits for it. */
  readonly progressAt: Instant
}

/** Float bought with drawer cash. */
export type Injection = {
  readonly id: OperationId
  readonly number: number
  readonly merchant: MerchantId
  readonly currency: Currency
  readonly sessionId: number
  readonly userId: string
  readonly operator: OperatorName
  readonly amount: Money
  readonly at: Instant
}

/** A discrepancy a person must see. */
export type Case = {
  readonly id: string
  readonly merchant: MerchantId
  readonly openedAt: Instant
} & (
  | {
      readonly kind: SaleCaseKind
      readonly topupId: OperationId
      readonly amount: Money
    }
  | {
      readonly kind: 'carrier-balance-differs'
      readonly currency: Currency
      /** The carrier's unexplained change, in its own unit; negative where its balance fell by less than the sales. */
      readonly carrierAmount: number
      readonly from: Instant
      readonly to: Instant
      readonly likely: readonly OperationId[]
    }
)

/** An earlier sale under a duplicate guard's key, with the time of its reservation. */
export type Recent = {
  readonly operationId: OperationId
  readonly number: number
  readonly at: Instant
}
