import { toDecimalNumber, type CarrierState, type GatewayRefusal } from '@recargas/contracts'
import { z } from 'zod'
import {
  isOffered,
  requireNumber,
  requireSellable,
  type Shop,
  type Shops,
} from '../catalogue/catalogue.ts'
import { amountField, IdField, NumberField, OperatorField } from '../edge/fields.ts'
import type { Contract } from '../edge/contract.ts'
import { anyShop, perCurrency, parseBody } from '../edge/parse.ts'
import { amountProblems } from '../edge/problems-of.ts'
import { tillRoles, type Route } from '../edge/route.ts'
import type { Order, Perform, Press } from '../operations/perform.ts'
import { performSale, readConfirmation } from './perform-sale.ts'
import { saleHeaders, saleProblems, saleReplies } from './sale-contract.ts'
import { topupLocation } from './topup-body.ts'

export type SellDeps = {
  readonly perform: Perform
  readonly shops: Shops
  /** The adapter's word so far; null where there is none that counts. Never throws. */
  readonly lastCarrierState: () => Promise<CarrierState | null>
}

const saleBody = perCurrency(({ currency }) =>
  z.strictObject({
    operadora: OperatorField,
    numero_cliente: NumberField,
    monto: amountField({ currency, least: 'positive' }),
    id_caja_sesion: IdField,
  }),
)

const sellContract: Contract = {
  summary: 'Sell a top-up',
  description:
    'Answers when the carrier has decided, or when the wait is over. Send an Idempotency-Key: with the same key and ' +
    'body a repeat never sells twice and gets the same answer.',
  body: saleBody(anyShop),
  headers: saleHeaders,
  replies: saleReplies,
  problems: [
    ...saleProblems,
    ...amountProblems,
    'AMOUNT_BELOW_MINIMUM',
    'AMOUNT_ABOVE_MAXIMUM',
    'AMOUNT_OFF_STEP',
    'OPERATOR_NOT_OFFERED',
  ],
}

/** POST /recargas/cliente: everything that can be refused without the ledger is refused before anything is published. */
export const sellRoute = ({ perform, shops, lastCarrierState }: SellDeps): Route => {
  const route = { method: 'post', path: '/recargas/cliente' } as const
  return {
    ...route,
    roles: tillRoles,
    contract: sellContract,
    answer: async (call) => {
      const shop = shops.of(call.principal.merchant)
      const confirmDuplicate = readConfirmation(call)
      const press = readSale(shop, call.body, confirmDuplicate)
      const refusal = notOffered(await lastCarrierState(), press.order.data)
      return performSale(perform, call, route, press, {
        currency: shop.currency,
        confirmDuplicate,
        locationOf: topupLocation,
        ...(refusal === null ? {} : { refusal }),
      })
    },
  }
}

/** Parses a sale's body into the command that sells it. Throws {@link Problem}. */
export const readSale = (
  shop: Shop,
  body: unknown,
  confirmDuplicate: boolean,
): Press<Extract<Order, { type: 'RequestTopup.v1' }>> => {
  const sale = parseBody(saleBody(shop), body)
  const operator = shop.operator(sale.operadora, 'operadora')
  requireSellable(operator, sale.monto, shop.currency)
  requireNumber(shop, operator, sale.numero_cliente)
  return {
    payload: {
      kind: 'RequestTopup',
      operator: sale.operadora,
      number: sale.numero_cliente,
      amount: toDecimalNumber(sale.monto, shop.currency),
      sessionId: sale.id_caja_sesion,
    },
    order: {
      type: 'RequestTopup.v1',
      data: {
        sessionId: sale.id_caja_sesion,
        operator: operator.nombre,
        carrier: operator.carrier,
        slug: operator.slug,
        number: sale.numero_cliente,
        amount: sale.monto,
        carrierAmount: sale.monto / operator.unidad_carrier,
        confirmDuplicate,
      },
    },
  }
}

/** The carrier's list changes while shops sell, so a sale made before it changed must still be found by its key. */
const notOffered = (
  state: CarrierState | null,
  { operator, slug }: { readonly operator: string; readonly slug: string },
): GatewayRefusal | null =>
  isOffered(state, { slug }) ? null : { code: 'OPERATOR_NOT_OFFERED', details: { operator } }
