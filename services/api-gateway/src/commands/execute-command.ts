import {
  assertNever,
  fingerprintOf,
  topupStates,
  type Actor,
  type Command,
  type Currency,
  type MerchantId,
  type OperationId,
  type OperationResult,
  type GatewayRefusal,
  type OperationKind,
  type OperatorName,
  type RecordRefusal,
  type SellingState,
  type ShopSettings,
  type TillPayload,
  type TopupView,
} from '@recargas/contracts'
import { merchantRefusal, type Shop } from '../catalogue/catalogue.ts'
import { Problem } from '../api/problem.ts'
import type { Call, Route } from '../api/route.ts'
import { sealCommand } from './serialize-command.ts'
import { operationIdOf, readIdempotencyKey } from './operation-id.ts'
import { refusalProblem } from './refusal.ts'
import type { Submit } from './send-and-await.ts'
import { outcomeUnknown, sellingPaused, unpublished, type UnpublishedPress } from './unpublished.ts'

/** What every command carries, made once for each request. */
type PressBase = {
  readonly operationId: OperationId
  readonly merchant: MerchantId
  readonly actor: Actor
  readonly requestedAt: string
  readonly acceptUntil: string
  readonly keyed: boolean
  readonly fingerprint: string
}
export type CommandBase = PressBase & { readonly currency: Currency; readonly shop: ShopSettings }

/** Commands that carry out what the till asks for. */
type Carried = Extract<Command, { type: `${OperationKind}.v1` }>
type Without<Data> = Omit<Data, keyof CommandBase>
/** A command less what {@link CommandBase} adds. */
export type Order = {
  [Type in Carried['type']]: {
    readonly type: Type
    readonly data: Without<Extract<Carried, { type: Type }>['data']>
  }
}[Carried['type']]

/**
 * Why the gateway does not carry out a press; a repeat of one that was carried out before gets its own answer. Without a
 * key nothing is published; with one the ledger keeps the refusal, since an earlier press may still be on its way.
 */
export type RefusedOrder = {
  readonly type: 'refused'
  readonly refusal: GatewayRefusal
  /** Of a sale, where the shop sells it. */
  readonly operator?: OperatorName
}

/** One press at a till: what it sent, and what the catalogue and the carrier's lists make of it now. */
export type Press<Ordered extends Order = Order> = {
  readonly payload: TillPayload
  readonly order: Ordered | RefusedOrder
}

export type Performed =
  | { readonly kind: 'topup'; readonly topup: TopupView }
  | { readonly kind: 'applied'; readonly result: OperationResult }

/** How an operation ended for its caller; of a top-up, the state it was answered with. */
export const reportedOutcomes = [
  ...topupStates,
  'applied',
  'refused',
  'not-accepted',
  'paused',
  'not-published',
  'unknown',
  'not-ready',
] as const
export type ReportedOutcome = (typeof reportedOutcomes)[number]

export type PerformDeps = {
  readonly submit: Submit['submit']
  /** The ledger's namespace for derived ids; null until it is known. */
  readonly namespace: () => string | null
  /** The shop's settings, also for decisions on what it sold before it left the catalogue. */
  readonly shopSettings: (merchant: MerchantId) => ShopSettings
  /** Whether commands can reach a ledger that can write them. */
  readonly isReady: () => boolean
  /** Whether anybody would take a sale to the carrier. */
  readonly isCarrierServed: () => boolean
  /** The ledger's word so far on whether it takes sales; null where there is none that counts. */
  readonly selling: () => Promise<SellingState | null>
  readonly now: () => number
  readonly acceptUntilMs: number
  readonly settlementWaitMs: number
  readonly report: (type: Command['type'], outcome: ReportedOutcome) => void
}

/** A command of a merchant that the catalogue has; of any other nothing new begins. */
export const allowedIn = <Ordered extends Order>(
  shop: Shop | null,
  order: Ordered,
): Ordered | RefusedOrder => (shop === null ? { type: 'refused', refusal: merchantRefusal } : order)

type Options = {
  /** Of the command; a refused order has none. */
  readonly currency: Currency
  readonly confirmDuplicate?: boolean
  /** Shorter than the configured wait, where the caller prefers so. */
  readonly settlementWaitMs?: number
  /** Where the operation can be asked about later. */
  readonly locationOf?: (operationId: OperationId) => string
}

export type Perform = (
  call: Call,
  route: Pick<Route, 'method' | 'path'>,
  press: Press,
  options: Options,
) => Promise<Performed>

/** Carries out one operation for a request and answers what the ledger says. Throws {@link Problem} for all else. */
export const createPerform =
  (deps: PerformDeps): Perform =>
  async (call, route, press, options) => {
    const { payload } = press
    const operation = `${payload.kind}.v1` as const
    const key = readIdempotencyKey(call.header('idempotency-key'))
    if (key === null && press.order.type === 'refused') {
      throw refusalProblem({ refusal: press.order.refusal, operation, operationId: null })
    }
    const namespace = deps.namespace()
    if (namespace === null) {
      throw notReady(deps, operation, { kind: key === null ? 'unkeyed' : 'unnamed' })
    }
    const { merchant, userId, username, role } = call.principal
    const operationId = operationIdOf(
      {
        merchant,
        subject: userId,
        route: `${route.method.toUpperCase()} ${route.path}`,
        key,
      },
      namespace,
    )
    const location = options.locationOf?.(operationId)
    const named = { kind: 'named', operationId, location } as const
    const asked = key === null ? ({ kind: 'unkeyed' } as const) : named
    if (!deps.isReady()) throw notReady(deps, operation, asked)
    const now = deps.now()
    // With a key only the ledger can say that a sale was made before the restore.
    if (key === null && (await isPaused(deps, press))) throw sellingPaused({ kind: 'unkeyed' })
    const order = decide(deps, press)
    if (key === null && order.type === 'refused') {
      throw refusalProblem({ refusal: order.refusal, operation, operationId: null })
    }
    const base: PressBase = {
      operationId,
      merchant,
      actor: { userId, username, role },
      requestedAt: new Date(now).toISOString(),
      acceptUntil: new Date(now + deps.acceptUntilMs).toISOString(),
      keyed: key !== null,
      fingerprint: fingerprintOf(payload),
    }
    const content =
      order.type === 'refused'
        ? recordOf(base, payload, order, options)
        : completed(base, order, options.currency, deps.shopSettings(merchant))
    const sealed = sealCommand(content, call.correlationId, now)
    const waitMs = options.settlementWaitMs ?? deps.settlementWaitMs
    const outcome = await deps.submit(sealed, Math.min(waitMs, deps.settlementWaitMs))
    deps.report(operation, outcome.kind === 'topup' ? outcome.topup.state : outcome.kind)
    switch (outcome.kind) {
      case 'topup':
      case 'applied':
        return outcome
      case 'refused':
        throw refusalProblem({ refusal: outcome.refusal, operation, operationId })
      case 'not-accepted':
        throw new Problem('NOT_ACCEPTED', {}, { members: { id_transaccion: operationId } })
      case 'not-published':
        throw unpublished(asked)
      case 'paused':
        throw sellingPaused(named)
      case 'unknown':
        throw outcomeUnknown(named)
      default:
        return assertNever(outcome)
    }
  }

const notReady = (
  { report }: PerformDeps,
  operation: Carried['type'],
  press: UnpublishedPress,
): Problem => {
  report(operation, 'not-ready')
  return unpublished(press)
}

const isSale = ({ payload }: Press): boolean =>
  payload.kind === 'RequestTopup' || payload.kind === 'RequestBundle'

/** After a restore the ledger takes no sale until its books are known to be whole. */
const isPaused = async ({ selling }: PerformDeps, press: Press): Promise<boolean> =>
  isSale(press) && (await selling())?.open === false

/** What may begin now: a sale that nobody would take to the carrier would only hold the shop's money until its deadline. */
const decide = ({ isCarrierServed }: PerformDeps, press: Press): Order | RefusedOrder => {
  const { order } = press
  if (!isSale(press) || order.type === 'refused' || isCarrierServed()) return order
  return refusedSale('CARRIER_UNAVAILABLE', order)
}

const refusedSale = (code: GatewayRefusal['code'], order: Order | RefusedOrder): RefusedOrder => {
  const operator = operatorOf(order)
  return {
    type: 'refused',
    refusal: { code, details: {} },
    ...(operator === undefined ? {} : { operator }),
  }
}

const operatorOf = (order: Order | RefusedOrder): OperatorName | undefined => {
  if (order.type === 'refused') return order.operator
  return 'operator' in order.data ? order.data.operator : undefined
}

const recordOf = (
  base: PressBase,
  { kind }: TillPayload,
  { refusal, operator }: RefusedOrder,
  { confirmDuplicate = false }: Options,
) => {
  const data: RecordRefusal = {
    ...base,
    operation: kind,
    confirmDuplicate,
    ...(operator === undefined ? {} : { operator }),
    refusal,
  }
  return { type: 'RecordRefusal.v1', data } as const
}

const completed = (base: PressBase, order: Order, currency: Currency, shop: ShopSettings) =>
  ({
    type: order.type,
    data: { ...base, currency, shop, ...order.data },
  }) as Parameters<typeof sealCommand>[0]
