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
import { Problem } from '../api/problem.ts'
import type { Call, Route } from '../api/route.ts'
import { serializeCommand, type BareCommand } from './serialize-command.ts'
import { operationIdOf, readIdempotencyKey } from './operation-id.ts'
import { refusalProblem } from './refusal.ts'
import type { CommandSender } from './send-and-await.ts'
import { outcomeUnknown, sellingPaused, unpublished, type UnpublishedPress } from './unpublished.ts'

/** The fields of every command, built once for each request. */
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

/** Commands of the till's operations. */
type Carried = Extract<Command, { type: `${OperationKind}.v1` }>
type Without<Data> = Omit<Data, keyof CommandBase>
/** A command without the fields of {@link CommandBase}. */
export type CommandInput = {
  [Type in Carried['type']]: {
    readonly type: Type
    readonly data: Without<Extract<Carried, { type: Type }>['data']>
  }
}[Carried['type']]

/**
 * A press that the gateway refuses. Without a key nothing is published. With a key the ledger records the refusal, since
 * an earlier press of the key may be under way or executed; then that press's outcome answers.
 */
export type RefusedInput = {
  readonly type: 'refused'
  readonly refusal: GatewayRefusal
  /** Operator of a sale, where the shop sells it. */
  readonly operator?: OperatorName
}

/** One press at a till: its payload, and the command that the catalogue and the carrier's lists make of it now. */
export type Press<Input extends CommandInput = CommandInput> = {
  readonly payload: TillPayload
  readonly input: Input | RefusedInput
}

export type CommandReply =
  | { readonly kind: 'topup'; readonly topup: TopupView }
  | { readonly kind: 'applied'; readonly result: OperationResult }

/** The end of an operation for its caller; for a sale, the state in the answer. */
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

export type ExecuteCommandDeps = {
  readonly sendAndAwait: CommandSender['sendAndAwait']
  /** The ledger's namespace for derived ids; null until it is known. */
  readonly namespace: () => string | null
  /** The shop's settings, also for decisions on sales from before it left the catalogue. */
  readonly shopSettings: (merchant: MerchantId) => ShopSettings
  /** True while commands can reach a ledger that can append. */
  readonly isReady: () => boolean
  /** True while an adapter is up. */
  readonly isCarrierServed: () => boolean
  /** The ledger's last known sales freeze; null where it is unknown or stale. */
  readonly selling: () => Promise<SellingState | null>
  readonly now: () => number
  readonly acceptUntilMs: number
  readonly settlementWaitMs: number
  readonly report: (type: Command['type'], outcome: ReportedOutcome) => void
}

export type ExecuteOptions = {
  /** Currency of the command; a refused input has none. */
  readonly currency: Currency
  readonly confirmDuplicate?: boolean
  /** Shorter than the configured wait, where the caller prefers so. */
  readonly settlementWaitMs?: number
  /** Path of the operation's read route. */
  readonly locationOf?: (operationId: OperationId) => string
}

export type ExecuteCommand = (
  call: Call,
  route: Pick<Route, 'method' | 'path'>,
  press: Press,
  options: ExecuteOptions,
) => Promise<CommandReply>

/** Executes one operation for a request and returns the ledger's outcome. Throws {@link Problem} for every other end. */
export const createExecuteCommand =
  (deps: ExecuteCommandDeps): ExecuteCommand =>
  async (call, route, press, options) => {
    const { payload } = press
    const operation = `${payload.kind}.v1` as const
    const key = readIdempotencyKey(call.header('idempotency-key'))
    if (key === null && press.input.type === 'refused') {
      throw refusalProblem({ refusal: press.input.refusal, operation, operationId: null })
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
    const input = decide(deps, press)
    if (key === null && input.type === 'refused') {
      throw refusalProblem({ refusal: input.refusal, operation, operationId: null })
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
      input.type === 'refused'
        ? recordOf(base, payload, input, options)
        : completed(base, input, options.currency, deps.shopSettings(merchant))
    const serialized = serializeCommand(content, call, now)
    const waitMs = options.settlementWaitMs ?? deps.settlementWaitMs
    const outcome = await deps.sendAndAwait(serialized, Math.min(waitMs, deps.settlementWaitMs))
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
  { report }: ExecuteCommandDeps,
  operation: Carried['type'],
  press: UnpublishedPress,
): Problem => {
  report(operation, 'not-ready')
  return unpublished(press)
}

const isSale = ({ payload }: Press): boolean =>
  payload.kind === 'RequestTopup' || payload.kind === 'RequestBundle'

/** After a restore the ledger takes no sale until its books are known to be whole. */
const isPaused = async ({ selling }: ExecuteCommandDeps, press: Press): Promise<boolean> =>
  isSale(press) && (await selling())?.open === false

/** Refuses a sale while no adapter is up: it would only hold the shop's money until its deadline. */
const decide = (
  { isCarrierServed }: ExecuteCommandDeps,
  press: Press,
): CommandInput | RefusedInput => {
  const { input } = press
  if (!isSale(press) || input.type === 'refused' || isCarrierServed()) return input
  return refusedSale('CARRIER_UNAVAILABLE', input)
}

const refusedSale = (
  code: GatewayRefusal['code'],
  input: CommandInput | RefusedInput,
): RefusedInput => {
  const operator = operatorOf(input)
  return {
    type: 'refused',
    refusal: { code, details: {} },
    ...(operator === undefined ? {} : { operator }),
  }
}

const operatorOf = (input: CommandInput | RefusedInput): OperatorName | undefined => {
  if (input.type === 'refused') return input.operator
  return 'operator' in input.data ? input.data.operator : undefined
}

const recordOf = (
  base: PressBase,
  { kind }: TillPayload,
  { refusal, operator }: RefusedInput,
  { confirmDuplicate = false }: ExecuteOptions,
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

const completed = (base: PressBase, input: CommandInput, currency: Currency, shop: ShopSettings) =>
  ({
    type: input.type,
    data: { ...base, currency, shop, ...input.data },
  }) as BareCommand
