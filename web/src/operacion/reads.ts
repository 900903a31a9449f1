import type { components } from '@recargas/client'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource } from '../api/resource.ts'
import type { Operation, SeenGroup } from './state.ts'

/** The state of the installation. An old one is never shown as the present, so it is not kept. */
export const operation = createResource({
  name: 'operation',
  everyMs: 5_000,
  isKept: false,
  ask: (): Promise<Operation> => valueOf(client.api.GET('/operacion')),
})

export type Settled = components['schemas']['CuarentenaAtendida']
export type Verb = 'reenviar' | 'descartar'

/** Needs no key: after a first request another number waits, and a repeat is refused. */
export const settleGroup = (verb: Verb, group: SeenGroup, nota: string): Promise<Settled> => {
  const request = { body: { ...group, nota } }
  return verb === 'reenviar'
    ? valueOf(client.api.POST('/operacion/cuarentena/reenviar', request))
    : valueOf(client.api.POST('/operacion/cuarentena/descartar', request))
}
