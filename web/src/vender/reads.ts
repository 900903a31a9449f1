import type { components } from '@recargas/client'
import { asFailure, jsonOf, valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource } from '../api/resource.ts'
import { person } from '../session/session.ts'

export type Operator = components['schemas']['Operadora']
export type Balance = components['schemas']['OperadoraSaldo']
export type Row = components['schemas']['RecargaEnHistorial']
export type Bundle = components['schemas']['Paquete']
export type Session = components['schemas']['SesionCaja']

export const operators = createResource({
  name: 'operators',
  everyMs: 15_000,
  isKept: true,
  ask: (): Promise<readonly Operator[]> => valueOf(client.api.GET('/operadoras')),
})

export const balances = createResource({
  name: 'balances',
  everyMs: 10_000,
  isKept: true,
  ask: (): Promise<readonly Balance[]> => valueOf(client.api.GET('/recargas/operadoras/saldos')),
})

/** The open session of the person signed in; `none` is true where there is none. */
export const ownSession = createResource({
  name: 'session',
  everyMs: 10_000,
  isKept: true,
  ask: async (): Promise<{ readonly open: Session | null }> => {
    const id_usuario = person.value?.userId ?? ''
    try {
      const path = { id_usuario }
      const asked = client.api.GET('/cajas/sesion-activa/{id_usuario}', { params: { path } })
      return { open: await valueOf(asked) }
    } catch (thrown) {
      if (asFailure(thrown).code === 'NO_ACTIVE_SESSION') return { open: null }
      throw thrown
    }
  },
})

const bundlesMax = 200

/** The packages of one operator, with their prices now. */
export const readBundles = async (operadora: string): Promise<readonly Bundle[]> => {
  const query = { operadora, per_page: bundlesMax }
  const { paquetes } = await valueOf(client.api.GET('/paquetes', { params: { query } }))
  return paquetes
}

const listedMax = 50

/** Sales of the shop that have no outcome yet, the newest first. */
export const openSales = createResource({
  name: 'open-sales',
  everyMs: 4_000,
  isKept: true,
  ask: async (): Promise<readonly Row[]> => {
    const listed = await Promise.all(
      (['PENDIENTE', 'EN_REVISION'] as const).map((estado) =>
        jsonOf(
          client.api.GET('/recargas/historial/clientes', {
            params: { query: { estado, limit: listedMax } },
          }),
        ),
      ),
    )
    return listed.flat().sort((one, other) => other.id - one.id)
  },
})

const recentMax = 200

/** The shop's last sales: the amounts that are usual, and the operators of known numbers. */
export const recentSales = createResource({
  name: 'recent-sales',
  everyMs: 120_000,
  ask: (): Promise<readonly Row[]> =>
    jsonOf(
      client.api.GET('/recargas/historial/clientes', { params: { query: { limit: recentMax } } }),
    ),
})
