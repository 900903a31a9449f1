import { signal, type ReadonlySignal } from '@preact/signals'
import { asFailure } from '../api/answer.ts'
import { concludeFailure, type KeptCommand, type Outcome } from './command.ts'
import { takeTurns, type Locks } from './locks.ts'
import { faultOf, type CommandStore } from './store.ts'

export type KeptCommandsDeps<Command, Result> = {
  readonly store: CommandStore<Command>
  /** @throws a failure of the API */
  readonly send: (kept: KeptCommand<Command>) => Promise<Result>
  readonly locks: Locks
  readonly newKey: () => string
  readonly now: () => number
}

/** The commands of one kind that one person gives, one at a time. */
export type KeptCommands<Command, Result = unknown> = {
  /** The command whose outcome is not known; another one is impossible meanwhile. */
  readonly kept: ReadonlySignal<KeptCommand<Command> | null>
  readonly isBusy: ReadonlySignal<boolean>
  /** The last outcome, also of a command that ended in the background. */
  readonly outcome: ReadonlySignal<Outcome<Command, Result> | null>
  readonly press: (command: Command) => Promise<Outcome<Command, Result>>
  /** Asks about the kept command again, such as after a reload. */
  readonly resume: () => Promise<void>
}

/** @param kind tells these commands from others of the same person, in the browser's database and among its tabs */
export const createKeptCommands = <Command, Result>(
  deps: KeptCommandsDeps<Command, Result>,
  kind: string,
  owner: string,
): KeptCommands<Command, Result> => {
  type Ended = Outcome<Command, Result>
  const kept = signal<KeptCommand<Command> | null>(null)
  const isBusy = signal(false)
  const outcome = signal<Ended | null>(null)
  const alone = takeTurns(deps.locks, `recargas.${kind} ${owner}`, isBusy)

  const attempt = async (current: KeptCommand<Command>, isFirst: boolean): Promise<Ended> => {
    const { command } = current
    const concluded = await deps.send(current).then(
      (result): Ended => ({ kind: 'done', command, result }),
      (thrown: unknown): Ended => concludeFailure(command, asFailure(thrown), { isFirst }),
    )
    if (concluded.kind !== 'unknown') {
      kept.value = null
      // A key that cannot be forgotten is asked about once more, and gets the same answer.
      await deps.store.drop(current.key).catch(() => undefined)
    }
    return concluded
  }

  const conclude = async (work: () => Promise<Ended | null>): Promise<void> => {
    const turn = await alone(async () => {
      outcome.value = (await work()) ?? outcome.value
    })
    if (turn === 'held') outcome.value = { kind: 'other-tab' }
  }

  const start = async (command: Command): Promise<Ended> => {
    const pressed = { key: deps.newKey(), owner, pressedAt: deps.now(), command }
    try {
      const earlier = await deps.store.load(owner)
      if (earlier !== null) {
        kept.value = earlier
        return { kind: 'unknown', command: earlier.command }
      }
      await deps.store.keep(pressed)
    } catch (error) {
      return { kind: 'not-kept', fault: faultOf(error) }
    }
    kept.value = pressed
    return attempt(pressed, true)
  }

  return {
    kept,
    isBusy,
    outcome,
    press: async (command) => {
      await conclude(() => start(command))
      return outcome.value ?? { kind: 'other-tab' }
    },
    resume: () =>
      conclude(async () => {
        const current = await deps.store.load(owner).catch(() => kept.value)
        kept.value = current
        return current === null ? null : attempt(current, false)
      }),
  }
}
