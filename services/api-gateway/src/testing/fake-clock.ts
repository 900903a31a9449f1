import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../commands/send-and-await.ts'

export type FakeClock = Clock & {
  /** Moves time forward, running due callbacks in order and letting promises settle after each. */
  readonly advance: (ms: number) => Promise<void>
}

/** Time that only a test moves. */
export const createFakeClock = (startAt = Date.parse('2026-01-05T12:00:00.000Z')): FakeClock => {
  let now = startAt
  let timers: { readonly at: number; readonly callback: () => void }[] = []
  return {
    now: () => now,
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: async (ms) => {
      const target = now + ms
      await settle()
      for (;;) {
        const due = timers.filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        timers = timers.filter((other) => other !== due)
        now = Math.max(now, due.at)
        due.callback()
        await settle()
      }
      now = target
      await settle()
    },
  }
}

/** Lets every promise settle that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
}
