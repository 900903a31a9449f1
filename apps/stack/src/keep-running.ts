import { errorText } from '@recargas/contracts'
import { pause as pauseUnlessEnded } from '@recargas/runtime'
import type { ServiceProcess } from './service-process.ts'

export type KeeperEvent =
  /** `times`: without a steady run in between. */
  | {
      readonly kind: 'ended'
      readonly cause: string
      readonly times: number
      readonly pauseMs: number
    }
  | { readonly kind: 'restarted'; readonly tookMs: number }
  /** The process runs, and waits for a dependency. */
  | { readonly kind: 'not-ready'; readonly cause: string }

export type Keeper = {
  /** The process has ended by itself. */
  readonly ended: (cause: string) => void
  /** Stops it and starts it again at once, such as with new code; also one that waits for its next start. */
  readonly replace: () => Promise<void>
  /** Starts nothing from now on. */
  readonly stop: () => void
}

type Kept = Pick<ServiceProcess, 'name' | 'start' | 'stop' | 'pid'>
type Settings = {
  readonly report: (event: KeeperEvent) => void
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
  readonly nowMs?: () => number
}

const pauseMsMin = 500
const pauseMsMax = 30_000
/** A process that lived this long has ended for a new reason. */
const steadyMs = 60_000

/** Starts a service again whenever it ends by itself: after a pause that doubles from one failure to the next. */
export const keepRunning = (
  service: Kept,
  { report, pause = pauseUnlessEnded, nowMs = () => performance.now() }: Settings,
): Keeper => {
  const state = { pauseMs: pauseMsMin, times: 0, startedAtMs: nowMs(), isAtWork: false }
  let life = new AbortController()
  let isStopped = false
  let work: Promise<void> = Promise.resolve()

  const startUntilRunning = async (first: string | null, { signal }: AbortController) => {
    let cause = first
    while (cause !== null && !signal.aborted) {
      state.times += 1
      report({ kind: 'ended', cause, times: state.times, pauseMs: state.pauseMs })
      await pause(state.pauseMs, signal)
      state.pauseMs = Math.min(state.pauseMs * 2, pauseMsMax)
      if (aborted(signal)) return
      cause = await start(service, report)
      state.startedAtMs = nowMs()
    }
  }
  const forgetFailures = () => {
    state.pauseMs = pauseMsMin
    state.times = 0
  }
  /** Jobs run in sequence, so that two of them never start the process twice. */
  const enqueue = (job: () => Promise<void>): Promise<void> => {
    work = work.then(async () => {
      if (isStopped) return
      state.isAtWork = true
      try {
        await job()
      } finally {
        state.isAtWork = false
      }
    })
    return work
  }

  return {
    ended: (cause) => {
      // The start that is under way learns of it by itself.
      if (state.isAtWork) return
      if (nowMs() - state.startedAtMs >= steadyMs) forgetFailures()
      const mine = life
      void enqueue(() => startUntilRunning(cause, mine))
    },
    replace: () => {
      life.abort()
      life = new AbortController()
      const mine = life
      return enqueue(async () => {
        await service.stop()
        // Stopped for good, or the next one replaces it.
        if (aborted(mine.signal)) return
        forgetFailures()
        await startUntilRunning(await start(service, report), mine)
      })
    },
    stop: () => {
      isStopped = true
      life.abort()
    },
  }
}

/** A call instead of a property: the signal changes while the caller waits. */
const aborted = (signal: AbortSignal): boolean => signal.aborted

/** @returns the cause where the process has ended again */
const start = async (service: Kept, report: Settings['report']): Promise<string | null> => {
  const beganAtMs = performance.now()
  try {
    await service.start()
  } catch (error) {
    const cause = errorText(error)
    if (service.pid() === null) return cause
    report({ kind: 'not-ready', cause })
    return null
  }
  if (service.pid() === null) return `${service.name} ended as soon as it was ready`
  report({ kind: 'restarted', tookMs: performance.now() - beganAtMs })
  return null
}

const shownLines = 4

/** A line for the terminal. */
export const describeEvent = (name: string, event: KeeperEvent): string => {
  switch (event.kind) {
    case 'ended': {
      const [first = '', ...rest] = event.cause.split('\n')
      const times = event.times > 1 ? `, ${event.times} times now` : ''
      const next = `starting it again in ${(event.pauseMs / 1000).toFixed(1)} s`
      const last = rest.slice(-shownLines).map((line) => `\n  ${line}`)
      return `✗ ${first.replace(/:$/, '')}${times}; ${next}${last.join('')}`
    }
    case 'restarted':
      return `✓ ${name} restarted ${(event.tookMs / 1000).toFixed(1)}s`
    case 'not-ready':
      return `✗ ${name} runs again and is not ready: ${event.cause}`
  }
}
