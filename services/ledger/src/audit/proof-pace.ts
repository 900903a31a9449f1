import { pause as sleep } from '@recargas/runtime'
import type { Findings } from './findings.ts'
import type { Pace } from './log-records.ts'

/** Ends a step at a point where nothing is lost. */
export class StepOver extends Error {
  readonly reason: 'found' | 'time' | 'stopped'

  constructor(reason: StepOver['reason']) {
    super(`the step ends: ${reason}`)
    this.name = 'StepOver'
    this.reason = reason
  }
}

type Settings = {
  /** Most of one core's time, from 0 to 1. */
  readonly share: number
  /** Work until a pause. */
  readonly sliceMs: number
  readonly entriesAtOnce: number
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number
  readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  readonly onWorked: (ms: number) => void
}

const pauseMsMax = 5_000

/**
 * Lets a proof work for a slice and rest in proportion. The waits for the database count as work, so that the proof takes less of a
 * core than its share, and slows down where the system is busy.
 */
export const createProofPace = (settings: Settings) => {
  const { share, sliceMs, entriesAtOnce, nowMs, signal, onWorked } = settings
  const rest = settings.sleep ?? sleep
  let startedAt = nowMs()
  const restNow = async (): Promise<void> => {
    const workedMs = nowMs() - startedAt
    onWorked(workedMs)
    await rest(Math.min(pauseMsMax, workedMs * (1 / share - 1)), signal)
    startedAt = nowMs()
  }
  const breathe = async (): Promise<void> => {
    if (signal.aborted) throw new StepOver('stopped')
    if (nowMs() - startedAt >= sliceMs) await restNow()
  }
  /** @param isOver true: the step's time is over, and what it did is kept */
  const paceOf = (isOver: () => boolean): Pace => ({
    entriesAtOnce,
    pause: async (findings: Findings) => {
      if (findings.count > 0) throw new StepOver('found')
      if (isOver()) throw new StepOver('time')
      await breathe()
    },
  })
  return {
    /** Time between two rounds is no work. */
    begin: () => {
      startedAt = nowMs()
    },
    breathe,
    /** Rests for the work since the last rest, however short it was. */
    end: restNow,
    paceOf,
  }
}
export type ProofPace = ReturnType<typeof createProofPace>
