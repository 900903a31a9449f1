import { signal } from '@preact/signals'

/** True while the gateway answers. The browser's own "offline" counts at once, a lost request when it fails. */
export const isReachable = signal(true)
/** Milliseconds that this device's clock is ahead of the gateway's; negative where it is behind. */
export const clockOffsetMs = signal(0)

/** More than a slow answer explains. */
const offsetShownMs = 5 * 60_000

export const isClockWrong = (offsetMs: number): boolean => Math.abs(offsetMs) > offsetShownMs

let offlineAtMs = -Infinity

/**
 * Observes each answer: it tells the gateway's time, and proves that the gateway can be reached unless the request was under way
 * when the connection went.
 * @param sentAtMs by `performance.now()`
 */
export const noteAnswer = ({ headers }: Response, sentAtMs: number): void => {
  if (sentAtMs > offlineAtMs) isReachable.value = true
  const told = Date.parse(headers.get('date') ?? '')
  if (!Number.isNaN(told)) clockOffsetMs.value = Date.now() - told
}

export const noteFailure = (error: unknown): void => {
  // A request that the page itself gave up proves nothing.
  if (error instanceof DOMException && error.name === 'AbortError') return
  isReachable.value = false
}

const noteOffline = (): void => {
  offlineAtMs = performance.now()
  isReachable.value = false
}

export const watchConnection = (): void => {
  window.addEventListener('offline', noteOffline)
  if (!navigator.onLine) noteOffline()
}
