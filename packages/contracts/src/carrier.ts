import { z } from 'zod'
import { Bundle } from './bundles.ts'
import { CarrierName, CarrierTerms } from './carriers.ts'
import { envelopeOf } from './envelope.ts'
import { MerchantId, OperationId, OperatorName } from './ids.ts'
import { Currency, Money } from './money.ts'

/** The carrier's job. The ledger's sweeper publishes it again to ask for the outcome. */
export const FundsReserved = z.strictObject({
  topupId: OperationId,
  merchant: MerchantId,
  operator: OperatorName,
  carrier: CarrierName,
  slug: z.string().min(1).max(20),
  number: z.string().min(1).max(20),
  amount: Money,
  carrierAmount: z.int().positive(),
  requestedAt: z.iso.datetime(),
  /** The mobile package to buy; without one it is a plain top-up. */
  bundle: Bundle.optional(),
  terms: CarrierTerms.optional(),
})
export type FundsReserved = z.infer<typeof FundsReserved>
/** A sale whose money is held: deliver it. Repeated, it asks for the verdict so far. */
export const FundsReservedMessage = envelopeOf('FundsReserved.v1', FundsReserved)
export type FundsReservedMessage = z.infer<typeof FundsReservedMessage>

/** A person has decided: no attempt may start any more. The adapter answers with a `closed` verdict. */
export const CloseTopupMessage = envelopeOf('CloseTopup.v1', FundsReserved)
export type CloseTopupMessage = z.infer<typeof CloseTopupMessage>

/** The adapter's jobs. */
export const CarrierJob = z.discriminatedUnion('type', [FundsReservedMessage, CloseTopupMessage])
export type CarrierJob = z.infer<typeof CarrierJob>

/** The fields of a sale that the carrier's answer repeats. */
export const echoFields = ['amount', 'number', 'provider', 'bundle'] as const
export type EchoField = (typeof echoFields)[number]

/** The combined proof of all attempts of a top-up. */
export const verdictKinds = [
  'authorized',
  'rejected',
  'pending',
  'unresolved',
  'not-sent',
  'misconfigured',
  'invalid',
] as const
export const VerdictKind = z.enum(verdictKinds)
export type VerdictKind = z.infer<typeof VerdictKind>

/** A sum in the currency of the carrier's account, which need not be the merchant's; the exact literal. */
export const CarrierCost = z.strictObject({
  amount: z.string().regex(/^\d{1,12}(\.\d{1,5})?$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
})
export type CarrierCost = z.infer<typeof CarrierCost>

/** One carrier call in the ledger's record: the observation and the deciding row of that carrier's table. */
export const AttemptSummary = z.strictObject({
  attempt: z.int().positive(),
  /** A question about an earlier attempt, which it cannot change. */
  lookup: z.literal(true).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  row: z.int().min(1).max(99).optional(),
  observed: z.string().max(200),
  httpStatus: z.int().optional(),
  carrierStatus: z.string().max(64).optional(),
  resultCode: z.string().max(64).optional(),
  /** The carrier's own id of the sale. */
  reference: z.string().max(64).optional(),
  /** The debit at the carrier, a decimal in the currency of the account there. */
  cost: CarrierCost.optional(),
  /** The call leaves open if the carrier sold; one row may hold clear answers and unclear ones. */
  unclear: z.literal(true).optional(),
})
export type AttemptSummary = z.infer<typeof AttemptSummary>

/** Reasons for which the adapter keeps a bundle from the carrier, by the carrier's list at that moment. */
export const withheldReasons = ['price-changed', 'price-unconfirmed', 'not-offered'] as const
export const WithheldReason = z.enum(withheldReasons)
export type WithheldReason = z.infer<typeof WithheldReason>

export const CarrierVerdict = z.strictObject({
  topupId: OperationId,
  merchant: MerchantId,
  verdict: VerdictKind,
  attempts: z.array(AttemptSummary).max(200),
  /** When the adapter looks again; until then the ledger counts the wait as progress. */
  nextAt: z.iso.datetime().optional(),
  /** No attempt runs and none will ever start: the acknowledgement that lets a person's decision settle. */
  closed: z.literal(true).optional(),
  /** The carrier's complaint about the request (its `field` and `error_message`). */
  invalid: z
    .strictObject({ field: z.string().max(64).optional(), message: z.string().max(300).optional() })
    .optional(),
  /** Authorized by an answer that repeats these fields of the sale otherwise than they were sent: a person must look. */
  differs: z.array(z.enum(echoFields)).min(1).max(echoFields.length).optional(),
  /** Not sent, because the bundle is not on the carrier's list as it was quoted. */
  withheld: WithheldReason.optional(),
})
export type CarrierVerdict = z.infer<typeof CarrierVerdict>
/** The verdict over all attempts of a sale so far. */
export const CarrierVerdictMessage = envelopeOf('CarrierVerdict.v1', CarrierVerdict)
export type CarrierVerdictMessage = z.infer<typeof CarrierVerdictMessage>

/**
 * The carrier's balance moved by another sum than our sales: a person must see the case.
 * `operationId` is derived from the reconciliation, so that a repeated message opens one case.
 */
export const CarrierMismatch = z.strictObject({
  operationId: OperationId,
  merchant: MerchantId,
  currency: Currency,
  /** The carrier's decrease less our committed sales, in its own unit; negative where it took less. */
  carrierAmount: z.int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** The sales that may explain it, the likeliest first. */
  likely: z.array(OperationId).max(20),
})
export type CarrierMismatch = z.infer<typeof CarrierMismatch>
/** A reconciliation found a difference: the ledger opens a case. */
export const CarrierMismatchMessage = envelopeOf('CarrierMismatch.v1', CarrierMismatch)
export type CarrierMismatchMessage = z.infer<typeof CarrierMismatchMessage>
