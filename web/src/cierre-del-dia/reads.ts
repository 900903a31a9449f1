import type { components } from '@recargas/client'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource } from '../api/resource.ts'

export type Closing = components['schemas']['CierreDelDia']

const listedMax = 31

/** The last closings, the newest first. */
export const closings = createResource({
  name: 'closings',
  everyMs: 30_000,
  ask: (): Promise<readonly Closing[]> =>
    valueOf(client.api.GET('/cierres', { params: { query: { limit: listedMax } } })),
})

/** Closes a day. A repeat of an unchanged day answers its closing: no key is needed. */
export const closeDay = (fecha: string): Promise<Closing> =>
  valueOf(client.api.POST('/cierres', { body: { fecha } }))
