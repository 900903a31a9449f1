import { assertNever } from '@recargas/contracts'
import {
  dueStepOf,
  givenUp,
  isOver,
  postponed,
  scheduled,
  type DueStep,
} from '../domain/schedule.ts'
import { abandoned, lookedUp, repeated, type Topup } from '../domain/topup.ts'
import { carryOut, notSent, recall, takeLease, type Attempts } from './attempts.ts'
import { sayVerdict } from './say-verdict.ts'

type Due = {
  /** Sales to be looked at by `now`, or whose verdict is unsaid since `unsaidSince`; the longest due first. */
  readonly due: (now: Date, unsaidSince: Date, limit: number) => Promise<readonly Topup[]>
  /** Looked at at once; what is due beyond that waits for the next round. */
  readonly atOnceMax: number
}

export type Repeats = {
  /** Starts on what is due, never twice on the same. @returns how many it took, once they are done: `done` */
  readonly round: () => Promise<{ readonly taken: number; readonly done: Promise<void> }>
  /** Waits for what was started. */
  readonly settle: () => Promise<void>
}

/** How long whoever recorded a verdict has to say it before others do. */
const sayMs = 2_000
/** How long a repeat waits that the carrier cannot be asked for. */
const postponeMs = 1_000

/**
 * Carries the schedule of unclear top-ups on, in the steps of a first attempt: attempt, answer, verdict, each durable
 * before the next. Any number of adapters may do so: a step is taken by a change of the record that only one can make.
 */
export const createRepeats = (state: Attempts, { due, atOnceMax }: Due): Repeats => {
  const inHand = new Map<string, Promise<void>>()
  const take = (topup: Topup): Promise<void> => {
    const looking = lookAt(state, topup)
      .catch((error: unknown) => {
        const { topupId, correlationId } = topup
        state.report({ kind: 'failed', topupId, correlationId, error })
      })
      .finally(() => inHand.delete(topup.topupId))
    inHand.set(topup.topupId, looking)
    return looking
  }
  return {
    round: async () => {
      const free = atOnceMax - inHand.size
      if (free <= 0) return { taken: 0, done: Promise.resolve() }
      const now = state.now()
      // What is in hand may still be found: it must not crowd out the others.
      const found = await due(now, new Date(now.getTime() - sayMs), atOnceMax)
      const taken = found.filter(({ topupId }) => !inHand.has(topupId)).slice(0, free)
      const done = Promise.all(taken.map(take)).then(() => undefined)
      return { taken: taken.length, done }
    },
    settle: async () => {
      await Promise.all(inHand.values())
    },
  }
}

const lookAt = async (state: Attempts, found: Topup): Promise<void> => {
  state.crashPoint('repeat-due')
  const topup = await step(state, found)
  state.crashPoint('step-recorded')
  if (!topup.unsaid || !(await sayVerdict(state, topup, topup.correlationId))) return
  state.crashPoint('step-said')
  await state.records.change(topup, (current) =>
    // A change since then is not said by this.
    current.revision === topup.revision ? { ...current, unsaid: false } : current,
  )
}

const step = async (state: Attempts, topup: Topup): Promise<Topup> => {
  const due = dueStepOf(topup, state.limits, state.now())
  switch (due) {
    case 'nothing':
      return topup
    case 'give-attempt-up':
      return giveAttemptUp(state, topup)
    case 'give-up':
      return giveUp(state, topup, due)
    case 'repeat':
    case 'look-up':
      return askAgain(state, topup, due)
    default:
      return assertNever(due)
  }
}

/** The attempt's lease is over and nobody told its end: it counts as unclear, and the schedule goes on. */
const giveAttemptUp = async (state: Attempts, topup: Topup): Promise<Topup> => {
  const last = topup.attempts.at(-1)
  if (last !== undefined && state.unrecorded.recall(topup, last.attempt) !== null) {
    return recall(state, topup)
  }
  const now = state.now()
  const jitter = state.random()
  return state.records.change(topup, (current) =>
    dueStepOf(current, state.limits, now) === 'give-attempt-up'
      ? {
          ...scheduled(abandoned(current, now), state.limits, now, jitter),
          unsaid: true,
          updatedAt: now,
        }
      : current,
  )
}

const giveUp = (state: Attempts, topup: Topup, due: DueStep): Promise<Topup> => {
  const now = state.now()
  return state.records.change(topup, (current) =>
    dueStepOf(current, state.limits, now) === due
      ? { ...givenUp(current), unsaid: true, updatedAt: now }
      : current,
  )
}

/** No attempt is used up: it waits until the carrier can be asked, or its time is over. */
const postpone = (state: Attempts, topup: Topup, due: DueStep): Promise<Topup> => {
  const now = state.now()
  if (isOver(topup, state.limits, now)) return giveUp(state, topup, due)
  return state.records.change(topup, (current) =>
    dueStepOf(current, state.limits, now) === due
      ? postponed(current, new Date(now.getTime() + postponeMs))
      : current,
  )
}

/** The next attempt: a top-up is sent again, a bundle is only asked about. */
const askAgain = async (
  state: Attempts,
  topup: Topup,
  due: 'repeat' | 'look-up',
): Promise<Topup> => {
  const admission = state.carrier.admit(topup.job, due === 'repeat' ? 'repeat' : 'lookup')
  if (admission.kind === 'refused') return postpone(state, topup, due)
  const next = due === 'repeat' ? repeated : lookedUp
  const lease = takeLease(state)
  const { owner, startedAt, leaseUntil } = lease
  const isDue = (current: Topup) => dueStepOf(current, state.limits, startedAt) === due
  let taken: Topup
  try {
    taken = await state.records.change(topup, (current) =>
      isDue(current)
        ? next(current, { owner, startedAt, leaseUntil }, state.limits.clockSkewMs)
        : current,
    )
  } catch (error) {
    admission.release()
    const attempt = topup.attempts.length + 1
    state.unrecorded.remember(topup.topupId, attempt, notSent(state, 'not-recorded', topup.job))
    throw error
  }
  const last = taken.attempts.at(-1)
  const isOurs =
    last?.owner === owner &&
    last.answer === null &&
    last.startedAt.getTime() === startedAt.getTime()
  if (!isOurs) {
    admission.release()
    return taken
  }
  state.crashPoint('repeat-recorded')
  return carryOut(state, taken, admission, lease)
}
