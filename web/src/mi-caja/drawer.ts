import { signal, type ReadonlySignal } from '@preact/signals'
import { asFailure } from '../api/answer.ts'
import type { Locks } from '../presses/locks.ts'
import { faultOf } from '../presses/store.ts'
import { concludeFailure, type Command, type KeptCommand, type Outcome } from './command.ts'

/** The kept command of one person: one at most. */
export type CommandStore = {
  readonly load: (owner: string) => Promise<KeptCommand | null>
  /** @throws where it cannot be kept */
  readonly keep: (kept: KeptCommand) => Promise<void>
  readonly drop: (key: string) => Promise<void>
}

export type DrawerDeps = {
  readonly store: CommandStore
  /** @throws a failure of the API */
  readonly send: (kept: KeptCommand) => Promise<void>
  readonly locks: Locks
  readonly newKey: () => string
  readonly now: () => number
}

export type Drawer = {
  /** The command whose outcome is not known; another one is impossible meanwhile. */
  readonly kept: ReadonlySignal<KeptCommand | null>
  readonly isBusy: ReadonlySignal<boolean>
  /** The last outcome, also of a command that ended in the background. */
  readonly outcome: ReadonlySignal<Outcome | null>
  readonly press: (command: Command) => Promise<Outcome>
  /** Asks about the kept command again, such as after a reload. */
  readonly resume: () => Promise<void>
}

export const createDrawer = (deps: DrawerDeps, owner: string): Drawer => {
  const kept = signal<KeptCommand | null>(null)
  const isBusy = signal(false)
  const outcome = signal<Outcome | null>(null)

  const attempt = async (current: KeptCommand, isFirst: boolean): Promise<Outcome> => {
    const concluded = await deps.send(current).then(
      (): Outcome => ({ kind: 'done', command: current.command }),
      (thrown: unknown) => concludeFailure(current.command, asFailure(thrown), { isFirst }),
    )
    if (concluded.kind !== 'unknown') {
      kept.value = null
      // A key that cannot be forgotten is asked about once more, and gets the same answer.
      await deps.store.drop(current.key).catch(() => undefined)
    }
    return concluded
  }

  const alone = async (work: () => Promise<Outcome | null>): Promise<void> => {
    if (isBusy.value) return
    isBusy.value = true
    try {
      const held = await deps.locks.whileHeld(`recargas.caja ${owner}`, async () => {
        outcome.value = (await work()) ?? outcome.value
      })
      if (held === 'held') outcome.value = { kind: 'other-tab' }
    } finally {
      isBusy.value = false
    }
  }

  const start = async (command: Command): Promise<Outcome> => {
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
      await alone(() => start(command))
      return outcome.value ?? { kind: 'other-tab' }
    },
    resume: () =>
      alone(async () => {
        const current = await deps.store.load(owner).catch(() => kept.value)
        kept.value = current
        return current === null ? null : attempt(current, false)
      }),
  }
}
