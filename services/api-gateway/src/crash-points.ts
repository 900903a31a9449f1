import type { CrashPoint, Crashing } from '@recargas/runtime'
import type { Perform } from './commands/execute-command.ts'
import type { SubmitDeps } from './commands/send-and-await.ts'
import type { Waiters } from './commands/waiters.ts'

type At = Crashing<CrashPoint<'gateway'>>
type Ports = Pick<SubmitDeps, 'publish' | 'askLedger'>

/** Crash points on both sides of what a request asks of the broker and of the ledger. */
export const crashingPorts = (at: At, { publish, askLedger }: Ports): Ports => ({
  publish: async (sealed) => {
    at.pass('before-publish')
    const outcome = await publish(sealed)
    at.pass('after-confirm')
    return outcome
  },
  askLedger: async (...asked) => {
    const answer = await askLedger(...asked)
    at.pass('ledger-asked')
    return answer
  },
})

export const crashingWaiters = (at: At, waiters: Waiters): Waiters => ({
  ...waiters,
  hear: (event) => {
    at.pass('outcome-heard')
    waiters.hear(event)
  },
})

export const crashingPerform =
  (at: At, perform: Perform): Perform =>
  async (...request) => {
    const performed = await perform(...request)
    at.pass('before-answer')
    return performed
  }
