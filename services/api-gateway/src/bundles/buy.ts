import {
  Bundle,
  money,
  toDecimalNumber,
  type Currency,
  type GatewayRefusal,
  type Money,
  type TillPayload,
} from '@recargas/contracts'
import { z } from 'zod'
import { requireNumber, type Shops } from '../catalogue/catalogue.ts'
import type { Contract } from '../edge/contract.ts'
import { amountField, IdField, NumberField, OperatorField } from '../edge/fields.ts'
import { anyShop, parseBody, perCurrency } from '../edge/parse.ts'
import { Problem } from '../edge/problem.ts'
import { amountProblems } from '../edge/problems-of.ts'
import { tillRoles, type Route } from '../edge/route.ts'
import type { Order, Perform } from '../operations/perform.ts'
import { performSale, readConfirmation } from '../topups/perform-sale.ts'
import { saleHeaders, saleProblems, saleReplies } from '../topups/sale-contract.ts'
import { bundleLocation } from '../topups/topup-body.ts'
import { requireBundleOperator, type BundleOperator } from './bundle-shop.ts'
import type { BundleReads } from './ports.ts'
import { priceOf } from './price.ts'

export type BuyDeps = {
  readonly perform: Perform
  readonly shops: Shops
  readonly bundles: Pick<BundleReads, 'quote'>
}

const purchaseBody = perCurrency(({ currency }) =>
  z.strictObject({
    operadora: OperatorField,
    codigo_paquete: z
      .string()
      .meta({ description: 'text: "024" is not 24', examples: ['002'] })
      .pipe(Bundle.shape.code),
    numero_cliente: NumberField,
    id_caja_sesion: IdField,
    monto: amountField({ currency, least: 'positive' })
      .optional()
      .meta({ description: 'the price the cashier saw' }),
  }),
)
type Purchase = z.infer<ReturnType<typeof purchaseBody>>

const buyContract: Contract = {
  summary: 'Sell a mobile package',
  description:
    'At the carrier’s list price, and otherwise like a top-up: send an Idempotency-Key, then a repeat never sells twice.',
  body: purchaseBody(anyShop),
  headers: saleHeaders,
  replies: saleReplies,
  problems: [
    ...saleProblems,
    ...amountProblems,
    'OPERATOR_WITHOUT_BUNDLES',
    'BUNDLE_UNKNOWN',
    'BUNDLE_NOT_OFFERED',
    'BUNDLE_PRICE_CHANGED',
    'BUNDLE_PRICE_UNCONFIRMED',
  ],
}

/** POST /paquetes/compra: a package at the carrier's list price, sold like a top-up. */
export const buyRoute = ({ perform, shops, bundles }: BuyDeps): Route => {
  const route = { method: 'post', path: '/paquetes/compra' } as const
  return {
    ...route,
    roles: tillRoles,
    contract: buyContract,
    answer: async (call) => {
      const shop = shops.of(call.principal.merchant)
      const { currency } = shop
      const confirmDuplicate = readConfirmation(call)
      const purchase = parseBody(purchaseBody(shop), call.body)
      const operator = requireBundleOperator(shop, purchase.operadora)
      requireNumber(shop, operator, purchase.numero_cliente)
      const priced = await priceAsked(bundles, operator, purchase)
      return performSale(
        perform,
        call,
        route,
        {
          payload: payloadOf(purchase, currency),
          order: orderOf(operator, purchase, priced, confirmDuplicate),
        },
        {
          currency,
          confirmDuplicate,
          locationOf: bundleLocation,
          ...(priced.refusal === null ? {} : { refusal: priced.refusal }),
        },
      )
    },
  }
}

type Priced = {
  readonly name: string
  readonly carrierAmount: number
  readonly amount: Money
  /** The carrier's list changes while shops sell, so a purchase made before must still be found by its key. */
  readonly refusal: GatewayRefusal | null
}

/** What the carrier's list says of the package now. */
const priceAsked = async (
  bundles: BuyDeps['bundles'],
  operator: BundleOperator,
  { codigo_paquete: code, monto: seen }: Purchase,
): Promise<Priced> => {
  const facts = { operator: operator.nombre, code }
  const quote = await quoteOf(bundles, operator.proveedor_paquetes, code)
  if (quote === 'unanswered') return unpriced(code, { code: 'CARRIER_UNAVAILABLE', details: {} })
  if (quote === null) return unpriced(code, { code: 'BUNDLE_UNKNOWN', details: facts })
  const { name, carrierAmount } = quote.offer
  const amount = priceOf(operator, quote.offer)
  const priced = { name, carrierAmount, amount }
  if (!quote.enabled) {
    return { ...priced, refusal: { code: 'BUNDLE_NOT_OFFERED', details: facts } }
  }
  // The list may be read, but nothing is sold at a price from before the carrier fell silent.
  if (quote.stale) {
    return { ...priced, refusal: { code: 'BUNDLE_PRICE_UNCONFIRMED', details: facts } }
  }
  if (seen === undefined || seen === amount) return { ...priced, refusal: null }
  return {
    ...priced,
    refusal: { code: 'BUNDLE_PRICE_CHANGED', details: { price: amount } },
  }
}

/** Without a price there is no sale, whatever stands in its place; what was asked still finds the one its key made before. */
const unpriced = (code: string, refusal: GatewayRefusal): Priced => ({
  name: code,
  carrierAmount: 1,
  amount: money(1),
  refusal,
})

/** null: the carrier has no such package. */
const quoteOf = async (bundles: BuyDeps['bundles'], provider: string, code: string) => {
  try {
    return await bundles.quote(provider, code)
  } catch (error) {
    if (error instanceof Problem) return 'unanswered'
    throw error
  }
}

const payloadOf = (
  { operadora, codigo_paquete, numero_cliente, id_caja_sesion, monto }: Purchase,
  currency: Currency,
): TillPayload => ({
  kind: 'RequestBundle',
  operator: operadora,
  code: codigo_paquete,
  number: numero_cliente,
  sessionId: id_caja_sesion,
  seenPrice: monto === undefined ? null : toDecimalNumber(monto, currency),
})

const orderOf = (
  operator: BundleOperator,
  purchase: Purchase,
  { name, carrierAmount, amount }: Priced,
  confirmDuplicate: boolean,
): Extract<Order, { type: 'RequestBundle.v1' }> => ({
  type: 'RequestBundle.v1',
  data: {
    sessionId: purchase.id_caja_sesion,
    operator: operator.nombre,
    carrier: operator.carrier,
    slug: operator.slug,
    number: purchase.numero_cliente,
    amount,
    carrierAmount,
    confirmDuplicate,
    bundle: { provider: operator.proveedor_paquetes, code: purchase.codigo_paquete, name },
  },
})
