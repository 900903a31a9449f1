import { openDB, type IDBPDatabase } from 'idb'

/** A press as the database knows it; `presses/` knows the rest. */
type StoredPress = { readonly key: string }
type Snapshot = { readonly value: unknown; readonly at: number }
type Schema = {
  presses: { key: string; value: StoredPress }
  snapshots: { key: string; value: Snapshot }
}

let opened: Promise<IDBPDatabase<Schema>> | null = null

/** The browser's own database, opened once. Rejects where the browser forbids it. */
export const database = (): Promise<IDBPDatabase<Schema>> => {
  opened ??= openDB<Schema>('recargas', 1, {
    upgrade: (db) => {
      db.createObjectStore('presses', { keyPath: 'key' })
      db.createObjectStore('snapshots')
    },
    // Another tab wants a newer version: this one lets go, and opens again when it needs to.
    blocking: (_current, _wanted, event) => {
      ;(event.target as IDBDatabase).close()
      opened = null
    },
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

/** @returns null where nothing is kept, or the browser forbids storage */
export const readSnapshot = async (owner: string, name: string): Promise<Snapshot | null> => {
  try {
    return (await (await database()).get('snapshots', `${owner} ${name}`)) ?? null
  } catch {
    return null
  }
}

/** A snapshot that cannot be kept is only missed offline. */
export const writeSnapshot = async (
  owner: string,
  name: string,
  snapshot: Snapshot,
): Promise<void> => {
  try {
    await (await database()).put('snapshots', snapshot, `${owner} ${name}`)
  } catch {
    // The screen works without it.
  }
}
