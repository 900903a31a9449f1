import { computed } from '@preact/signals'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createLocks, newKey } from '../presses/locks.ts'
import { owner } from '../session/session.ts'
import { database } from '../storage/database.ts'
import type { KeptCommand } from './command.ts'
import { createDrawer, type CommandStore, type Drawer } from './drawer.ts'

/** Sales and commands share one store of the browser; the prefix keeps them apart. */
const storedOwner = (person: string): string => `caja ${person}`

const store: CommandStore = {
  load: async (person) => {
    const all = (await (await database()).getAll('presses')) as unknown as KeptCommand[]
    return all.find((kept) => kept.owner === storedOwner(person)) ?? null
  },
  keep: async (kept) => {
    const db = await database()
    // Strict: a power cut after the command must not lose its key.
    const transaction = db.transaction('presses', 'readwrite', { durability: 'strict' })
    await transaction.store.put({ ...kept, owner: storedOwner(kept.owner) } as { key: string })
    await transaction.done
  },
  drop: async (key) => (await database()).delete('presses', key),
}

const timeoutMs = 20_000

const send = async ({ key, command }: KeptCommand): Promise<void> => {
  const options = { headers: { 'Idempotency-Key': key }, signal: AbortSignal.timeout(timeoutMs) }
  switch (command.kind) {
    case 'open':
      await valueOf(client.api.POST('/cajas/abrir', { ...options, body: command.body }))
      return
    case 'move':
      await valueOf(client.api.POST('/cajas/movimiento', { ...options, body: command.body }))
      return
    case 'close': {
      const params = { path: { id: command.sessionId } }
      const { body } = command
      await valueOf(client.api.PATCH('/cajas/sesion/{id}/cerrar', { ...options, params, body }))
      return
    }
    case 'hand-over': {
      const params = { path: { id: command.sessionId } }
      const { body } = command
      await valueOf(client.api.POST('/cajas/sesion/{id}/entregar', { ...options, params, body }))
      return
    }
  }
}

const locks = createLocks(navigator.locks)
const drawers = new Map<string, Drawer>()

const drawerOf = (person: string): Drawer => {
  const known = drawers.get(person)
  if (known !== undefined) return known
  const created = createDrawer({ store, send, locks, newKey, now: Date.now }, person)
  drawers.set(person, created)
  return created
}

/** The drawer of the person signed in; null before. */
export const drawer = computed(() => (owner.value === null ? null : drawerOf(owner.value)))
