import type { database as openDatabase } from '../storage/database.ts'
import type { KeptCommand } from './command.ts'
import type { Concluded, Press, StorageFault } from './press.ts'

/** The kept presses of this browser, shared by its tabs. */
export type PressStore = {
  readonly load: (owner: string) => Promise<readonly Press[]>
  /** Resolves once the press is on disk. @throws where it cannot be kept */
  readonly keep: (press: Press) => Promise<void>
  /** Forgets a press, and tells the other tabs how it ended; null where the cashier gave it up. */
  readonly drop: (key: string, ended: Concluded | null) => Promise<void>
  /** Calls when another tab kept a press, or dropped one that ended so. @returns the end of it */
  readonly onChange: (listener: (ended: Concluded | null) => void) => () => void
}

/** The kept command of one person and kind: one at most. */
export type CommandStore<Command> = {
  readonly load: (owner: string) => Promise<KeptCommand<Command> | null>
  /** @throws where it cannot be kept */
  readonly keep: (kept: KeptCommand<Command>) => Promise<void>
  readonly drop: (key: string) => Promise<void>
}

type Stored = { readonly key: string; readonly owner: string }
type Open = typeof openDatabase

const loadOf = async (database: Open, owner: string): Promise<readonly Stored[]> => {
  const all = (await (await database()).getAll('presses')) as Stored[]
  return all.filter((stored) => stored.owner === owner)
}

/** @param change what to keep, or the key to forget */
const write = async (database: Open, change: Stored | string): Promise<void> => {
  const db = await database()
  // Strict: a power cut after the press must not lose its key.
  const transaction = db.transaction('presses', 'readwrite', { durability: 'strict' })
  if (typeof change === 'string') await transaction.store.delete(change)
  else await transaction.store.put(change)
  await transaction.done
}

const channelName = 'recargas.presses'

export const createPressStore = (database: Open): PressStore => {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName)
  const change = async (changed: Press | string, ended: Concluded | null) => {
    await write(database, changed)
    channel?.postMessage(ended)
  }
  return {
    load: async (owner) => {
      const presses = (await loadOf(database, owner)) as Press[]
      return presses.sort((one, other) => one.pressedAt - other.pressedAt)
    },
    keep: (press) => change(press, null),
    drop: change,
    onChange: (listener) => {
      const tell = ({ data }: MessageEvent<Concluded | null>) => listener(data)
      channel?.addEventListener('message', tell)
      return () => channel?.removeEventListener('message', tell)
    },
  }
}

/** Sales and commands share one store of the browser; the kind before the owner keeps them apart. */
export const createCommandStore = <Command>(
  database: Open,
  kind: string,
): CommandStore<Command> => {
  const storedOwner = (owner: string): string => `${kind} ${owner}`
  return {
    load: async (owner) => {
      const [first] = (await loadOf(database, storedOwner(owner))) as KeptCommand<Command>[]
      return first === undefined ? null : { ...first, owner }
    },
    keep: (kept) => write(database, { ...kept, owner: storedOwner(kept.owner) }),
    drop: (key) => write(database, key),
  }
}

export const faultOf = (error: unknown): StorageFault =>
  error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'forbidden'
