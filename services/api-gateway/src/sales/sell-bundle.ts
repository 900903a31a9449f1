import {
  Bundle,
  toDecimalNumber,
  type Currency,
  type GatewayRefusal,
  type Money,
  type TillPayload,
} from '@recargas/contracts'
import { z } from 'zod'
import { findOperator, numberRefusal, type Shop, type Shops } from '../catalogue/catalogue.ts'
import { amountField, IdField, NumberField, OperatorField } from '../api/fields.ts'
import { anyShop, parseBody, perCurrency } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import type { Route } from '../api/route.ts'
import type { CommandInput, ExecuteCommand, RefusedInput } from '../commands/execute-command.ts'
import { bundleLocation } from './sale-body.ts'
import { saleRoute } from './sale-route.ts'
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

/** POST /paquetes/compra: a package at the carrier's list price, sold like a top-up. */
export const buyRoute = (deps: BuyDeps): Route =>
  saleRoute(deps, {
    path: '/paquetes/compra',
    operation: 'RequestBundle',
    contract: {
      summary: 'Sell a mobile package',
      description:
        'At the carrier’s list price, and otherwise like a top-up: send an Idempotency-Key, then a repeat never sells twice.',
      body: purchaseBody(anyShop),
      problems: [
        'OPERATOR_WITHOUT_BUNDLES',
        'BUNDLE_UNKNOWN',
        'BUNDLE_NOT_OFFERED',
        'BUNDLE_PRICE_CHANGED',
        'BUNDLE_PRICE_UNCONFIRMED',
      ],
    },
    locationOf: bundleLocation,
    read: async ({ body }, shop, confirmDuplicate) => {
      const { currency } = shop ?? anyShop
      const purchase = parseBody(purchaseBody({ currency }), body)
      const input = await inputOf(deps.bundles, shop, purchase, confirmDuplicate)
      return { payload: payloadOf(purchase, currency), input }
    },
  })

type BundleInput = Extract<CommandInput, { type: 'RequestBundle.v1' }>

const inputOf = async (
  bundles: BuyDeps['bundles'],
  ownShop: Shop | null,
  purchase: Purchase,
  confirmDuplicate: boolean,
): Promise<BundleInput | RefusedInput> => {
  const found = findOperator(ownShop, purchase.operadora, 'operadora')
  if (found.type === 'refused') return found
  const { shop, operator } = found
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
