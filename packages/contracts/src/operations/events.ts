import { z } from 'zod'
import { envelopeOf } from '../envelope.ts'
import { pressRefusalCodes } from '../errors.ts'
import { Fingerprint, MerchantId, OperationId, OperatorName } from '../ids.ts'
import { Currency, Money } from '../money.ts'
import { RefusalDetails } from '../refusals.ts'
import { TopupView } from '../views.ts'
import { OperationResult, refusalCodes } from './registry.ts'

export const Refusal = z.strictObject({
  code: z.enum([...refusalCodes, ...pressRefusalCodes]),
  details: RefusalDetails,
  /** Of the amounts in the details. */
  currency: Currency.optional(),
})
export type Refusal = z.infer<typeof Refusal>

/** The refusal that an operation ended with; one of a press alone is no outcome. */
const FinalRefusal = Refusal.extend({ code: z.enum(refusalCodes) })

/** What the ledger knows of one operation id; the fingerprint is the one it was first asked for with. */
export const OperationAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('topup'), fingerprint: Fingerprint, topup: TopupView }),
  z.strictObject({ kind: z.literal('applied'), fingerprint: Fingerprint, result: OperationResult }),
  z.strictObject({ kind: z.literal('refused'), fingerprint: Fingerprint, refusal: FinalRefusal }),
  /** No outcome so far: it proves nothing, since a command may still be on its way. */
  z.strictObject({ kind: z.literal('absent') }),
])
export type OperationAnswer = z.infer<typeof OperationAnswer>

/**
 * Of the block that holds the outcome, or of a later one, in the partition of the merchant: reads that name it show the
 * outcome. Missing in events of an earlier version.
 */
const position = z.int().nonnegative().optional()

const refused = {
  operationId: OperationId,
  merchant: MerchantId,
  fingerprint: Fingerprint,
  refusal: Refusal,
  /** Of EXPIRED alone: every press of the operation whose `acceptUntil` is not later is refused for ever. */
  acceptUntil: z.iso.datetime().optional(),
  position,
}

export const eventSchemas = {
  TopupSettled: envelopeOf(
    'TopupSettled.v1',
    z.strictObject({ ...TopupView.shape, fingerprint: Fingerprint, position }),
  ),
  FundsRefused: envelopeOf('FundsRefused.v1', z.strictObject(refused)),
  OperationApplied: envelopeOf(
    'OperationApplied.v1',
    z.strictObject({
      operationId: OperationId,
      merchant: MerchantId,
      fingerprint: Fingerprint,
      result: OperationResult,
      position,
    }),
  ),
  OperationRefused: envelopeOf('OperationRefused.v1', z.strictObject(refused)),
  FloatLow: envelopeOf(
    'FloatLow.v1',
    z.strictObject({
      merchant: MerchantId,
      operator: OperatorName,
      currency: Currency,
      available: z.int(),
      spentLastHour: Money,
      runwayMinutes: z.int().nonnegative().nullable(),
    }),
  ),
} as const

/** A float that became low, for whoever refills it; by a routing key of its own, since no sale waits for it. */
export type FloatLowEvent = z.infer<typeof eventSchemas.FloatLow>

/** What the ledger tells every gateway; the fingerprint is the one of the body that it answers. */
export const LedgerEvent = z.discriminatedUnion('type', [
  eventSchemas.TopupSettled,
  eventSchemas.FundsRefused,
  eventSchemas.OperationApplied,
  eventSchemas.OperationRefused,
])
export type LedgerEvent = z.infer<typeof LedgerEvent>

const pulsingServices = ['ledger', 'carrier-adapter', 'api-gateway'] as const
export type PulsingService = (typeof pulsingServices)[number]

/** What every instance says of itself each second: whether it can do its work, and what keeps it from it. */
export const ServicePulse = envelopeOf(
  'ServicePulse.v1',
  z.strictObject({
    service: z.enum(pulsingServices),
    instance: z.string().min(1).max(100),
    ready: z.boolean(),
    reason: z.string().max(1_000).nullable(),
  }),
)
export type ServicePulse = z.infer<typeof ServicePulse>

/** What a gateway's own queue brings. */
export const GatewayNews = z.discriminatedUnion('type', [...LedgerEvent.options, ServicePulse])
export type GatewayNews = z.infer<typeof GatewayNews>
