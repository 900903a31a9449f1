import { OperatorName, type CarrierState } from '@recargas/contracts'
import { z } from 'zod'
import { isOffered, requireSellable, type Shop, type Shops } from '../catalogue/catalogue.ts'
import { amountField, IdField } from '../edge/fields.ts'
import { parseBody } from '../edge/parse.ts'
import { Problem } from '../edge/problem.ts'
import { tillRoles, type Call, type Route } from '../edge/route.ts'
import type { Order, Perform } from '../operations/perform.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { saleReply, topupLocation } from './topup-body.ts'

export type SellDeps = {
  readonly perform: Perform
  readonly shops: Shops
  /** The adapter's word so far; null where there is none that counts. Never throws. */
  readonly lastCarrierState: () => Promise<CarrierState | null>
}

const saleBody = ({ currency }: Shop) =>
  z.strictObject({
    operadora: z.string().max(40),
    numero_cliente: z.string().max(40),
    monto: amountField({ currency, least: 'positive' }),
    id_caja_sesion: IdField,
  })

/** POST /recargas/cliente: everything that can be refused without the ledger is refused before anything is published. */
export const sellRoute = ({ perform, shops, lastCarrierState }: SellDeps): Route => {
  const route = { method: 'post', path: '/recargas/cliente' } as const
  return {
    ...route,
    roles: tillRoles,
    answer: async (call) => {
      const shop = shops.of(call.principal.merchant)
      const preferred = readPreferredWait(call.header('prefer'))
      const confirmDuplicate = readConfirmation(call)
      const order = readSale(shop, call.body, confirmDuplicate)
      const refuseNew = notOffered(await lastCarrierState(), order.data)
      const performed = await perform(call, route, order, {
        currency: shop.currency,
        confirmDuplicate,
        locationOf: topupLocation,
        ...(refuseNew === null ? {} : { refuseNew }),
        ...(preferred === null ? {} : { settlementWaitMs: preferred.waitMs }),
      })
      if (performed.kind !== 'topup') throw new Error('a sale led to something else')
      const reply = saleReply(performed.topup)
      if (preferred === null || reply.status !== 202) return reply
      return {
        ...reply,
        headers: { ...reply.headers, 'preference-applied': preferred.applied },
      }
    },
  }
}

/** Parses a sale's body into the command that sells it. Throws {@link Problem}. */
export const readSale = (
  shop: Shop,
  body: unknown,
  confirmDuplicate: boolean,
): Extract<Order, { type: 'RequestTopup.v1' }> => {
  const sale = parseBody(saleBody(shop), body)
  const operator = shop.operator(sale.operadora, 'operadora')
  requireSellable(operator, sale.monto, shop.currency)
  if (!shop.fits(operator, sale.numero_cliente)) {
    throw new Problem(
      'NUMBER_NOT_OF_OPERATOR',
      { operator: operator.nombre },
      { members: { campo: 'numero_cliente' } },
    )
  }
  return {
    type: 'RequestTopup.v1',
    data: {
      sessionId: sale.id_caja_sesion,
      operator: OperatorName.parse(operator.nombre),
      carrier: operator.carrier,
      slug: operator.slug,
      number: sale.numero_cliente,
      amount: sale.monto,
      carrierAmount: sale.monto / operator.unidad_carrier,
      confirmDuplicate,
    },
  }
}

/** The carrier's list changes while shops sell, so a sale made before it changed must still be found by its key. */
const notOffered = (
  state: CarrierState | null,
  { operator, slug }: { readonly operator: string; readonly slug: string },
): Problem | null =>
  isOffered(state, { slug })
    ? null
    : new Problem('OPERATOR_NOT_OFFERED', { operator }, { members: { campo: 'operadora' } })

const readConfirmation = (call: Call): boolean => {
  const header = call.header('x-confirmar-duplicado')
  if (header === undefined || header === 'false') return false
  if (header === 'true') return true
  throw new Problem('HEADER_INVALID', {
    header: 'X-Confirmar-Duplicado',
    expected: 'true o false',
  })
}
