/** The places between two durable effects where a test may kill the process. */
export const crashPoints = [
  'before-attempt-recorded',
  'after-attempt-recorded',
  'after-call',
  'after-answer-recorded',
  'after-verdict-published',
] as const
export type CrashPoint = (typeof crashPoints)[number]

/** Dies as a power cut would: no handler runs, nothing is flushed. */
export const createCrashPoint =
  (crashAt: CrashPoint | undefined): ((name: CrashPoint) => void) =>
  (name) => {
    if (name === crashAt) process.kill(process.pid, 'SIGKILL')
  }
