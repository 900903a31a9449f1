import type { ReadonlySignal } from '@preact/signals'
import { perOwner } from '../session/session.ts'
import { database } from '../storage/database.ts'
import type { KeptCommand } from './command.ts'
import { createKeptCommands, type KeptCommands } from './kept-commands.ts'
import { createLocks, newKey } from './locks.ts'
import { createCommandStore } from './store.ts'

const locks = createLocks(navigator.locks)
const timeoutMs = 20_000

/** Headers and limit of the request that sends a kept command. */
export const requestOf = ({ key }: Pick<KeptCommand<unknown>, 'key'>) => ({
  headers: { 'Idempotency-Key': key },
  signal: AbortSignal.timeout(timeoutMs),
})

/** The commands of one kind that the person signed in gives; null before. */
export const commandsOf = <Command, Result>(
  kind: string,
  send: (kept: KeptCommand<Command>) => Promise<Result>,
): ReadonlySignal<KeptCommands<Command, Result> | null> => {
  const store = createCommandStore<Command>(database, kind)
  const deps = { store, send, locks, newKey, now: Date.now }
  return perOwner((owner) => createKeptCommands(deps, kind, owner))
}
