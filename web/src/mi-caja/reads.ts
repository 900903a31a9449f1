import { signal } from '@preact/signals'
import type { components } from '@recargas/client'
import { jsonOf, valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource, valueIn, type Shown } from '../api/resource.ts'
import { asSheet } from '../api/sheets.ts'
import type { Option } from '../forms/choice.tsx'
import { readOwnSessionId } from '../vender/reads.ts'
import { readSnapshot, writeSnapshot } from '../storage/database.ts'

export type Report = components['schemas']['Arqueo']
export type Caja = components['schemas']['CajaEnLista']
export type Session = components['schemas']['SesionCaja']

/** The cajas that can be opened. */
export const cajas = createResource({
  name: 'cajas',
  everyMs: 30_000,
  ask: async (): Promise<readonly Caja[]> =>
    (await valueOf(client.api.GET('/cajas'))).filter(({ estado }) => estado),
})

export const cajaOptions = (shown: Shown<readonly Caja[]>): readonly Option[] =>
  (valueIn(shown) ?? []).map(({ id, nombre }) => [String(id), nombre])

/** The report of a session, open or closed. */
export const readReport = (id: number): Promise<Report> =>
  jsonOf(client.api.GET('/cajas/sesion/{id}/arqueo', { params: { path: { id } } }))

/** The same as a sheet. */
export const readSheet = (id: number): Promise<Blob> =>
  valueOf(client.api.GET('/cajas/sesion/{id}/arqueo', { params: { path: { id } }, ...asSheet }))

/** The report of the open session of the person signed in; `open` is null without a session. */
export const ownReport = createResource({
  name: 'own-report',
  everyMs: 10_000,
  ask: async (): Promise<{ readonly open: Report | null }> => {
    const id = await readOwnSessionId()
    return { open: id === null ? null : await readReport(id) }
  },
})

/** The last hundred sessions of a caja, the newest first. */
export const readSessions = async (cajaId: number): Promise<readonly Session[]> => {
  const params = { path: { id: cajaId } }
  return (await valueOf(client.api.GET('/cajas/{id}', { params }))).sesiones
}

/** The session that this person closed last on this device. */
export const lastClosed = signal<{ readonly owner: string; readonly id: number } | null>(null)
const snapshotName = 'closed-session'

export const noteClosed = async (owner: string, id: number): Promise<void> => {
  lastClosed.value = { owner, id }
  await writeSnapshot(owner, snapshotName, { value: id, at: Date.now() })
}

export const restoreClosed = async (owner: string): Promise<void> => {
  if (lastClosed.value?.owner === owner) return
  const id = (await readSnapshot(owner, snapshotName))?.value
  lastClosed.value = typeof id === 'number' ? { owner, id } : null
}
