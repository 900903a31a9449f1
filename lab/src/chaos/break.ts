import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@recargas/stack/readiness'
import { say } from '../runner/report.ts'
import { isAlive, isStopped } from '../runner/usage.ts'
import { succeeds } from '../till/shop.ts'
import type { ChaosStack } from './chaos-stack.ts'
import type { SentMessage } from './facts.ts'

/** A fault's tools, and the records that it leaves for the oracle. */
export type FaultContext = {
  readonly stack: ChaosStack
  /** Requests that a gateway has and has not answered. */
  readonly inFlight: () => number
  readonly sent: (message: Omit<SentMessage, 'isAccountedFor'>) => void
  /** True when the journal has all of these operations. */
  readonly areCarriedOut: (operationIds: readonly string[]) => Promise<boolean>
  /** Reads the dead letters before the broker forgets them. */
  readonly noteDeadLetters: () => Promise<void>
  readonly random: () => number
}

/** Counted only where the target lived, a sale was in flight and the effect was seen. */
export type Counted = { readonly kind: 'counted' }
export type Missed = { readonly kind: 'missed'; readonly reason: string }
export type Outcome = Counted | Missed

export const counted: Counted = { kind: 'counted' }
export const missed = (reason: string): Missed => ({ kind: 'missed', reason })
export const missedBy = (error: unknown): Missed => missed(String(error))

/** Breaks the stack and heals it. @param instance the target among a service's instances */
export type Break = (context: FaultContext, instance: number) => Promise<Outcome>

type Tries = {
  readonly max: number
  readonly pauseMs: number
  readonly inFlight: () => number
}

/** Breaks and heals, and tries again while the effect is not seen. @returns null when no try was counted */
export const tryToBreak = async <Made extends Counted>(
  name: string,
  { max, pauseMs, inFlight }: Tries,
  breakOnce: () => Promise<Made | Missed>,
): Promise<Made | null> => {
  for (let tries = 0; tries < max; tries += 1) {
    const outcome = (await waitInFlight(inFlight)) ? await breakOnce() : missed('no sale in flight')
    if (outcome.kind === 'counted') return outcome
    say(`${name} not counted: ${outcome.reason}`)
    await pause(pauseMs)
  }
  return null
}

const inFlightLimitMs = 15_000

/** Waits for a sale to be in flight: a fault that no sale meets proves nothing. */
const waitInFlight = (inFlight: () => number): Promise<boolean> =>
  succeeds(waitUntil('a sale is in flight', inFlightLimitMs, () => inFlight() > 0, 20))

/** A process that can be killed, paused and started again. */
type Target = {
  readonly pid: () => number | null
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
}

export const killAndStart = async (target: Target, awayMs = 0): Promise<Outcome> => {
  const pid = target.pid()
  if (pid === null) return missed('it was not alive')
  await target.kill()
  await pause(awayMs)
  const isGone = !isAlive(pid)
  await target.start()
  return isGone && target.pid() !== pid ? counted : missed('the same process is still running')
}

/** @param answers must be false while it stands still */
export const standStill = async (
  target: Pick<Target, 'pid' | 'signal'>,
  forMs: number,
  answers = () => Promise.resolve(false),
): Promise<Outcome> => {
  const pid = target.pid()
  if (pid === null) return missed('it was not alive')
  try {
    target.signal('SIGSTOP')
    await pause(forMs)
    return isStopped(pid) && !(await answers()) ? counted : missed('the process was not paused')
  } finally {
    target.signal('SIGCONT')
  }
}
