/** Signals that ask a process to end. SIGHUP comes from a terminal or a session that goes away. */
const endSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
export type EndSignal = (typeof endSignals)[number]

const endAtOnce = (): void => process.exit(0)

/**
 * The first statement of a main, before it loads anything else. The kernel drops every signal that process 1 of a
 * container has no handler for. Until `onEndSignal` takes over nothing was started, and a signal ends the process.
 */
export const endOnSignal = (): void => {
  for (const signal of endSignals) process.on(signal, endAtOnce)
}

export const onEndSignal = (handle: (signal: EndSignal) => void): void => {
  for (const signal of endSignals) {
    process.on(signal, () => handle(signal))
    process.removeListener(signal, endAtOnce)
  }
}
