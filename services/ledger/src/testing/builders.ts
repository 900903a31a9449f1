import {
  money,
  type Actor,
  type CarrierVerdict,
  type DecisionResult,
  type MerchantId,
  type OperationId,
  type OperationKind,
  type VerdictKind,
} from '@recargas/contracts'
import { tigoSale } from '@recargas/contracts/testing'
import { apply } from '../log/apply.ts'
import { noBalances, type Balances } from '../accounting/entities.ts'
import { merge, emptyState, viewOf, type LedgerState } from '../accounting/ledger-view.ts'
import type { Limits } from '../accounting/limits.ts'
import type { Applied, BatchCircumstances, Operation, Policy } from '../accounting/operation.ts'

export const merchant = 'principal' as MerchantId
export const tigo = tigoSale.operator
export const start = Date.UTC(2026, 10, 21, 8)
export const policy: Policy = { duplicateWindowMs: 120_000 }
const noAllowance = { count: 0, amount: 0 }
export const someLimits = (changed: Partial<Limits>): Limits => ({
  cashier: noAllowance,
  number: noAllowance,
  operator: noAllowance,
  ...changed,
})

let counter = 0
export const anId = (): OperationId => {
  counter += 1
  return `00000000-0000-4000-8000-${counter.toString(16).padStart(12, '0')}` as OperationId
}

export const cashier: Actor = { userId: '2', username: 'ana', role: 'Operador' }
export const administrator: Actor = { userId: '1', username: 'eva', role: 'Administrador' }

const common = (actor: Actor) => ({
  operationId: anId(),
  merchant,
  currency: 'BOB' as const,
  actor,
  requestedAt: new Date(start).toISOString(),
  acceptUntil: new Date(start + 10_000).toISOString(),
  keyed: false,
  shop: { timeZone: 'America/La_Paz', openingCount: 'record' as const },
  fingerprint: 'A'.repeat(43),
})

type Data<Type extends Operation['type']> = Extract<Operation, { type: Type }>['data']
type Changed<Type extends Operation['type']> = Partial<Data<Type>>

/** @returns a maker of presses of one kind, with these fields unless a test changes them */
const pressOf =
  <Kind extends OperationKind>(
    type: Kind,
    actor: Actor,
    usual: Omit<Data<Kind>, keyof ReturnType<typeof common>>,
  ) =>
  (changed: Changed<Kind> = {}): Operation =>
    ({ type, data: { ...common(actor), ...usual, ...changed } }) as unknown as Operation

export const aTopup = (changed: Changed<'RequestTopup'> = {}): Operation => ({
  type: 'RequestTopup',
  correlationId: 'test',
  data: {
    ...common(cashier),
    ...tigoSale,
    ...changed,
  },
})

/** Package "024" of provider 3, for 10.50. */
export const aBundle = (changed: Changed<'RequestBundle'> = {}): Operation => {
  const { data } = aTopup() as Extract<Operation, { type: 'RequestTopup' }>
  const bundle = { provider: '3', code: '024', name: '200 MINUTOS' }
  return { type: 'RequestBundle', correlationId: 'test', data: { ...data, bundle, ...changed } }
}

export const aVerdict = (
  topupId: OperationId,
  verdict: VerdictKind,
  changed: Omit<Partial<CarrierVerdict>, 'topupId' | 'verdict'> = {},
): Operation => ({
  type: 'CarrierVerdict',
  data: { topupId, merchant, verdict, attempts: [], ...changed } satisfies CarrierVerdict,
})

export const aDecision = (
  topupId: OperationId,
  result: DecisionResult,
  changed: Changed<'ResolveTopup'> = {},
): Operation => ({
  type: 'ResolveTopup',
  data: {
    ...common(administrator),
    topupId,
    result,
    evidence: 'ticket 4711',
    note: 'asked by phone',
    fourEyes: false,
    ...changed,
  },
})

export const anInjection = pressOf('InjectFloat', cashier, {
  sessionId: 1,
  operator: tigo,
  amount: money(10_000),
})

export const aCaja = pressOf('CreateCaja', administrator, {
  name: 'Caja 01',
  specialty: 'MIXTA',
  balance: money(50_000),
})

export const aCajaChange = pressOf('ChangeCaja', administrator, { cajaId: 1 })

export const anOpening = pressOf('OpenSession', cashier, { cajaId: 1, userId: '2' })

export const aClosing = pressOf('CloseSession', cashier, {
  sessionId: 1,
  counted: money(50_000),
  acceptPending: false,
})

/** The cashier of session 1 hands the caja over to user 3. */
export const aHandOver = pressOf('HandOverSession', cashier, {
  sessionId: 1,
  counted: money(50_000),
  acceptPending: false,
  nextUserId: '3',
})

/** An Administrador puts the count of session 1 right. */
export const aCorrection = pressOf('CorrectCount', administrator, {
  sessionId: 1,
  counted: money(50_000),
  reason: 'a digit too many',
})

/** The company pays into its account at the carrier. */
export const aRecharge = pressOf('RecordRecharge', administrator, {
  carrierAmount: 700,
  note: 'transfer 4711',
})

export const aMovement = pressOf('MoveDrawer', cashier, {
  sessionId: 1,
  direction: 'in',
  amount: money(500),
  reason: 'cambio',
})

/** A press that a gateway refused under a key. */
export const aRefusedPress = (changed: Changed<'RecordRefusal'> = {}): Operation => {
  const { currency: _, shop: __, ...press } = common(cashier)
  return {
    type: 'RecordRefusal',
    data: {
      ...press,
      keyed: true,
      operation: 'RequestTopup',
      confirmDuplicate: false,
      refusal: { code: 'AMOUNT_ABOVE_MAXIMUM', details: { operator: 'Tigo', maximum: '10.00' } },
      ...changed,
    },
  }
}

export type Shop = {
  readonly state: LedgerState
  readonly at: () => number
  readonly wait: (ms: number) => void
  readonly run: (operation: Operation) => Applied
  readonly account: (id: string) => Balances
}

/** A ledger in memory, driven operation by operation. */
export const aShop = (operations: readonly Operation[], under: Policy = policy): Shop => {
  const state = emptyState()
  let at = start
  const run = (operation: Operation): Applied => {
    const circumstances: BatchCircumstances = { at, policy: under }
    const applied = apply(viewOf(state), operation, circumstances)
    merge(state, applied.changes)
    return applied
  }
  operations.forEach(run)
  return {
    state,
    at: () => at,
    wait: (ms) => {
      at += ms
    },
    run,
    account: (id) => {
      const { posted, reserved, incoming } = state.accounts.get(`${merchant}/${id}`) ?? noBalances
      return { posted, reserved, incoming }
    },
  }
}

/** A caja holding 500.00, its session open, 100.00 of float at Tigo bought from the drawer. */
export const anOpenShopOperations = (): readonly Operation[] => [
  aCaja(),
  anOpening(),
  anInjection(),
]
export const anOpenShop = (under: Policy = policy): Shop => aShop(anOpenShopOperations(), under)

export const idOf = (operation: Operation): OperationId =>
  operation.type === 'CarrierVerdict' ? operation.data.topupId : operation.data.operationId

export const refusalOf = (applied: Applied): string =>
  applied.outcome.kind === 'refused' ? applied.outcome.code : `not refused: ${applied.outcome.kind}`
