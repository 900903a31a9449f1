import { timerMs } from '@recargas/runtime'
import type { Clock } from './send-and-await.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, timerMs(delayMs))
    return () => clearTimeout(timer)
  },
}
