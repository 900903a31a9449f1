import { setMaxListeners } from 'node:events'

/**
 * Aborts a command that is not answered in time and closes its connection. The driver's own `timeoutMS` has no effect since
 * 7.8, and the limits that a command carries are kept by a server that runs: one that is paused or cut off keeps none.
 * @param run hands the signal to the driver
 */
export const withinTime = async <Value>(
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> => {
  const controller = new AbortController()
  // A takeover's reads all listen to the one signal.
  setMaxListeners(0, controller.signal)
  const timer = setTimeout(() => {
    controller.abort(new Error(`MongoDB did not answer within ${timeoutMs} ms`))
  }, timeoutMs)
  try {
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}
