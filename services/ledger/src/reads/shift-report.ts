import {
  invariant,
  money,
  operationEntries,
  type BookedDifference,
  type MerchantId,
  type OperationEntryKind,
  type OperationId,
  type OperatorName,
  type ShiftReport,
  type ShiftTotal,
} from '@recargas/contracts'
import type { Session } from '../accounting/entities.ts'
import { expectedOf, sessionView } from '../cash/session-view.ts'
import { floatPrefix } from './statement.ts'

/**
 * A session's entries of one kind, summed by the database. Sales are grouped by all their entries in the session: held and
 * committed in it, held only, released, or committed in it but held in an earlier one.
 */
export type ShiftSum = {
  readonly of: 'sale' | 'late-sale' | 'pending' | OperationEntryKind
  /** The float's account, of kinds that touch one. */
  readonly float: string | null
  /** Moved after the previous session's closing and before this one's opening. */
  readonly isBefore: boolean
  readonly count: number
  readonly posted: number
  readonly incoming: number
  /** The last entry added. */
  readonly entry: string
  readonly at: Date
}

/**
 * A shift from its sums. Throws where the lines and the session's running totals differ: both were written in one
 * transaction, so a difference is damage that no cashier may be asked to sign.
 */
export const shiftReport = (
  merchant: MerchantId,
  session: Session,
  sums: readonly ShiftSum[],
): ShiftReport => {
  const totals = sums.flatMap((sum) => totalOf(merchant, sum))
  const settled = totals.filter(({ kind }) => kind !== 'pending' && !isBeforeOpening(kind))
  const income = sumOf(settled.filter(({ amount }) => amount > 0))
  const outgo = -sumOf(settled.filter(({ amount }) => amount < 0))
  const pending = sumOf(totals.filter(({ kind }) => kind === 'pending'))
  const expected = expectedOf({ ...session, income, outgo })
  const before = totals.filter(({ kind }) => isBeforeOpening(kind))
  const atOpening = differenceOf(sums, 'open-session')
  const named = `session ${merchant}/${session.id}`
  invariant(income === session.income, `${named}: income ${session.income}, lines ${income}`)
  invariant(outgo === session.outgo, `${named}: outgo ${session.outgo}, lines ${outgo}`)
  invariant(pending === session.pending, `${named}: pending ${session.pending}, lines ${pending}`)
  invariant(
    session.expected === null || session.expected === expected,
    `${named}: closed with ${session.expected ?? 'nothing'} expected, lines ${expected}`,
  )
  return {
    session: sessionView(session),
    totals: totals.sort(byKindAndOperator),
    pending: money(pending),
    expected,
    broughtForward: session.opening - sumOf(before) - (atOpening?.amount ?? 0),
    atOpening,
    atClosing: differenceOf(sums, 'close-session') ?? differenceOf(sums, 'hand-over-session'),
  }
}

const totalOf = (merchant: MerchantId, sum: ShiftSum): ShiftTotal[] => {
  const total = (kind: ShiftTotal['kind'], amount = sum.posted): ShiftTotal[] => [
    { kind, operator: operatorOf(merchant, sum), count: sum.count, amount },
  ]
  if (sum.of === 'sale') return total('sale')
  if (sum.of === 'late-sale') return total(sum.isBefore ? 'sale-before' : 'late-sale')
  if (sum.of === 'pending') return total('pending', sum.incoming)
  const kind = shiftKindOf(sum)
  return kind === null ? [] : total(kind)
}

/** null: neither income nor outgo of the shift, such as the difference that a count found. */
const shiftKindOf = ({ of, isBefore, posted }: ShiftSum): ShiftTotal['kind'] | null => {
  const shift = operationEntries.get(of)?.shift
  const inSession = posted < 0 ? shift?.out : shift?.in
  return (isBefore ? shift?.before : inSession) ?? null
}

/** Part of the opening: it moved while no session answered for the drawer. */
const isBeforeOpening = (kind: ShiftTotal['kind']): boolean =>
  kind === 'initial' || kind === 'sale-before' || kind === 'correction-before'

const operatorOf = (merchant: MerchantId, { float }: ShiftSum): OperatorName | null =>
  float === null ? null : (float.slice(floatPrefix(merchant).length) as OperatorName)

const differenceOf = (
  sums: readonly ShiftSum[],
  of: 'open-session' | 'close-session' | 'hand-over-session',
): BookedDifference | null => {
  const found = sums.find((sum) => sum.of === of)
  return found === undefined
    ? null
    : {
        operationId: found.entry as OperationId,
        at: found.at.toISOString(),
        amount: found.posted,
      }
}

const sumOf = (totals: readonly ShiftTotal[]): number =>
  totals.reduce((sum, { amount }) => sum + amount, 0)

const byKindAndOperator = (one: ShiftTotal, other: ShiftTotal): number =>
  one.kind.localeCompare(other.kind) || (one.operator ?? '').localeCompare(other.operator ?? '')
