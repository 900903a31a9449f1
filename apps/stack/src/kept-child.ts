import { describeExit, type Child } from './child.ts'

/** The process of a server, which is stopped and started again. */
export type KeptChild = {
  /** null while it does not run. */
  readonly pid: () => number | null
  /** Takes a process that was started. Its end is told, unless it was stopped or killed here. */
  readonly keep: (started: Child) => void
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
}

export const keepChild = (stopTimeoutMs: number, onDeath: (cause: string) => void): KeptChild => {
  let child: Child | null = null
  const end = async (how: (running: Child) => Promise<unknown>) => {
    const running = child
    child = null
    if (running !== null) await how(running)
  }
  return {
    pid: () => (child?.running() === true ? child.pid : null),
    keep: (started) => {
      child = started
      void started.exited.then((exit) => {
        if (child === started) onDeath(`${started.name} ended with ${describeExit(exit)}`)
      })
    },
    stop: () => end((running) => running.stop(stopTimeoutMs)),
    kill: () =>
      end((running) => {
        running.kill('SIGKILL')
        return running.exited
      }),
  }
}
