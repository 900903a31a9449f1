import { invariant, type RequestBundle, type RequestTopup, type ShopDay } from '@recargas/contracts'
import { createEntryBuilder, frameOf } from '../accounting/entry-builder.ts'
import {
  accountId,
  type Account,
  type Recent,
  type Session,
  type Topup,
} from '../accounting/entities.ts'
import { topupGuardKey } from '../accounting/held-guards.ts'
import { suspectedEntryId } from '../accounting/journal.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import { limitReached, usageTaken } from '../accounting/limits.ts'
import {
  refused,
  type Applied,
  type Circumstances,
  type Policy,
  type Refused,
} from '../accounting/operation.ts'
import { checkSession } from '../accounting/session-rules.ts'

type Check = { readonly kind: 'ok'; readonly session: Session; readonly float: Account } | Refused

type Moment = { readonly at: number; readonly day: ShopDay }
type SaleRequest = RequestTopup | RequestBundle

/** Holds both sides of a sale in one entry: float that may go out, cash that may come in. */
export const reserveSale = (
  view: LedgerView,
  request: SaleRequest,
  { at, policy, day }: Circumstances,
  correlationId: string,
): Applied => {
  invariant(day !== null, 'a sale without a day of its shop')
  const builder = createEntryBuilder(view, at)
  const frame = { ...frameOf('reserve', request), topupId: request.operationId }
  const check = checkRequest(view, request, { at, policy, day })
  if (check.kind === 'refused') {
    const isOpen = check.code === 'DUPLICATE_SUSPECTED' && request.keyed
    const id = isOpen ? suspectedEntryId(request.operationId) : frame.id
    return builder.finish({ ...frame, id }, check)
  }

  const { session, float } = check
  const drawer = builder.account(
    request.merchant,
    request.currency,
    'drawer',
    String(session.cajaId),
  )
  builder.post(float, { reserved: request.amount })
  builder.post(drawer, { incoming: request.amount }, session.id)
  builder.putSession({ ...session, pending: session.pending + request.amount, updatedAt: at })
  const topup = newTopup(
    request,
    correlationId,
    session.cajaId,
    builder.next(request.merchant, request.currency, 'topup'),
    { at, day },
  )
  builder.putTopup(topup)
  builder.remember(
    topupGuardKey(topup),
    { operationId: topup.id, number: topup.number, at },
    policy.duplicateWindowMs,
  )
  if (policy.limits !== undefined) builder.putUsages(usageTaken(view.usage, topup))
  return builder.finish(frame, { kind: 'reserved', topup })
}

const checkRequest = (
  view: LedgerView,
  request: SaleRequest,
  { at, policy, day }: Moment & { readonly policy: Policy },
): Check => {
  const { duplicateWindowMs, limits } = policy
  const session = checkSession(view, request)
  if (session.kind === 'refused') return session
  const float = view.account(accountId(request.merchant, 'float', request.operator))
  if (float === undefined) {
    return refused('OPERATOR_NOT_REGISTERED', { operator: request.operator })
  }
  const equal = request.confirmDuplicate
    ? undefined
    : equalSale(view, request, at, duplicateWindowMs)
  if (equal !== undefined) {
    // Held sales are always in the view, and released ones are forgotten: any other was sold.
    const state = view.topup(equal.operationId)?.state ?? 'committed'
    return refused('DUPLICATE_SUSPECTED', { topupId: equal.operationId, id: equal.number, state })
  }
  const reached =
    limits === undefined
      ? null
      : limitReached(view.usage, limits, { ...request, phone: request.number, day })
  if (reached !== null) return refused('LIMIT_REACHED', reached)
  const available = float.posted - float.reserved
  if (available < request.amount) {
    return refused('INSUFFICIENT_FLOAT', { operator: request.operator, available })
  }
  return { kind: 'ok', session: session.session, float }
}

/** The last equal sale that is recent, or has no outcome yet however old it is. */
const equalSale = (
  view: LedgerView,
  request: SaleRequest,
  at: number,
  duplicateWindowMs: number,
): Recent | undefined => {
  const key = guardKeyOf(request)
  return (
    view.recent(key).findLast((other) => at - other.at < duplicateWindowMs) ?? view.held(key).at(-1)
  )
}

/** The duplicate guard's key of a sale, before it is a top-up. */
export const guardKeyOf = (request: SaleRequest): string =>
  topupGuardKey({ ...request, phone: request.number, bundle: bundleOf(request) })

const bundleOf = (request: SaleRequest) => ('bundle' in request ? request.bundle : null)

const newTopup = (
  request: SaleRequest,
  correlationId: string,
  cajaId: number,
  number: number,
  { at, day }: Moment,
): Topup => ({
  id: request.operationId,
  number,
  merchant: request.merchant,
  currency: request.currency,
  sessionId: request.sessionId,
  cajaId,
  actor: request.actor,
  operator: request.operator,
  carrier: request.carrier,
  slug: request.slug,
  phone: request.number,
  amount: request.amount,
  carrierAmount: request.carrierAmount,
  confirmDuplicate: request.confirmDuplicate,
  fingerprint: request.fingerprint,
  bundle: bundleOf(request),
  ...(request.terms === undefined ? {} : { terms: request.terms }),
  state: 'reserved',
  releaseReason: null,
  invalid: null,
  cases: [],
  attempts: [],
  decision: null,
  correlationId,
  requestedAt: Date.parse(request.requestedAt),
  day,
  reservedAt: at,
  updatedAt: at,
  progressAt: at,
})
