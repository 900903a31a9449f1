const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Does work that a signal may stop: it cleans up and ends by itself. */
export const untilStopped = async <Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const signal of signals) process.on(signal, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of signals) process.removeListener(signal, stop)
  }
}
