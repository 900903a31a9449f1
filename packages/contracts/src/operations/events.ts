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
  /** Currency of the amounts in the details. */
  currency: Currency.optional(),
})
export type Refusal = z.infer<typeof Refusal>

/** The refusal that an operation ended with; one of a press alone is no outcome. */
const FinalRefusal = Refusal.extend({ code: z.enum(refusalCodes) })

/** The ledger's record of one operation id, with the fingerprint of its first request. */
export const OperationAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('topup'), fingerprint: Fingerprint, topup: TopupView }),
  z.strictObject({ kind: z.literal('applied'), fingerprint: Fingerprint, result: OperationResult }),
  z.strictObject({ kind: z.literal('refused'), fingerprint: Fingerprint, refusal: FinalRefusal }),
  /** No outcome so far: it proves nothing, since a command may still be on its way. */
  z.strictObject({ kind: z.literal('absent') }),
])
export type OperationAnswer = z.infer<typeof OperationAnswer>

/**
 * Position of the outcome's block, or of a later one, in the merchant's partition: reads that pass it show the outcome. Missing
 * in events of an earlier version.
 */
const position = z.int().nonnegative().optional()

const refused = {
  operationId: OperationId,
  merchant: MerchantId,
  fingerprint: Fingerprint,
  refusal: Refusal,
  /** For EXPIRED alone: every press of the operation whose `acceptUntil` is not later is refused for ever. */
  acceptUntil: z.iso.datetime().optional(),
  position,
}

export const eventSchemas = {
  /** A sale as it stands after it was reserved, settled or decided; its `state` says which. */
  TopupSettled: envelopeOf(
    'TopupSettled.v1',
    z.strictObject({ ...TopupView.shape, fingerprint: Fingerprint, position }),
  ),
  /** The ledger refused a sale, or one press of it. */
  FundsRefused: envelopeOf('FundsRefused.v1', z.strictObject(refused)),
  /** The ledger applied an operation that is no sale. */
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
  /** The ledger refused an operation that is no sale, or one press of it. */
  OperationRefused: envelopeOf('OperationRefused.v1', z.strictObject(refused)),
  /** A float became low: its pace says that it ends soon, or it is below the limit of the shop. */
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

/** The ledger's events to every gateway; the fingerprint is that of the answered body. */
export const LedgerEvent = z.discriminatedUnion('type', [
  eventSchemas.TopupSettled,
  eventSchemas.FundsRefused,
  eventSchemas.OperationApplied,
  eventSchemas.OperationRefused,
])
export type LedgerEvent = z.infer<typeof LedgerEvent>

const trackedServices = ['ledger', 'carrier-adapter', 'api-gateway'] as const
export type TrackedService = (typeof trackedServices)[number]

/** Each instance's heartbeat, every second: its readiness, and the reason when it is not ready. */
export const ServiceHeartbeat = envelopeOf(
  'ServicePulse.v1',
  z.strictObject({
    service: z.enum(trackedServices),
    instance: z.string().min(1).max(100),
    ready: z.boolean(),
    reason: z.string().max(1_000).nullable(),
  }),
)
export type ServiceHeartbeat = z.infer<typeof ServiceHeartbeat>

/** The messages of a gateway's own queue. */
export const GatewayEvent = z.discriminatedUnion('type', [...LedgerEvent.options, ServiceHeartbeat])
export type GatewayEvent = z.infer<typeof GatewayEvent>
