import type { components, paths } from '@recargas/client'
import { jsonOf, valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { createResource, valueIn } from '../api/resource.ts'

export type Operator = components['schemas']['Operadora']
export type Balance = components['schemas']['OperadoraSaldo']
export type Row = components['schemas']['RecargaEnHistorial']
export type Bundle = components['schemas']['Paquete']

export const operators = createResource({
  name: 'operators',
  everyMs: 15_000,
  ask: (): Promise<readonly Operator[]> => valueOf(client.api.GET('/operadoras')),
})

const manualCarrier = 'manual'

/** True for an operator whose sales the cashier makes on the operator's own phone, and confirms. */
export const isManual = (operator: string): boolean =>
  (valueIn(operators.shown.value) ?? []).some(
    ({ nombre, proveedor }) => nombre === operator && proveedor === manualCarrier,
  )

export const balances = createResource({
  name: 'balances',
  everyMs: 10_000,
  ask: (): Promise<readonly Balance[]> => valueOf(client.api.GET('/recargas/operadoras/saldos')),
})

/** The open session of the person signed in, from the list of cajas: a missing session is no error there. */
export const readOwnSessionId = async (): Promise<number | null> => {
  const cajas = await valueOf(client.api.GET('/cajas'))
  return cajas.find(({ sesion_propia }) => typeof sesion_propia === 'number')?.sesion_propia ?? null
}

/** `open` is null where there is none. */
export const ownSession = createResource({
  name: 'session',
  everyMs: 10_000,
  ask: async (): Promise<{ readonly open: { readonly id: number } | null }> => {
    const id = await readOwnSessionId()
    return { open: id === null ? null : { id } }
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

const history = '/recargas/historial/clientes'
export type HistoryQuery = NonNullable<paths[typeof history]['get']['parameters']['query']>
/** Sales that were asked for, the newest first. */
const readHistory = (query: HistoryQuery): Promise<readonly Row[]> =>
  jsonOf(client.api.GET(history, { params: { query } }))

/** Sales of the shop that have no outcome yet, the newest first. */
export const openSales = createResource({
  name: 'open-sales',
  everyMs: 4_000,
  ask: async (): Promise<readonly Row[]> => {
    const listed = await Promise.all(
      (['PENDIENTE', 'EN_REVISION'] as const).map((estado) =>
        readHistory({ estado, limit: listedMax }),
      ),
    )
    return listed.flat().sort((one, other) => other.id - one.id)
  },
})

/** The operator of the last sale to a number; null where there was none. */
export const readLastOperator = async (numero: string): Promise<string | null> => {
  const [last] = await readHistory({ numero, limit: 1 })
  return last?.operadora ?? null
}

const recentMax = 200

/** The shop's last sales, for the amounts that are usual. */
export const recentSales = createResource({
  name: 'recent-sales',
  everyMs: 120_000,
  isKept: false,
  ask: () => readHistory({ limit: recentMax }),
})
