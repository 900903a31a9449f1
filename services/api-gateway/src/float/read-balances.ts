import {
  Currency,
  formatDecimal,
  toDecimalNumber,
  type CarrierOperationState,
  type CarrierStates,
  type CatalogueOperator,
  type FloatView,
  type MerchantId,
} from '@recargas/contracts'
import { z } from 'zod'
import { isOffered, type Shops } from '../catalogue/catalogue.ts'
import { everyRole, type Route } from '../api/route.ts'
import { audited, DecimalNumber, DecimalText, offered, WireId } from '../api/wire.ts'

/** Throws when the ledger cannot be asked. */
export type FloatReads = {
  readonly floats: (merchant: MerchantId) => Promise<readonly FloatView[]>
}
export type BalanceDeps = {
  readonly reads: FloatReads
  readonly shops: Shops
  /** Null when the adapter has not answered lately. Never throws. */
  readonly carrierStates: () => Promise<CarrierStates | null>
}

const PackagesAnswer = z
  .strictObject({ proveedor: z.string(), ...offered })
  .nullable()
  .meta({ description: 'the operator’s mobile packages; null where the shop sells none' })

export const FloatAnswer = z
  .strictObject({
    ...audited,
    estado: z.literal(true),
    id: WireId,
    nombre_operadora: z.string(),
    saldo_actual: DecimalText.meta({ description: 'amount available for sales' }),
    saldo_reservado: DecimalText.meta({ description: 'held by sales under way' }),
    saldo_bajo: z.boolean().meta({
      description:
        'it lasts too short at its pace, or holds too little, by the limits of the ledger',
    }),
    autonomia_minutos: z.int().nonnegative().nullable().meta({
      description: 'minutes that it lasts at the pace of the last hour; null without sales',
    }),
    ...offered,
    paquetes: PackagesAnswer,
  })
  .meta({ id: 'OperadoraSaldo' })

export const OperatorAnswer = z
  .strictObject({
    nombre: z.string(),
    proveedor: z.string(),
    slug: z.string(),
    patron_numero: z.string().meta({ description: 'a phone number must match it whole' }),
    ayuda_numero: z
      .string()
      .nullable()
      .meta({ description: 'a sentence for who types the number; null without one' }),
    moneda: Currency,
    minimo: DecimalNumber,
    maximo: DecimalNumber,
    paso: DecimalNumber.meta({ description: 'an amount is a multiple of it' }),
    ...offered,
    paquetes: PackagesAnswer,
  })
  .meta({ id: 'Operadora' })

type Availability = { readonly disponible: boolean; readonly motivo: string | null }

/**
 * The availability that a POS shows for an operator. An unknown state never blocks a sale: only the adapter's own "no"
 * does, and a sale that it cannot make is answered at once anyway.
 * @param operator the catalogue's row; undefined for a float whose operator left the catalogue
 */
export const availabilityOf = (
  states: CarrierStates | null,
  operator: Pick<CatalogueOperator, 'carrier' | 'slug'> | undefined,
): Availability => {
  if (operator === undefined) {
    return { disponible: false, motivo: 'La operadora no está en el catálogo.' }
  }
  if (!isOffered(states, operator)) {
    return { disponible: false, motivo: 'El proveedor no ofrece esta operadora.' }
  }
  const state = states?.[operator.carrier]
  return state === undefined ? unknown : availabilityAt(state, 'recargas')
}

const unknown: Availability = {
  disponible: true,
  motivo: 'No se conoce el estado del proveedor.',
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

/** The availability of the packages of an operator's carrier; its list may have none of that operator. */
export const bundleAvailabilityOf = (
  states: CarrierStates | null,
  { carrier }: Pick<CatalogueOperator, 'carrier'>,
): Availability => {
  const state = states?.[carrier]
  return state === undefined ? unknown : availabilityAt(state.bundles, 'paquetes')
}

/** The operator's mobile packages; null where the shop sells none. */
const bundlesBody = (
  states: CarrierStates | null,
  operator: Pick<CatalogueOperator, 'carrier' | 'proveedor_paquetes'> | undefined,
) =>
  operator?.proveedor_paquetes === undefined
    ? null
    : { proveedor: operator.proveedor_paquetes, ...bundleAvailabilityOf(states, operator) }

/** OperadoraSaldo: `saldo_actual` can be sold now; the sum that sales under way hold stands apart. */
export const floatBody = (
  float: FloatView,
  states: CarrierStates | null,
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
  ...availabilityOf(states, operator),
  paquetes: bundlesBody(states, operator),
})

export const operatorBody = (
  operator: CatalogueOperator,
  currency: Currency,
  states: CarrierStates | null,
) => ({
  nombre: operator.nombre,
  proveedor: operator.carrier,
  slug: operator.slug,
  patron_numero: operator.patron_numero,
  ayuda_numero: operator.ayuda_numero ?? null,
  moneda: currency,
  minimo: toDecimalNumber(operator.minimo, currency),
  maximo: toDecimalNumber(operator.maximo, currency),
  paso: toDecimalNumber(operator.paso, currency),
  ...availabilityOf(states, operator),
  paquetes: bundlesBody(states, operator),
})

export const balanceRoutes = ({ reads, shops, carrierStates }: BalanceDeps): readonly Route[] => [
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
      const [floats, states] = await Promise.all([
        reads.floats(principal.merchant),
        carrierStates(),
      ])
      // A float stays visible when an operator, or the whole shop, leaves the catalogue.
      const operators = shops.find(principal.merchant)?.operators ?? []
      const operatorOf = ({ operator }: FloatView) =>
        operators.find(({ nombre }) => nombre === operator)
      return {
        status: 200,
        body: floats.map((float) => floatBody(float, states, operatorOf(float))),
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
      const states = await carrierStates()
      return {
        status: 200,
        body: operators.map((operator) => operatorBody(operator, currency, states)),
      }
    },
  },
]
