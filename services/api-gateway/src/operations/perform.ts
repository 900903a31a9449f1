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
  type SellingState,
  type ShopSettings,
  type TillPayload,
  type TopupView,
} from '@recargas/contracts'
import { Problem } from '../edge/problem.ts'
import type { Call, Route } from '../edge/route.ts'
import { sealCommand } from './command.ts'
import { operationIdOf, readIdempotencyKey } from './operation-id.ts'
import { refusalProblem } from './refusal.ts'
import type { Submit } from './submit.ts'

/** What every command carries, made once for each request. */
export type CommandBase = {
  readonly operationId: OperationId
  readonly merchant: MerchantId
  readonly currency: Currency
  readonly actor: Actor
  readonly requestedAt: string
  readonly acceptUntil: string
  readonly keyed: boolean
  readonly shop: ShopSettings
  readonly fingerprint: string
}

type Without<Data> = Omit<Data, keyof CommandBase>
/** A command less what {@link CommandBase} adds. */
export type Order = {
  [Type in Command['type']]: {
    readonly type: Type
    readonly data: Without<Extract<Command, { type: Type }>['data']>
  }
}[Command['type']]

/** One press at a till: what it sent, and the command that the gateway makes of it. */
export type Press<Ordered extends Order = Order> = {
  readonly payload: TillPayload
  readonly order: Ordered
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
  'unknown',
  'not-ready',
] as const
export type ReportedOutcome = (typeof reportedOutcomes)[number]

export type PerformDeps = {
  readonly submit: Submit['submit']
  /** The ledger's namespace for derived ids; null until it is known. */
  readonly namespace: () => string | null
  /** The shop's settings; throws {@link Problem} for a merchant the catalogue does not have. */
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

type Options = {
  readonly currency: Currency
  readonly confirmDuplicate?: boolean
  /**
   * Why no new sale of this kind may start now; a repeat of one that was asked for before gets its own answer. Without a
   * key nothing is published; with one the ledger keeps the refusal, since an earlier press may still be on its way.
   */
  readonly refusal?: GatewayRefusal
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
  async (call, route, { payload, order }, options) => {
    const key = readIdempotencyKey(call.header('idempotency-key'))
    const namespace = deps.namespace()
    if (namespace === null) throw notReady(deps, order, new Problem('NOT_ACCEPTED'))
    const { merchant, userId, username, role } = call.principal
    const operationId = operationIdOf(
      {
        merchant,
        subject: userId,
        route: `${route.method.toUpperCase()} ${route.path}`,
        key,
        confirmDuplicate: options.confirmDuplicate ?? false,
      },
      namespace,
    )
    if (!deps.isReady()) {
      const problem =
        key === null ? new Problem('NOT_ACCEPTED') : outcomeUnknown(operationId, options)
      throw notReady(deps, order, problem)
    }
    const now = deps.now()
    const refusal = await refusalOf(deps, order, options)
    const { currency } = options
    if (refusal !== undefined && key === null) {
      throw refusalProblem({ refusal, operation: order.type, currency, operationId: null })
    }
    const base: CommandBase = {
      operationId,
      merchant,
      currency,
      actor: { userId, username, role },
      requestedAt: new Date(now).toISOString(),
      acceptUntil: new Date(now + deps.acceptUntilMs).toISOString(),
      keyed: key !== null,
      shop: deps.shopSettings(merchant),
      fingerprint: fingerprintOf(payload),
    }
    const sealed = sealCommand(completed(base, order, refusal), call.correlationId, now)
    const waitMs = options.settlementWaitMs ?? deps.settlementWaitMs
    const outcome = await deps.submit(sealed, Math.min(waitMs, deps.settlementWaitMs))
    deps.report(order.type, outcome.kind === 'topup' ? outcome.topup.state : outcome.kind)
    switch (outcome.kind) {
      case 'topup':
      case 'applied':
        return outcome
      case 'refused':
        throw refusalProblem({
          refusal: outcome.refusal,
          operation: order.type,
          currency,
          operationId,
        })
      case 'not-accepted':
        throw new Problem('NOT_ACCEPTED', {}, { members: { id_transaccion: operationId } })
      case 'unknown':
        throw outcomeUnknown(operationId, options)
      default:
        return assertNever(outcome)
    }
  }

/** A key may have been pressed before: what became of that press is not known here, and must not be denied. */
const outcomeUnknown = (operationId: OperationId, { locationOf }: Options): Problem => {
  const location = locationOf?.(operationId)
  const headers = location === undefined ? {} : { location }
  return new Problem('OUTCOME_UNKNOWN', {}, { members: { id_transaccion: operationId }, headers })
}

const notReady = ({ report }: PerformDeps, { type }: Order, problem: Problem): Problem => {
  report(type, 'not-ready')
  return problem
}

/**
 * Why no new sale may begin. After a restore the ledger takes none until its books are known to be whole; one that nobody
 * would take to the carrier would only hold the shop's money until its deadline.
 */
const refusalOf = async (
  { selling, isCarrierServed }: PerformDeps,
  { type }: Order,
  options: Options,
): Promise<GatewayRefusal | undefined> => {
  if (type !== 'RequestTopup.v1' && type !== 'RequestBundle.v1') return undefined
  if ((await selling())?.open === false) return { code: 'SELLING_PAUSED', details: {} }
  if (options.refusal !== undefined) return options.refusal
  return isCarrierServed() ? undefined : { code: 'CARRIER_UNAVAILABLE', details: {} }
}

const completed = (base: CommandBase, order: Order, refusal: GatewayRefusal | undefined) =>
  ({
    type: order.type,
    data: { ...base, ...order.data, ...(refusal === undefined ? {} : { refusal }) },
  }) as Parameters<typeof sealCommand>[0]
