import type {
  CarrierName,
  Currency,
  MerchantId,
  Money,
  OperationId,
  OperatorName,
  ShopDay,
} from '@recargas/contracts'
import {
  cajaFields,
  sessionFields,
  type Account,
  type Caja,
  type Case,
  type Injection,
  type Merchant,
  type Session,
  type Topup,
} from '../accounting/entities.ts'
import { isHeld } from '../accounting/held-guards.ts'
import {
  date,
  entityFields,
  long,
  storedFields,
  type Stored,
  type StoredFields,
} from './stored-values.ts'

/** The kinds of document that lie in `balances` and `cash`. */
export const stateKinds = ['account', 'merchant', 'caja', 'session'] as const
type StateKind = (typeof stateKinds)[number]
export const stateId = <Kind extends StateKind>(is: Kind, key: string | number) =>
  `${is}/${key}` as const
/** @param id of the account, as the lines of entries name it */
export const accountDocId = (id: string) => stateId('account', id)
export const merchantDocId = (merchant: string) => stateId('merchant', merchant)
export const cajaDocId = (merchant: string, id: number) => stateId('caja', `${merchant}/${id}`)
export const sessionDocId = (merchant: string, id: number) =>
  stateId('session', `${merchant}/${id}`)
const keyOf = (is: StateKind, _id: string): string => _id.slice(is.length + 1)

export const accountDocument = (account: Account, partition: number) => ({
  _id: accountDocId(account.id),
  is: 'account' as const,
  p: partition,
  merchant: account.merchant as string,
  currency: account.currency as string,
  kind: account.kind as string,
  of: account.of,
  number: account.number,
  posted: long(account.posted),
  reserved: long(account.reserved),
  incoming: long(account.incoming),
  createdAt: date(account.createdAt),
  updatedAt: date(account.updatedAt),
})
export type AccountDocument = Stored<ReturnType<typeof accountDocument>>

export const accountOf = (stored: AccountDocument): Account => ({
  id: keyOf('account', stored._id),
  merchant: stored.merchant as MerchantId,
  currency: stored.currency as Currency,
  kind: stored.kind as Account['kind'],
  of: stored.of,
  number: stored.number,
  posted: stored.posted,
  reserved: stored.reserved,
  incoming: stored.incoming,
  createdAt: stored.createdAt.getTime(),
  updatedAt: stored.updatedAt.getTime(),
})

export const merchantDocument = (merchant: Merchant, partition: number) => ({
  _id: merchantDocId(merchant.id),
  is: 'merchant' as const,
  p: partition,
  currency: merchant.currency as string,
  sequences: { ...merchant.sequences },
})
export type MerchantDocument = ReturnType<typeof merchantDocument>

export const merchantOf = (stored: MerchantDocument): Merchant => ({
  id: keyOf('merchant', stored._id) as MerchantId,
  currency: stored.currency as Currency,
  sequences: stored.sequences,
})

export const cajaDocument = (caja: Caja, partition: number) => ({
  _id: cajaDocId(caja.merchant, caja.id),
  is: 'caja' as const,
  p: partition,
  ...storedFields(caja, cajaFields),
})
export type CajaDocument = StoredFields<Caja, typeof cajaFields> & {
  readonly _id: ReturnType<typeof cajaDocId>
  readonly is: 'caja'
  readonly p: number
}

export const cajaOf = (stored: CajaDocument): Caja => entityFields<Caja>(stored, cajaFields)

export const sessionDocument = (session: Session, partition: number) => ({
  _id: sessionDocId(session.merchant, session.id),
  is: 'session' as const,
  p: partition,
  ...storedFields(session, sessionFields),
})
export type SessionDocument = StoredFields<Session, typeof sessionFields> & {
  readonly _id: ReturnType<typeof sessionDocId>
  readonly is: 'session'
  readonly p: number
}

export const sessionOf = (stored: SessionDocument): Session =>
  entityFields<Session>(stored, sessionFields)

/** `open` exists only while money is held, so that a partial index finds just those. */
export const topupDocument = (topup: Topup, partition: number) => ({
  _id: topup.id as string,
  p: partition,
  merchant: topup.merchant as string,
  number: topup.number,
  currency: topup.currency as string,
  sessionId: topup.sessionId,
  cajaId: topup.cajaId,
  actor: { ...topup.actor },
  operator: topup.operator as string,
  carrier: topup.carrier as string,
  slug: topup.slug,
  phone: topup.phone,
  amount: long(topup.amount),
  carrierAmount: long(topup.carrierAmount),
  confirmDuplicate: topup.confirmDuplicate,
  fingerprint: topup.fingerprint,
  ...(topup.bundle === null ? {} : { bundle: { ...topup.bundle } }),
  ...(topup.terms === undefined ? {} : { terms: { ...topup.terms } }),
  correlationId: topup.correlationId,
  requestedAt: date(topup.requestedAt),
  day: topup.day as string,
  reservedAt: date(topup.reservedAt),
  ...topupProgress(topup),
  ...(isHeld(topup) ? { open: true as const } : {}),
})
export type TopupDocument = Stored<ReturnType<typeof topupDocument>>

const topupProgress = (topup: Topup) => ({
  state: topup.state as string,
  releaseReason: topup.releaseReason as string | null,
  invalid: topup.invalid,
  cases: [...topup.cases],
  attempts: [...topup.attempts],
  decision: topup.decision,
  updatedAt: date(topup.updatedAt),
  progressAt: date(topup.progressAt),
})

export const topupOf = (stored: TopupDocument): Topup => ({
  id: stored._id as OperationId,
  number: stored.number,
  merchant: stored.merchant as MerchantId,
  currency: stored.currency as Currency,
  sessionId: stored.sessionId,
  cajaId: stored.cajaId,
  actor: stored.actor,
  operator: stored.operator as OperatorName,
  carrier: stored.carrier as CarrierName,
  slug: stored.slug,
  phone: stored.phone,
  amount: stored.amount as Money,
  carrierAmount: stored.carrierAmount,
  confirmDuplicate: stored.confirmDuplicate,
  fingerprint: stored.fingerprint,
  bundle: stored.bundle ?? null,
  ...(stored.terms === undefined ? {} : { terms: stored.terms }),
  state: stored.state as Topup['state'],
  releaseReason: stored.releaseReason as Topup['releaseReason'],
  invalid: stored.invalid,
  cases: stored.cases,
  attempts: stored.attempts,
  decision: stored.decision,
  correlationId: stored.correlationId,
  requestedAt: stored.requestedAt.getTime(),
  day: stored.day as ShopDay,
  reservedAt: stored.reservedAt.getTime(),
  updatedAt: stored.updatedAt.getTime(),
  progressAt: stored.progressAt.getTime(),
})

export const injectionDocument = (injection: Injection, partition: number) => ({
  _id: injection.id as string,
  p: partition,
  merchant: injection.merchant as string,
  number: injection.number,
  currency: injection.currency as string,
  sessionId: injection.sessionId,
  userId: injection.userId,
  operator: injection.operator as string,
  amount: long(injection.amount),
  at: date(injection.at),
})
export type InjectionDocument = Stored<ReturnType<typeof injectionDocument>>

export const injectionOf = (stored: InjectionDocument): Injection => ({
  id: stored._id as OperationId,
  number: stored.number,
  merchant: stored.merchant as MerchantId,
  currency: stored.currency as Currency,
  sessionId: stored.sessionId,
  userId: stored.userId,
  operator: stored.operator as OperatorName,
  amount: stored.amount as Money,
  at: stored.at.getTime(),
})

export const caseDocument = (discrepancy: Case, partition: number) => ({
  _id: discrepancy.id,
  p: partition,
  merchant: discrepancy.merchant as string,
  state: 'open',
  openedAt: date(discrepancy.openedAt),
  ...whatDiffers(discrepancy),
})

const whatDiffers = (discrepancy: Case) =>
  discrepancy.kind === 'carrier-balance-differs'
    ? {
        kind: discrepancy.kind,
        currency: discrepancy.currency as string,
        carrierAmount: long(discrepancy.carrierAmount),
        from: date(discrepancy.from),
        to: date(discrepancy.to),
        likely: [...discrepancy.likely],
      }
    : {
        kind: discrepancy.kind,
        topupId: discrepancy.topupId,
        amount: long(discrepancy.amount),
      }

/** Fields of both kinds of case. */
type CaseCommon = {
  readonly _id: string
  readonly p: number
  readonly merchant: string
  readonly state: string
  readonly openedAt: Date
}
export type CaseDocument = CaseCommon & Differing<ReturnType<typeof whatDiffers>>
type Differing<Kinds> = Kinds extends unknown ? Stored<Kinds> : never
