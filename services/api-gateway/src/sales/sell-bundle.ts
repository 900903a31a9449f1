import {
  Bundle,
  toDecimalNumber,
  type Currency,
  type GatewayRefusal,
  type Money,
  type TillPayload,
} from '@recargas/contracts'
import { z } from 'zod'
import {
  merchantRefusal,
  numberRefusal,
  operatorRefusal,
  type Shop,
  type Shops,
} from '../catalogue/catalogue.ts'
import type { Contract } from '../api/contract.ts'
import { amountField, IdField, NumberField, OperatorField } from '../api/fields.ts'
import { anyShop, parseBody, perCurrency } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Route } from '../api/route.ts'
import type { CommandInput, ExecuteCommand, RefusedInput } from '../commands/execute-command.ts'
import { executeSale, readConfirmation } from './execute-sale.ts'
import { saleHeaders, saleProblems, saleReplies } from './sale-contract.ts'
import { bundleLocation } from './sale-body.ts'
import {
  bundlesRefusal,
  hasBundles,
  type BundleOperator,
  priceOf,
  type BundleReads,
} from './bundle-shop.ts'

export type BuyDeps = {
  readonly executeCommand: ExecuteCommand
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
export const buyRoute = ({ executeCommand, shops, bundles }: BuyDeps): Route => {
  const route = { method: 'post', path: '/paquetes/compra' } as const
  return {
    ...route,
    operation: 'RequestBundle',
    roles: tillRoles,
    contract: buyContract,
    answer: async (call) => {
      const shop = shops.find(call.principal.merchant)
      const { currency } = shop ?? anyShop
      const confirmDuplicate = readConfirmation(call)
      const purchase = parseBody(purchaseBody({ currency }), call.body)
      const input = await inputOf(bundles, shop, purchase, confirmDuplicate)
      const press = { payload: payloadOf(purchase, currency), input }
      return executeSale(executeCommand, call, route, press, {
        currency,
        confirmDuplicate,
        locationOf: bundleLocation,
      })
    },
  }
}

type BundleOrder = Extract<CommandInput, { type: 'RequestBundle.v1' }>

const inputOf = async (
  bundles: BuyDeps['bundles'],
  shop: Shop | null,
  purchase: Purchase,
  confirmDuplicate: boolean,
): Promise<BundleOrder | RefusedInput> => {
  if (shop === null) return { type: 'refused', refusal: merchantRefusal }
  const operator = shop.find(purchase.operadora)
  if (operator === null) return { type: 'refused', refusal: operatorRefusal(shop, 'operadora') }
  const refused = (refusal: GatewayRefusal): RefusedInput => ({
    type: 'refused',
    refusal,
    operator: operator.nombre,
  })
  if (!hasBundles(operator)) return refused(bundlesRefusal(operator))
  const number = shop.dialled(purchase.numero_cliente)
  const ofAnother = numberRefusal(shop, operator, number)
  if (ofAnother !== null) return refused(ofAnother)
  const priced = await priceAsked(bundles, shop, operator, purchase)
  if (priced.kind === 'refused') return refused(priced.refusal)
  return {
    type: 'RequestBundle.v1',
    data: {
      sessionId: purchase.id_caja_sesion,
      operator: operator.nombre,
      carrier: operator.carrier,
      slug: operator.slug,
      number,
      amount: priced.amount,
      carrierAmount: priced.carrierAmount,
      confirmDuplicate,
      bundle: {
        provider: operator.proveedor_paquetes,
        code: purchase.codigo_paquete,
        name: priced.name,
      },
    },
  }
}

type Priced =
  | {
      readonly kind: 'priced'
      readonly name: string
      readonly carrierAmount: number
      readonly amount: Money
    }
  | { readonly kind: 'refused'; readonly refusal: GatewayRefusal }

/** The package's present row in the carrier's list. */
const priceAsked = async (
  bundles: BuyDeps['bundles'],
  { currency }: Shop,
  operator: BundleOperator,
  { codigo_paquete: code, monto: seen }: Purchase,
): Promise<Priced> => {
  const refused = (
    problem: GatewayRefusal['code'],
    details: GatewayRefusal['details'] = {},
  ): Priced => ({ kind: 'refused', refusal: { code: problem, details, currency } })
  const facts = { operator: operator.nombre, code }
  const quote = await quoteOf(bundles, operator.proveedor_paquetes, code)
  if (quote === 'unanswered') return refused('CARRIER_UNAVAILABLE')
  if (quote === null) return refused('BUNDLE_UNKNOWN', facts)
  if (!quote.enabled) return refused('BUNDLE_NOT_OFFERED', facts)
  const { name, carrierAmount } = quote.offer
  const amount = priceOf(operator, quote.offer)
  // The list may be read, but nothing is sold at a price from before the carrier fell silent.
  if (quote.stale) return refused('BUNDLE_PRICE_UNCONFIRMED', facts)
  if (seen !== undefined && seen !== amount) {
    return refused('BUNDLE_PRICE_CHANGED', { price: amount })
  }
  return { kind: 'priced', name, carrierAmount, amount }
}

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
