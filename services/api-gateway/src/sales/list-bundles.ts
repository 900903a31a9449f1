import {
  Bundle,
  bundlePageSizeMax,
  toDecimalNumber,
  type BundleOffer,
  type BundleProvider,
  type CarrierStates,
  type Currency,
} from '@recargas/contracts'
import { z } from 'zod'
import type { Shop, Shops } from '../catalogue/catalogue.ts'
import { nextPageLink, wholeParameter } from '../api/page.ts'
import { parseQuery } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { everyRole, type Route } from '../api/route.ts'
import { bundleAvailabilityOf } from '../float/read-balances.ts'
import {
  bundleOperatorsOf,
  requireBundleOperator,
  type BundleOperator,
  priceOf,
  type BundleReads,
} from './bundle-shop.ts'
import { DecimalNumber, offered } from '../api/wire.ts'

export const ProviderAnswer = z
  .strictObject({
    proveedor: z.string(),
    nombre: z.string(),
    operadora: z.string(),
    logo: z.string().nullable(),
    habilitado: z.boolean(),
    ...offered,
  })
  .meta({ id: 'ProveedorDePaquetes' })

const OfferAnswer = z
  .strictObject({
    operadora: z.string(),
    proveedor: z.string(),
    codigo: z.string().meta({ description: 'text: "024" is not 24' }),
    nombre: z.string(),
    descripcion: z.string(),
    precio: DecimalNumber,
    vigencia: z.string(),
    categoria: z.string(),
    sku: z.string().nullable(),
  })
  .meta({ id: 'Paquete' })

export const OfferPageAnswer = z
  .strictObject({
    paquetes: z.array(OfferAnswer),
    pagina: z.int().positive(),
    por_pagina: z.int().positive(),
    total: z.int().nonnegative(),
    edad_segundos: z.int().nonnegative().meta({ description: 'age of the carrier’s list' }),
    desactualizado: z.boolean().meta({ description: 'true when the carrier gives no newer list' }),
  })
  .meta({ id: 'PaginaDePaquetes' })

export type BundleListDeps = {
  readonly bundles: BundleReads
  readonly shops: Shops
  /** Null when the adapter has not answered lately. Never throws. */
  readonly carrierStates: () => Promise<CarrierStates | null>
}

const pageMax = 10_000

const ListQuery = z.strictObject({
  /** The same filter under the carrier's name and under the POS's. */
  provider_identifier: Bundle.shape.provider.optional(),
  operadora: z.string().max(40).optional(),
  page: wholeParameter(pageMax).default(1),
  per_page: wholeParameter(bundlePageSizeMax).default(bundlePageSizeMax),
})

/**
 * The carrier's providers of packages that this shop sells: a bare array, as every list a POS reads whole. How old the
 * carrier's word is stands in the headers, seconds in `Age`, and `X-Desactualizado` where no newer one can be had.
 */
const providersRoute = ({ bundles, shops, carrierStates }: BundleListDeps): Route => ({
  method: 'get',
  path: '/paquetes/proveedores',
  roles: everyRole,
  contract: {
    summary: 'Providers of mobile packages',
    replies: [
      {
        status: 200,
        says: 'the providers whose packages this shop sells',
        body: z.array(ProviderAnswer),
        headers: ['Age', 'X-Desactualizado'],
      },
    ],
    problems: ['MERCHANT_NOT_CONFIGURED', 'CARRIER_UNAVAILABLE'],
  },
  answer: async ({ principal }) => {
    const operators = bundleOperatorsOf(shops.of(principal.merchant))
    const [{ providers, ageSeconds, stale }, states] = await Promise.all([
      bundles.providers(),
      carrierStates(),
    ])
    return {
      status: 200,
      body: providers.flatMap((provider) => {
        const operator = operators.get(provider.provider)
        return operator === undefined ? [] : [providerBody(provider, operator, states)]
      }),
      headers: { age: String(ageSeconds), 'x-desactualizado': String(stale) },
    }
  },
})

/** The packages themselves, a page at a time, in the order of the shop's operators. */
const bundlesRoute = ({ bundles, shops }: BundleListDeps): Route => ({
  method: 'get',
  path: '/paquetes',
  roles: everyRole,
  contract: {
    summary: 'Mobile packages, a page at a time',
    query: ListQuery,
    replies: [
      {
        status: 200,
        says: 'a page of packages',
        body: OfferPageAnswer,
        headers: ['Link', 'X-Total-Count'],
      },
    ],
    problems: [
      'MERCHANT_NOT_CONFIGURED',
      'OPERATOR_UNKNOWN',
      'OPERATOR_WITHOUT_BUNDLES',
      'BUNDLE_PROVIDER_UNKNOWN',
      'CARRIER_UNAVAILABLE',
    ],
  },
  answer: async ({ principal, query }) => {
    const shop = shops.of(principal.merchant)
    const asked = parseQuery(ListQuery, query)
    const operators = operatorsAsked(shop, asked)
    const providers = [...operators.keys()]
    const { page, per_page: perPage } = asked
    const { offers, total, ageSeconds, stale } =
      providers.length === 0
        ? { offers: [], total: 0, ageSeconds: 0, stale: false }
        : await bundles.page({ providers, page, perPage })
    return {
      status: 200,
      body: {
        paquetes: offers.flatMap((offer) => {
          const operator = operators.get(offer.provider)
          return operator === undefined ? [] : [offerBody(offer, operator, shop.currency)]
        }),
        pagina: page,
        por_pagina: perPage,
        total,
        edad_segundos: ageSeconds,
        desactualizado: stale,
      },
      headers: {
        'x-total-count': String(total),
        ...nextPageLink('/paquetes', query, page * perPage < total ? page + 1 : null, 'page'),
      },
    }
  },
})

export const bundleListRoutes = (deps: BundleListDeps): readonly Route[] => [
  providersRoute(deps),
  bundlesRoute(deps),
]

/** The operators to list, by provider; both filters must name the same one. */
const operatorsAsked = (
  shop: Shop,
  asked: z.infer<typeof ListQuery>,
): ReadonlyMap<string, BundleOperator> => {
  const { provider_identifier: provider, operadora } = asked
  const sold = bundleOperatorsOf(shop)
  if (provider !== undefined && !sold.has(provider)) throw unknownProvider(provider)
  if (operadora === undefined) {
    return provider === undefined ? sold : new Map([...sold].filter(([code]) => code === provider))
  }
  const operator = requireBundleOperator(shop, operadora)
  if (provider !== undefined && provider !== operator.proveedor_paquetes) {
    throw unknownProvider(provider)
  }
  return new Map([[operator.proveedor_paquetes, operator]])
}

const unknownProvider = (provider: string) => new Problem('BUNDLE_PROVIDER_UNKNOWN', { provider })

export const providerBody = (
  { provider, name, logoUrl, enabled }: BundleProvider,
  operator: BundleOperator,
  states: CarrierStates | null,
) => ({
  proveedor: provider,
  nombre: name,
  operadora: operator.nombre,
  logo: logoUrl,
  habilitado: enabled,
  ...(enabled
    ? bundleAvailabilityOf(states, operator)
    : { disponible: false, motivo: 'El proveedor no ofrece ahora paquetes de esta operadora.' }),
})

export const offerBody = (offer: BundleOffer, operator: BundleOperator, currency: Currency) => ({
  operadora: operator.nombre,
  proveedor: offer.provider,
  codigo: offer.code,
  nombre: offer.name,
  descripcion: offer.description,
  precio: toDecimalNumber(priceOf(operator, offer), currency),
  vigencia: offer.validity,
  categoria: offer.category,
  sku: offer.sku,
})
