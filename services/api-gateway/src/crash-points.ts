import type { CrashPoint, Crashing } from '@recargas/runtime'
import type { ExecuteCommand } from './commands/execute-command.ts'
import type { CommandSenderDeps } from './commands/send-and-await.ts'
import type { Waiters } from './commands/waiters.ts'

type At = Crashing<CrashPoint<'gateway'>>
type Ports = Pick<CommandSenderDeps, 'publish' | 'askLedger'>

/** Crash points before and after each call of the broker and the ledger. */
export const crashingPorts = (at: At, { publish, askLedger }: Ports): Ports => ({
  publish: async (serialized) => {
    at.pass('before-publish')
    const outcome = await publish(serialized)
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
  receive: (event) => {
    at.pass('outcome-heard')
    waiters.receive(event)
  },
})

export const crashingPerform =
  (at: At, executeCommand: ExecuteCommand): ExecuteCommand =>
  async (...request) => {
    const commandReply = await executeCommand(...request)
    at.pass('before-answer')
    return commandReply
  }
