import type { components } from '@recargas/client'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { clockOffsetMs } from '../api/connection.ts'
import { createResource } from '../api/resource.ts'
import { dayIn } from './day.ts'

export type Day = components['schemas']['Dia']
export type Today = { readonly day: Day; readonly cajas: Readonly<Record<number, string>> }

/** Today at the shop, by the gateway's time: a device's clock may be wrong by a day. */
export const today = createResource({
  name: 'today',
  everyMs: 10_000,
  ask: async (): Promise<Today> => {
    const [{ zona_horaria }, cajas] = await Promise.all([
      valueOf(client.api.GET('/comercio')),
      valueOf(client.api.GET('/cajas')),
    ])
    const fecha = dayIn(zona_horaria, Date.now() - clockOffsetMs.value)
    const day = await valueOf(client.api.GET('/dias/{fecha}', { params: { path: { fecha } } }))
    return { day, cajas: Object.fromEntries(cajas.map(({ id, nombre }) => [id, nombre])) }
  },
})
