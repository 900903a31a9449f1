import type { components } from '@recargas/client'
import { valueOf } from '../api/answer.ts'
import { client, type BodyOf } from '../api/client.ts'
import { createResource } from '../api/resource.ts'
import type { KeptCommand } from '../presses/command.ts'
import { commandsOf, requestOf } from '../presses/commands.ts'
import { readAll } from './pages.ts'

export type Case = components['schemas']['Incidencia']
export type Recharge = BodyOf<'/recargas/proveedor'>

const pageSize = 100

/** Every case of the shop. A reconciliation opens cases without an event: they are asked about slowly. */
export const cases = createResource({
  name: 'cases',
  everyMs: 30_000,
  ask: (): Promise<readonly Case[]> =>
    readAll(pageSize, (cursor) =>
      valueOf(
        client.api.GET('/incidencias', {
          params: { query: { limit: pageSize, ...(cursor === 0 ? {} : { cursor }) } },
        }),
      ),
    ),
})

/** Closes a case. The first word stands and a repeat is answered alike: no key is needed. */
export const closeCase = (id: string, nota: string): Promise<Case> =>
  valueOf(client.api.POST('/incidencias/{id}/cerrar', { params: { path: { id } }, body: { nota } }))

const send = (kept: KeptCommand<Recharge>) =>
  valueOf(client.api.POST('/recargas/proveedor', { ...requestOf(kept), body: kept.command }))

/** The recharges that the person signed in records. */
export const recharges = commandsOf('proveedor', send)
