import type { database as openDatabase } from '../storage/database.ts'
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

const channelName = 'recargas.presses'

export const createPressStore = (database: typeof openDatabase): PressStore => {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName)
  const write = async (change: Press | string, ended: Concluded | null) => {
    const db = await database()
    // Strict: a power cut after the sale must not lose its key.
    const transaction = db.transaction('presses', 'readwrite', { durability: 'strict' })
    if (typeof change === 'string') await transaction.store.delete(change)
    else await transaction.store.put(change)
    await transaction.done
    channel?.postMessage(ended)
  }
  return {
    load: async (owner) => {
      const db = await database()
      const presses = (await db.getAll('presses')) as Press[]
      return presses
        .filter((press) => press.owner === owner)
        .sort((one, other) => one.pressedAt - other.pressedAt)
    },
    keep: (press) => write(press, null),
    drop: write,
    onChange: (listener) => {
      const tell = ({ data }: MessageEvent<Concluded | null>) => listener(data)
      channel?.addEventListener('message', tell)
      return () => channel?.removeEventListener('message', tell)
    },
  }
}

export const faultOf = (error: unknown): StorageFault =>
  error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'forbidden'
