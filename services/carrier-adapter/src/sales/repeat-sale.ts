import { assertNever } from '@recargas/contracts'
import {
  dueStepOf,
  givenUp,
  isOver,
  postponed,
  scheduled,
  type DueStep,
} from '../domain/schedule.ts'
import { abandoned, lookedUp, repeated, type SaleRecord } from '../domain/sale.ts'
import {
  executeAttempt,
  notSent,
  resume,
  scheduleOf,
  takeLease,
  within,
  type Attempts,
} from './attempts.ts'
import { publishVerdict } from './publish-verdict.ts'

type Due = {
  /** Sales due by `now`, and those with a verdict unpublished since `unpublishedSince`; the longest due first. */
  readonly due: (now: Date, unpublishedSince: Date, limit: number) => Promise<readonly SaleRecord[]>
  /** Sales that are looked at at once; further ones wait for the next round. */
  readonly atOnceMax: number
}

export type Repeats = {
  /** Starts on the due sales, never twice on the same one. @returns their number; `done` resolves once they are done */
  readonly round: () => Promise<{ readonly taken: number; readonly done: Promise<void> }>
  /** Waits for the sales that were started. */
  readonly settle: () => Promise<void>
}

/** Time for the recorder of a verdict to publish it before others do. */
const publishMs = 2_000
/** Wait of a step that the carrier does not admit. */
const postponeMs = 1_000

/**
 * Carries the schedule of unclear sales on, in the steps of a first attempt: attempt, answer, verdict, each durable
 * before the next. Any number of adapters may do so: a step is taken by a change of the record that only one can make.
 */
export const createRepeats = (state: Attempts, { due, atOnceMax }: Due): Repeats => {
  const inHand = new Map<string, Promise<void>>()
  const take = (sale: SaleRecord): Promise<void> => {
    const looking = lookTraced(state, sale)
      .catch((error: unknown) => {
        const { topupId, correlationId } = sale
        state.report({ kind: 'failed', topupId, correlationId, error })
      })
      .finally(() => inHand.delete(sale.topupId))
    inHand.set(sale.topupId, looking)
    return looking
  }
  return {
    round: async () => {
      const free = atOnceMax - inHand.size
      if (free <= 0) return { taken: 0, done: Promise.resolve() }
      const now = state.now()
      // Sales in hand may be found again: they must not crowd out the others.
      const found = await due(now, new Date(now.getTime() - publishMs), atOnceMax)
      const taken = found.filter(({ topupId }) => !inHand.has(topupId)).slice(0, free)
      const done = Promise.all(taken.map(take)).then(() => undefined)
      return { taken: taken.length, done }
    },
    settle: async () => {
      await Promise.all(inHand.values())
    },
  }
}

/** Begins anew in the trace of the sale: what caused the look lies in another process, or before a crash. */
const lookTraced = async (state: Attempts, found: SaleRecord): Promise<void> => {
  const span = state.tracer?.begin('follow sale up', {
    kind: 'internal',
    correlationId: found.correlationId,
    parent: undefined,
    attributes: { 'recargas.operation_id': found.topupId },
  })
  try {
    await lookAt(within(state, span?.id), found)
    span?.end()
  } catch (error) {
    span?.end({ error: String(error) })
    throw error
  }
}

const lookAt = async (state: Attempts, found: SaleRecord): Promise<void> => {
  state.crashPoint('repeat-due')
  const sale = await step(state, found)
  state.crashPoint('step-recorded')
  if (!sale.unpublished || !(await publishVerdict(state, sale, sale.correlationId))) return
  state.crashPoint('step-said')
  await state.records.change(sale, (current) =>
    // A change since then is not in the published verdict.
    current.revision === sale.revision ? { ...current, unpublished: false } : current,
  )
}

const step = async (state: Attempts, sale: SaleRecord): Promise<SaleRecord> => {
  const due = dueStepOf(sale, scheduleOf(state, sale), state.now())
  switch (due) {
    case 'nothing':
      return sale
    case 'give-attempt-up':
      return giveAttemptUp(state, sale)
    case 'give-up':
      return giveUp(state, sale, due)
    case 'repeat':
    case 'look-up':
      return askAgain(state, sale, due)
    default:
      return assertNever(due)
  }
}

/** The attempt's lease is over without an answer: it counts as unclear, and the schedule goes on. */
const giveAttemptUp = async (state: Attempts, sale: SaleRecord): Promise<SaleRecord> => {
  const last = sale.attempts.at(-1)
  if (last !== undefined && state.unrecorded.evidenceOf(sale, last.attempt) !== null) {
    return resume(state, sale)
  }
  const now = state.now()
  const jitter = state.random()
  return state.records.change(sale, (current) =>
    dueStepOf(current, scheduleOf(state, current), now) === 'give-attempt-up'
      ? {
          ...scheduled(abandoned(current, now), scheduleOf(state, current), now, jitter),
          unpublished: true,
          updatedAt: now,
        }
      : current,
  )
}

const giveUp = (state: Attempts, sale: SaleRecord, due: DueStep): Promise<SaleRecord> => {
  const now = state.now()
  return state.records.change(sale, (current) =>
    dueStepOf(current, scheduleOf(state, current), now) === due
      ? { ...givenUp(current), unpublished: true, updatedAt: now }
      : current,
  )
}

/** No attempt is used up: it waits until the carrier can be asked, or its time is over. */
const postpone = (state: Attempts, sale: SaleRecord, due: DueStep): Promise<SaleRecord> => {
  const now = state.now()
  if (isOver(sale, scheduleOf(state, sale), now)) return giveUp(state, sale, due)
  return state.records.change(sale, (current) =>
    dueStepOf(current, scheduleOf(state, current), now) === due
      ? postponed(current, new Date(now.getTime() + postponeMs))
      : current,
  )
}

/** The next attempt: the same request again, or a lookup. */
const askAgain = async (
  state: Attempts,
  sale: SaleRecord,
  due: 'repeat' | 'look-up',
): Promise<SaleRecord> => {
  const permit = await state
    .carrierOf(sale.job)
    .admit(sale.job, due === 'repeat' ? 'repeat' : 'lookup')
  if (permit.kind === 'refused') return postpone(state, sale, due)
  const next = due === 'repeat' ? repeated : lookedUp
  const lease = takeLease(state)
  const { owner, startedAt, leaseUntil } = lease
  const isDue = (current: SaleRecord) =>
    dueStepOf(current, scheduleOf(state, current), startedAt) === due
  let taken: SaleRecord
  try {
    taken = await state.records.change(sale, (current) =>
      isDue(current)
        ? next(current, { owner, startedAt, leaseUntil }, scheduleOf(state, current))
        : current,
    )
  } catch (error) {
    permit.release()
    const attempt = sale.attempts.length + 1
    state.unrecorded.remember(sale.topupId, attempt, notSent(state, 'not-recorded', sale.job))
    throw error
  }
  const last = taken.attempts.at(-1)
  const isOurs =
    last?.owner === owner &&
    last.answer === null &&
    last.startedAt.getTime() === startedAt.getTime()
  if (!isOurs) {
    permit.release()
    return taken
  }
  state.crashPoint('repeat-recorded')
  return executeAttempt(state, taken, permit, lease)
}
