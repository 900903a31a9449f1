import { z } from 'zod'
import { Bundle } from './bundles.ts'
import { Fingerprint, OperationKind } from './canonical-payload.ts'
import { envelopeOf } from './envelope.ts'
import { gatewayRefusalCodes } from './errors.ts'
import { MerchantId, OperationId, OperatorName, SequenceId } from './ids.ts'
import { Currency, Money } from './money.ts'
import { ShopSettings } from './shop-settings.ts'

export const Role = z.enum(['Administrador', 'Operador', 'Usuario'])
export type Role = z.infer<typeof Role>

/** Who asks, as the token says. */
export const Actor = z.strictObject({
  userId: z.string().min(1).max(64),
  username: z.string().max(120),
  role: Role,
})
export type Actor = z.infer<typeof Actor>

const PhoneNumber = z.string().regex(/^[0-9]{5,20}$/)
const Instant = z.iso.datetime()

/** What every command to the ledger carries. `operationId` has one effect, for ever. */
const press = {
  operationId: OperationId,
  merchant: MerchantId,
  actor: Actor,
  requestedAt: Instant,
  /** After this instant the ledger refuses the command instead of carrying it out. */
  acceptUntil: Instant,
  /** Whether the id was derived from an Idempotency-Key; without one the duplicate guards watch injections. */
  keyed: z.boolean(),
  /** Of what the till sent: the same id with another one is refused. */
  fingerprint: Fingerprint,
}

/** A press that the catalogue allows also carries what the shop is there. */
const operation = { ...press, currency: Currency, shop: ShopSettings }

/** Figures a refusal names, so that the POS can say them: amounts in minor units, ids, names. */
export const RefusalDetails = z.record(z.string(), z.union([z.string(), z.int()]))
export type RefusalDetails = z.infer<typeof RefusalDetails>

/** What a gateway found against a press before it was published. */
export const GatewayRefusal = z.strictObject({
  code: z.enum(gatewayRefusalCodes),
  details: RefusalDetails,
  /** Of the amounts in the details. */
  currency: Currency.optional(),
})
export type GatewayRefusal = z.infer<typeof GatewayRefusal>

/**
 * A press with a key that the gateway refuses: by the catalogue, or because nothing new may begin now. An operation that
 * is known under the id keeps its own outcome; any other is refused by this, for ever.
 */
export const RecordRefusal = z.strictObject({
  ...press,
  operation: OperationKind,
  /** The cashier saw the earlier sale and sells again. */
  confirmDuplicate: z.boolean(),
  /** Of a sale, where the shop sells it: by it refused sales are counted. */
  operator: OperatorName.optional(),
  refusal: GatewayRefusal,
})
export type RecordRefusal = z.infer<typeof RecordRefusal>

/** One top-up; its `operationId` is the top-up's id and the carrier's idempotency token. */
export const RequestTopup = z.strictObject({
  ...operation,
  sessionId: SequenceId,
  operator: OperatorName,
  carrier: z.literal('tpaga'),
  slug: z.string().min(1).max(20),
  number: PhoneNumber,
  amount: Money.refine((amount) => amount > 0),
  /** The amount in the carrier's own unit. */
  carrierAmount: z.int().positive(),
  /** The cashier saw the earlier sale and sells again; audited. */
  confirmDuplicate: z.boolean(),
})
export type RequestTopup = z.infer<typeof RequestTopup>

/** One mobile package, sold like a top-up; `amount` is the carrier's list price. */
export const RequestBundle = z.strictObject({ ...RequestTopup.shape, bundle: Bundle })
export type RequestBundle = z.infer<typeof RequestBundle>

/** Float bought with drawer cash. */
export const InjectFloat = z.strictObject({
  ...operation,
  sessionId: SequenceId,
  operator: OperatorName,
  amount: Money.refine((amount) => amount > 0),
})
export type InjectFloat = z.infer<typeof InjectFloat>

export const OpenSession = z.strictObject({
  ...operation,
  cajaId: SequenceId,
  userId: z.string().min(1).max(64),
  /** Cash counted in the drawer, with that of pending sales; absent: not counted, it opens with what it holds. */
  declared: Money.optional(),
  remarks: z.string().max(2_000).optional(),
})
export type OpenSession = z.infer<typeof OpenSession>

export const CloseSession = z.strictObject({
  ...operation,
  sessionId: SequenceId,
  counted: Money,
  /** Closing with reservations open is refused unless the cashier accepts that they settle later. */
  acceptPending: z.boolean(),
  remarks: z.string().max(2_000).optional(),
})
export type CloseSession = z.infer<typeof CloseSession>

/** Cash put into or taken out of a drawer for a reason other than a sale or an injection. */
export const MoveDrawer = z.strictObject({
  ...operation,
  sessionId: SequenceId,
  direction: z.enum(['in', 'out']),
  amount: Money.refine((amount) => amount > 0),
  reason: z.string().min(1).max(500),
})
export type MoveDrawer = z.infer<typeof MoveDrawer>

export const CajaSpecialty = z.enum(['SOLO_VENTAS', 'SOLO_AGENTES', 'MIXTA'])

export const CreateCaja = z.strictObject({
  ...operation,
  name: z.string().min(3).max(100),
  specialty: CajaSpecialty,
  balance: Money,
})
export type CreateCaja = z.infer<typeof CreateCaja>

export const ChangeCaja = z.strictObject({
  ...operation,
  cajaId: SequenceId,
  name: z.string().min(3).max(100).optional(),
  specialty: CajaSpecialty.optional(),
  /** Cash counted in the drawer, with that of pending sales; the difference is booked as over or short. */
  balance: Money.optional(),
  active: z.boolean().optional(),
})
export type ChangeCaja = z.infer<typeof ChangeCaja>

/** What a person found out about a top-up in review. */
export const decisionResults = ['authorized', 'rejected'] as const
export const DecisionResult = z.enum(decisionResults)
export type DecisionResult = z.infer<typeof DecisionResult>

/** Settles a top-up that no machine could; kept in the log with who decided and on what evidence. */
export const ResolveTopup = z.strictObject({
  ...operation,
  topupId: OperationId,
  result: DecisionResult,
  evidence: z.string().min(1).max(500),
  note: z.string().min(1).max(2_000),
  /** A second person must decide the same before it counts. */
  fourEyes: z.boolean(),
})
export type ResolveTopup = z.infer<typeof ResolveTopup>

export const commandSchemas = {
  RequestTopup: envelopeOf('RequestTopup.v1', RequestTopup),
  RequestBundle: envelopeOf('RequestBundle.v1', RequestBundle),
  InjectFloat: envelopeOf('InjectFloat.v1', InjectFloat),
  OpenSession: envelopeOf('OpenSession.v1', OpenSession),
  CloseSession: envelopeOf('CloseSession.v1', CloseSession),
  MoveDrawer: envelopeOf('MoveDrawer.v1', MoveDrawer),
  CreateCaja: envelopeOf('CreateCaja.v1', CreateCaja),
  ChangeCaja: envelopeOf('ChangeCaja.v1', ChangeCaja),
  ResolveTopup: envelopeOf('ResolveTopup.v1', ResolveTopup),
  RecordRefusal: envelopeOf('RecordRefusal.v1', RecordRefusal),
} as const

export const Command = z.discriminatedUnion('type', [
  commandSchemas.RequestTopup,
  commandSchemas.RequestBundle,
  commandSchemas.InjectFloat,
  commandSchemas.OpenSession,
  commandSchemas.CloseSession,
  commandSchemas.MoveDrawer,
  commandSchemas.CreateCaja,
  commandSchemas.ChangeCaja,
  commandSchemas.ResolveTopup,
  commandSchemas.RecordRefusal,
])
export type Command = z.infer<typeof Command>
