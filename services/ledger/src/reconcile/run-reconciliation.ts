import { createHash } from 'node:crypto'
import {
  type CarrierBalance,
  type CarrierMismatchMessage,
  type Currency,
  type MerchantId,
  type OperationId,
} from '@recargas/contracts'
import type { Log } from '@recargas/runtime'
import type { Topup } from '../accounting/entities.ts'
import { frameOf } from '../accounting/outgoing-message.ts'
import {
  compareRecharged,
  sumOf,
  type Comparison,
  type Position,
  type Recharge,
  type Recharged,
  type Recharges,
} from './compare.ts'
import { likelySales } from './likely-sales.ts'
import { salesPerReportMax, type Report, type SuspectSale } from './report.ts'

/** Progress of the sum of committed sales: for each partition the position of the last counted block, and the sum. */
export type Counted = { readonly positions: readonly number[]; readonly committed: number }

/** The stored form of a run: its report, the baseline of the next run, and the message that opens its case. */
export type Reconciliation = {
  readonly number: number
  readonly position: Position
  readonly counted: Counted
  readonly recharges: Recharges
  readonly report: Report
  readonly mismatch: CarrierMismatchMessage | null
}

export type SalesQueries = {
  /** The position of each partition's newest block; -1 where it has none. */
  readonly newestPositions: () => Promise<readonly number[]>
  /**
   * After the first positions and up to the second ones: the cost at the carrier of the sales that were committed, and the
   * recharges that were recorded.
   */
  readonly movedBetween: (
    from: readonly number[],
    to: readonly number[],
  ) => Promise<{ readonly committed: number; readonly recharges: readonly Recharge[] }>
  /** The sum of the held sales, and the oldest of them. */
  readonly held: (
    limit: number,
  ) => Promise<{ readonly sum: number; readonly sales: readonly Topup[] }>
  readonly candidates: (difference: number, from: number) => Promise<readonly Topup[]>
  readonly currencyOf: (merchant: MerchantId) => Promise<Currency | null>
}

export type ReconciliationStore = {
  readonly latest: () => Promise<Reconciliation | null>
  /** @returns false when a run of that number is kept already: another instance was faster. */
  readonly keep: (reconciliation: Reconciliation) => Promise<boolean>
  /** Mismatches that are kept and not known to be with the broker. */
  readonly unpublished: () => Promise<
    readonly { readonly number: number; readonly mismatch: CarrierMismatchMessage }[]
  >
  readonly markPublished: (number: number) => Promise<void>
  /** The right to run until then. @returns null while somebody else has it. */
  readonly lease: (
    now: number,
    until: number,
  ) => Promise<{ readonly release: () => Promise<void> } | null>
}

export type ReconcilePorts = {
  readonly carrierBalance: () => Promise<CarrierBalance>
  readonly sales: SalesQueries
  readonly runs: ReconciliationStore
  /** Into the queue of the merchant's partition. @returns true once the broker has confirmed it. */
  readonly publish: (message: CarrierMismatchMessage) => Promise<boolean>
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
  /** Namespace of the ledger's database, so that a case's id never returns after a reset. */
  readonly namespace: string
  /** The merchant of a case without a likely sale. */
  readonly merchant: MerchantId
  /** Longer than the carrier's answer and the adding up may take; a run that outlives it cannot be kept twice. */
  readonly leaseMs: number
  readonly onRun: (result: RunResult) => void
}

export type RunResult =
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'running' }
  /** The carrier's balance is not known: nothing is kept and the next run counts on. */
  | { readonly kind: 'no-balance'; readonly error: unknown }

export type Reconciler = {
  readonly run: () => Promise<RunResult>
  /** Publishes the mismatches that a dead instance had stored and not published. */
  readonly publishKept: () => Promise<void>
}

/**
 * Compares the carrier's balance with the committed sales and stores the result. A difference is stored first and published
 * then, again if need be: the ledger's writer opens one case for it, however often the message arrives.
 */
export const createReconciler = (ports: ReconcilePorts): Reconciler => {
  const publishKept = async (): Promise<void> => {
    for (const { number, mismatch } of await ports.runs.unpublished()) {
      const isPublished = await ports.publish(mismatch)
      if (!isPublished) return
      await ports.runs.markPublished(number)
    }
  }
  return {
    publishKept,
    run: async () => {
      const now = ports.now()
      const lease = await ports.runs.lease(now, now + ports.leaseMs)
      if (lease === null) return { kind: 'running' }
      try {
        const result = await reconcile(ports)
        ports.onRun(result)
        // An unpublished mismatch stays stored, and the next look publishes it.
        if (result.kind === 'done') await publishKept()
        return result
      } finally {
        await lease.release()
      }
    },
  }
}

type Run = { readonly number: number; readonly at: number }

const reconcile = async (ports: ReconcilePorts): Promise<RunResult> => {
  const { runs, sales } = ports
  const previous = await runs.latest()
  // The order matters: a sale committed here was taken before the carrier answers, and a sale taken by then is held or
  // committed below. A sale that is committed between the last two reads counts as both, which only widens "open".
  const positionsBefore = await sales.newestPositions()
  const answer = await ports.carrierBalance().catch((error: unknown) => ({ error }))
  if ('error' in answer) return { kind: 'no-balance', error: answer.error }
  const held = await sales.held(salesPerReportMax)
  const positionsAfter = await sales.newestPositions()

  const counted = previous?.counted ?? { positions: positionsBefore, committed: 0 }
  const before = await sales.movedBetween(counted.positions, positionsBefore)
  const meanwhile = await sales.movedBetween(positionsBefore, positionsAfter)
  const committedBefore = counted.committed + before.committed
  const committedAfter = committedBefore + meanwhile.committed
  const at = ports.now()
  const comparison = compareRecharged(
    previous === null ? null : { ...previous.position, recharges: previous.recharges },
    { at, balance: answer.balance, committedBefore, committedAfter, held: held.sum },
    [...before.recharges, ...meanwhile.recharges],
  )
  const number = (previous?.number ?? 0) + 1
  const suspects = await suspectsOf(ports, comparison, held.sales)
  const mismatch = await mismatchOf(ports, { number, at }, comparison, suspects)
  const report = reportOf({ number, at }, comparison, answer, suspects, mismatch)
  const { unsold, baseline, recharges } = comparison
  const kept = await runs.keep({
    number,
    position: { unsold, baseline },
    counted: { positions: positionsAfter, committed: committedAfter },
    recharges,
    report,
    mismatch,
  })
  return kept ? { kind: 'done', report } : { kind: 'running' }
}

/** The likely sales of one shop: a case is shown to a shop, which must not see another's sales. */
const suspectsOf = async (
  { sales, log }: ReconcilePorts,
  { status, difference, since }: Comparison,
  held: readonly Topup[],
): Promise<readonly Topup[]> => {
  if (status === 'open') return held
  if (status !== 'different') return []
  // The case matters more than its explanation.
  const candidates = await sales.candidates(difference, since.at).catch((error: unknown) => {
    log.warn('likely sales could not be looked up', { error })
    return []
  })
  const likely = likelySales(difference, candidates)
  return likely
    .filter(({ merchant }) => merchant === likely[0]?.merchant)
    .slice(0, salesPerReportMax)
}

const mismatchOf = async (
  { sales, namespace, ...ports }: ReconcilePorts,
  { number, at }: Run,
  { status, difference, since }: Comparison,
  suspects: readonly Topup[],
): Promise<CarrierMismatchMessage | null> => {
  if (status !== 'different') return null
  const merchant = suspects[0]?.merchant ?? ports.merchant
  // Only a label here, as a case of this kind has no amount of the shop's: a shop that never sold has none yet.
  const currency = suspects[0]?.currency ?? (await sales.currencyOf(merchant)) ?? 'BOB'
  const operationId = caseIdOf(namespace, number)
  const to = new Date(at).toISOString()
  const step = { subject: operationId, step: 'mismatch', at, correlationId: operationId }
  return {
    ...frameOf('CarrierMismatch.v1', step),
    data: {
      operationId,
      merchant,
      currency,
      carrierAmount: difference,
      from: new Date(since.at).toISOString(),
      to,
      likely: suspects.map(({ id }) => id),
    },
  }
}

/** The same run of the same database always names the same operation (a UUID of version 8). */
const caseIdOf = (namespace: string, number: number): OperationId => {
  const hex = createHash('sha256').update(`${namespace}/reconciliation/${number}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as OperationId
}

const reportOf = (
  { number, at }: Run,
  { status, since, moved, committed, recharged, recharges, open, difference, uncertain }: Recharged,
  { balance, maxLoanAmount }: CarrierBalance,
  suspects: readonly Topup[],
  mismatch: CarrierMismatchMessage | null,
): Report => ({
  run: number,
  status,
  from: new Date(since.at).toISOString(),
  to: new Date(at).toISOString(),
  balance,
  maxLoanAmount,
  available: balance + maxLoanAmount,
  moved,
  committed,
  recharged,
  rechargesAwaited: sumOf(recharges.awaited),
  open,
  openAtStart: since.open,
  difference,
  uncertain,
  caseId: mismatch?.data.operationId ?? null,
  sales: suspects.map(suspectSale),
})

const suspectSale = (topup: Topup): SuspectSale => ({
  topupId: topup.id,
  number: topup.number,
  merchant: topup.merchant,
  operator: topup.operator,
  currency: topup.currency,
  amount: topup.amount,
  carrierAmount: topup.carrierAmount,
  state: topup.state,
  requestedAt: new Date(topup.requestedAt).toISOString(),
})
