import {
  assertNever,
  WithheldReason,
  type FundsReserved,
  type FundsReservedMessage,
} from '@recargas/contracts'
import type { Verdict } from '@recargas/messaging'
import type { Permit } from '../domain/carrier.ts'
import {
  answered,
  isSameSale,
  predatesDatabase,
  started,
  type SaleJob,
  type SaleRecord,
} from '../domain/sale.ts'
import { scheduled } from '../domain/schedule.ts'
import {
  admissionNow,
  executeAttempt,
  keptBack,
  notSent,
  resume,
  saleJobOf,
  scheduleOf,
  takeLease,
  within,
  type Attempts,
} from './attempts.ts'
import { publishVerdict } from './publish-verdict.ts'

/** The wait of a job whose effects could not be made durable. */
export const retry: Verdict = { verdict: 'retry', afterMs: 5_000 }
export const anotherSale: Verdict = {
  verdict: 'dead-letter',
  code: 'ANOTHER_SALE',
  detail: 'the id is of another sale',
}

type Resolved = {
  readonly sale: SaleRecord
  /** Resolves to true once the ledger's queue has the verdict; null: it has not been published yet. */
  readonly published: Promise<boolean> | null
}
type State = Attempts & { readonly running: Map<string, Promise<Resolved>> }

/**
 * ③ FundsReserved → one call to the carrier → CarrierVerdict. Every effect is durable before the next one begins:
 * attempt, answer, verdict, then the acknowledgement. Only "authorized" is published while it is being recorded: a crash
 * in between leaves an attempt without an answer, whose follow-up finds the same (docs/adr/0012). A repeated job makes no
 * new attempt; its verdict is published again.
 */
export const createDeliverSale = (
  attempts: Attempts,
): ((message: FundsReservedMessage, span?: string) => Promise<Verdict>) => {
  const shared: State = { ...attempts, running: new Map() }
  return async ({ data: job, correlationid }, span) => {
    const state = within(shared, span)
    try {
      const { sale, published } = await resolveOnce(state, job, correlationid)
      if (!isSameSale(sale, job)) return anotherSale
      const isPublished = await (published ?? publishVerdict(state, sale, correlationid))
      return isPublished ? { verdict: 'ack' } : retry
    } catch (error) {
      // An attempt that was not recorded was not sent, or its evidence is remembered: the same job again is safe.
      state.report({ kind: 'failed', topupId: job.topupId, correlationId: correlationid, error })
      return retry
    }
  }
}

/** Two deliveries of one job at the same time share one attempt. */
const resolveOnce = (
  state: State,
  job: FundsReserved,
  correlationId: string,
): Promise<Resolved> => {
  const running = state.running.get(job.topupId)
  if (running !== undefined) return running
  const resolving = resolve(state, saleJobOf(state, job, correlationId)).finally(() =>
    state.running.delete(job.topupId),
  )
  state.running.set(job.topupId, resolving)
  return resolving
}

const resolve = async (state: State, sale: SaleJob): Promise<Resolved> => {
  const admission = admissionNow(state, sale.job)
  switch (admission) {
    case 'predates-database':
      return record(state, predatesDatabase(sale, state.now()))
    case 'too-late':
      return record(state, keptBack(sale, state.now()))
    case 'may-send':
      return askCarrier(state, sale)
    default:
      return assertNever(admission)
  }
}

/** The customer stands at the till: a clear refusal at once is better than a place in a queue. */
const askCarrier = async (state: State, sale: SaleJob): Promise<Resolved> => {
  const permit = await state.carrierOf(sale.job).admit(sale.job, 'sale')
  if (permit.kind === 'refused') {
    const withheld = WithheldReason.safeParse(permit.why).data
    return record(state, keptBack(sale, state.now(), withheld))
  }
  // The deadline may have passed while the carrier decided.
  if (admissionNow(state, sale.job) === 'may-send') return attempt(state, sale, permit)
  permit.release()
  return record(state, keptBack(sale, state.now()))
}

/** Records a sale that needs no call, or resumes the one recorded already. */
const record = async (state: Attempts, fresh: SaleRecord): Promise<Resolved> => {
  const sale = scheduled(fresh, scheduleOf(state, fresh), state.now(), state.random())
  const created = await state.records.create(sale)
  if (created.kind === 'created' && sale.neverSend) state.crashPoint('never-recorded')
  return unpublished(created.kind === 'created' ? sale : await resume(state, created.sale))
}

const unpublished = (sale: SaleRecord): Resolved => ({ sale, published: null })

const attempt = async (state: State, job: SaleJob, permit: Permit): Promise<Resolved> => {
  const { topupId } = job.job
  const lease = takeLease(state)
  const { owner, startedAt, leaseUntil } = lease
  const sale = started(job, { owner, startedAt, leaseUntil })
  state.crashPoint('before-attempt-recorded')
  try {
    const created = await state.records.create(sale)
    if (created.kind === 'known') {
      permit.release()
      return unpublished(await resume(state, created.sale))
    }
  } catch (error) {
    permit.release()
    state.unrecorded.remember(topupId, 1, notSent(state, 'not-recorded', job.job))
    throw error
  }
  let published: Promise<boolean> | null = null
  const recorded = await executeAttempt(state, sale, permit, lease, (evidence) => {
    if (evidence.proves !== 'authorized' || evidence.ambiguous) return
    published = publishVerdict(state, answered(sale, 1, evidence, state.now()), job.correlationId)
    // Judged where it is awaited; a record that fails meanwhile must not leave this rejection unhandled.
    published.catch(() => undefined)
  })
  return { sale: recorded, published }
}
