import {
  formatDecimal,
  toDecimalNumber,
  type CarrierOperationState,
  type CarrierState,
  type CatalogueOperator,
  type Currency,
  type FloatView,
  type MerchantId,
} from '@recargas/contracts'
import { z } from 'zod'
import { isOffered, type Shops } from '../catalogue/catalogue.ts'
import { everyRole, type Route } from '../api/route.ts'
import { FloatAnswer, OperatorAnswer } from './float-replies.ts'

/** Throws when the ledger cannot be asked. */
export type FloatReads = {
  readonly floats: (merchant: MerchantId) => Promise<readonly FloatView[]>
}
export type BalanceDeps = {
  readonly reads: FloatReads
  readonly shops: Shops
  /** Null when the adapter has not answered lately. Never throws. */
  readonly carrierState: () => Promise<CarrierState | null>
}

type Availability = { readonly disponible: boolean; readonly motivo: string | null }

/**
 * Decides if a POS should offer the operator. An unknown state never blocks a sale: only the adapter's own "no" does, and a
 * sale that it cannot make is answered at once anyway.
 * @param operator the catalogue's row; undefined for a float whose operator left the catalogue
 */
export const availabilityOf = (
  state: CarrierState | null,
  operator: Pick<CatalogueOperator, 'slug'> | undefined,
): Availability => {
  if (operator === undefined) {
    return { disponible: false, motivo: 'La operadora no está en el catálogo.' }
  }
  if (!isOffered(state, operator)) {
    return { disponible: false, motivo: 'El proveedor no ofrece esta operadora.' }
  }
  if (state === null) {
    return { disponible: true, motivo: 'No se conoce el estado del proveedor.' }
  }
  return availabilityAt(state, 'recargas')
}

/** The adapter's own reason is for operators, in English: `ops breaker` shows it. */
const availabilityAt = (
  { available, breaker }: CarrierOperationState,
  goods: 'recargas' | 'paquetes',
): Availability =>
  available
    ? { disponible: true, motivo: null }
    : {
        disponible: false,
        motivo: `El proveedor de ${goods} no ${breaker === 'closed' ? 'está disponible' : 'responde'} en este momento.`,
      }

/** True when the carrier reports that packages can be bought now; it does not promise packages of one operator. */
export const bundleAvailabilityOf = (state: CarrierState | null): Availability =>
  state === null
    ? { disponible: true, motivo: 'No se conoce el estado del proveedor.' }
    : availabilityAt(state.bundles, 'paquetes')

/** The operator's mobile packages; null where the shop sells none. */
const bundlesBody = (
  state: CarrierState | null,
  operator: Pick<CatalogueOperator, 'proveedor_paquetes'> | undefined,
) =>
  operator?.proveedor_paquetes === undefined
    ? null
    : { proveedor: operator.proveedor_paquetes, ...bundleAvailabilityOf(state) }

/** OperadoraSaldo: `saldo_actual` is the amount available for sales; amounts held by sales under way stand apart. */
export const floatBody = (
  float: FloatView,
  state: CarrierState | null,
  operator: CatalogueOperator | undefined,
) => ({
  estado: true,
  id_user_create: null,
  id_user_update: null,
  created_at: float.createdAt,
  updated_at: float.updatedAt,
  id: float.id,
  nombre_operadora: float.operator,
  saldo_actual: formatDecimal(float.available, float.currency),
  saldo_reservado: formatDecimal(float.reserved, float.currency),
  saldo_bajo: float.isLow,
  autonomia_minutos: float.runwayMinutes,
  ...availabilityOf(state, operator),
  paquetes: bundlesBody(state, operator),
})

export const operatorBody = (
  operator: CatalogueOperator,
  currency: Currency,
  state: CarrierState | null,
) => ({
  nombre: operator.nombre,
  proveedor: operator.carrier,
  slug: operator.slug,
  patron_numero: operator.patron_numero,
  moneda: currency,
  minimo: toDecimalNumber(operator.minimo, currency),
  maximo: toDecimalNumber(operator.maximo, currency),
  paso: toDecimalNumber(operator.paso, currency),
  ...availabilityOf(state, operator),
  paquetes: bundlesBody(state, operator),
})

export const balanceRoutes = ({ reads, shops, carrierState }: BalanceDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/recargas/operadoras/saldos',
    roles: everyRole,
    contract: {
      summary: 'Floats: what can be sold of each operator now',
      replies: [{ status: 200, says: 'all floats', body: z.array(FloatAnswer) }],
      problems: ['LEDGER_UNAVAILABLE'],
    },
    answer: async ({ principal }) => {
      const [floats, state] = await Promise.all([reads.floats(principal.merchant), carrierState()])
      // A purchased float stays visible when an operator, or the whole shop, leaves the catalogue.
      const operators = shops.find(principal.merchant)?.operators ?? []
      const operatorOf = ({ operator }: FloatView) =>
        operators.find(({ nombre }) => nombre === operator)
      return {
        status: 200,
        body: floats.map((float) => floatBody(float, state, operatorOf(float))),
      }
    },
  },
  {
    method: 'get',
    path: '/operadoras',
    roles: everyRole,
    contract: {
      summary: 'The catalogue: operators, their numbers and amounts, and whether each can be sold',
      replies: [{ status: 200, says: 'all operators', body: z.array(OperatorAnswer) }],
      problems: ['MERCHANT_NOT_CONFIGURED'],
    },
    answer: async ({ principal }) => {
      const { operators, currency } = shops.of(principal.merchant)
      const state = await carrierState()
      return {
        status: 200,
        body: operators.map((operator) => operatorBody(operator, currency, state)),
      }
    },
  },
]
