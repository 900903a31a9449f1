import {
  Catalogue,
  formatDecimal,
  shopSettingsOf,
  toDecimalNumber,
  type CarrierState,
  type CatalogueMerchant,
  type CatalogueOperator,
  type Currency,
  type MerchantId,
  type ShopSettings,
} from '@recargas/contracts'
import { Problem } from '../edge/problem.ts'

/** One merchant's part of the catalogue. */
export type Shop = {
  readonly currency: Currency
  readonly settings: ShopSettings
  /** Throws {@link Problem} OPERATOR_UNKNOWN, naming the body's field. */
  readonly operator: (name: string, field: string) => CatalogueOperator
  readonly operators: readonly CatalogueOperator[]
  /** Whether the operator's numbers look like that. */
  readonly fits: (operator: CatalogueOperator, number: string) => boolean
}

export type Shops = {
  readonly has: (merchant: MerchantId) => boolean
  /** Throws {@link Problem} for a merchant the catalogue does not have. */
  readonly of: (merchant: MerchantId) => Shop
}

/** What every command's number must look like, whatever a catalogue allows. */
const anyNumber = /^[0-9]{5,20}$/

/** Reads the catalogue a shop edits; throws what is wrong with it. */
export const readCatalogue = (text: string): Catalogue => Catalogue.parse(JSON.parse(text))

export const createShops = (catalogue: Catalogue): Shops => {
  const shops = new Map<string, Shop>()
  for (const [id, merchant] of Object.entries(catalogue.merchants)) {
    shops.set(id, createShop(merchant))
  }
  return {
    has: (merchant) => shops.has(merchant),
    of: (merchant) => {
      const shop = shops.get(merchant)
      if (shop === undefined) throw new Problem('MERCHANT_NOT_CONFIGURED')
      return shop
    },
  }
}

const createShop = (merchant: CatalogueMerchant): Shop => {
  const { currency, operators } = merchant
  const byName = new Map(operators.map((operator) => [String(operator.nombre), operator]))
  const patterns = new Map(
    operators.map((operator) => [operator, new RegExp(`^(?:${operator.patron_numero})$`, 'u')]),
  )
  return {
    currency,
    settings: shopSettingsOf(merchant),
    operators,
    operator: (name, field) => {
      const operator = byName.get(name)
      if (operator === undefined) {
        throw new Problem('OPERATOR_UNKNOWN', { field, operators: [...byName.keys()].join(', ') })
      }
      return operator
    },
    fits: (operator, number) =>
      anyNumber.test(number) && patterns.get(operator)?.test(number) === true,
  }
}

/** Whether the carrier sells the operator by its own list; what nobody knows is no reason to refuse. */
export const isOffered = (
  state: CarrierState | null,
  { slug }: Pick<CatalogueOperator, 'slug'>,
): boolean => !state?.offered || state.offered.includes(slug)

/** Refuses an amount the operator does not sell. Throws {@link Problem}. */
export const requireSellable = (
  { nombre, minimo, maximo, paso }: CatalogueOperator,
  amount: number,
  currency: Currency,
): void => {
  const facts = { operator: nombre, field: 'monto' }
  if (amount < minimo) {
    throw new Problem('AMOUNT_BELOW_MINIMUM', {
      ...facts,
      minimum: toDecimalNumber(minimo, currency),
    })
  }
  if (amount > maximo) {
    throw new Problem('AMOUNT_ABOVE_MAXIMUM', {
      ...facts,
      maximum: formatDecimal(maximo, currency),
    })
  }
  if (amount % paso !== 0) {
    throw new Problem('AMOUNT_OFF_STEP', { ...facts, step: formatDecimal(paso, currency) })
  }
}

/** Refuses a number that cannot be one of the operator's. Throws {@link Problem}. */
export const requireNumber = (shop: Shop, operator: CatalogueOperator, number: string): void => {
  if (shop.fits(operator, number)) return
  throw new Problem('NUMBER_NOT_OF_OPERATOR', {
    operator: operator.nombre,
    ...(operator.ayuda_numero === undefined ? {} : { help: operator.ayuda_numero }),
  })
}
