import type { CrashPoint, Crashing } from '@recargas/runtime'
import type { ExecuteCommand } from './commands/execute-command.ts'
import type { CommandSenderDeps } from './commands/send-and-await.ts'
import type { Waiters } from './commands/waiters.ts'

type At = Crashing<CrashPoint<'gateway'>>
type Ports = Pick<CommandSenderDeps, 'publish' | 'askLedger'>

/** Crash points before and after each call of the broker and the ledger. */
export const crashingPorts = (at: At, { publish, askLedger }: Ports): Ports => ({
  publish: at.after('after-confirm', (serialized) => {
    at.pass('before-publish')
    return publish(serialized)
  }),
  askLedger: at.after('ledger-asked', askLedger),
})

export const crashingWaiters = (at: At, waiters: Waiters): Waiters => ({
  ...waiters,
  receive: (event) => {
    at.pass('outcome-heard')
    waiters.receive(event)
  },
})

export const crashingExecute = (at: At, executeCommand: ExecuteCommand): ExecuteCommand =>
  at.after('before-answer', executeCommand)
