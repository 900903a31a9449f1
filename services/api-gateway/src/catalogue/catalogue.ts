import {
  type Catalogue,
  formatDecimal,
  shopSettingsOf,
  toDecimalNumber,
  type CarrierStates,
  type CatalogueMerchant,
  type CatalogueOperator,
  type Currency,
  type GatewayRefusal,
  type MerchantId,
  type ShopSettings,
} from '@recargas/contracts'
import { Problem } from '../api/problem.ts'

/** One merchant's part of the catalogue. */
export type Shop = {
  /** As receipts print it; undefined where the catalogue does not say. */
  readonly name: string | undefined
  readonly currency: Currency
  readonly settings: ShopSettings
  readonly row: CatalogueMerchant
  /** Null for a name that the shop does not sell. */
  readonly find: (name: string) => CatalogueOperator | null
  readonly operators: readonly CatalogueOperator[]
  /** A number as the carrier dials it, from how a till wrote it. */
  readonly dialled: (written: string) => string
  /** True when the dialled number has the form of the operator's numbers. */
  readonly fits: (operator: CatalogueOperator, number: string) => boolean
}

export type Shops = {
  /** Null for a merchant that the catalogue does not have, or has no longer. */
  readonly find: (merchant: MerchantId) => Shop | null
  /** Throws {@link Problem} for a merchant the catalogue does not have. */
  readonly of: (merchant: MerchantId) => Shop
}

/** The form of every command's number, whatever a catalogue allows. */
const anyNumber = /^[0-9]{5,20}$/

export const createShops = (catalogue: Catalogue): Shops => {
  const shops = new Map<string, Shop>()
  for (const [id, merchant] of Object.entries(catalogue.merchants)) {
    shops.set(id, createShop(merchant))
  }
  return {
    find: (merchant) => shops.get(merchant) ?? null,
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
    name: merchant.nombre,
    currency,
    settings: shopSettingsOf(merchant),
    row: merchant,
    operators,
    find: (name) => byName.get(name) ?? null,
    dialled: (written) => dialledNumber(written, merchant.codigo_pais),
    fits: (operator, number) =>
      anyNumber.test(number) && patterns.get(operator)?.test(number) === true,
  }
}

/** True unless the adapter, or the carrier's own list, says otherwise; an unknown state is no reason to refuse. */
export const isOffered = (
  states: CarrierStates | null,
  { carrier, slug }: Pick<CatalogueOperator, 'carrier' | 'slug'>,
): boolean => {
  if (states === null) return true
  const state = states[carrier]
  return state !== undefined && (state.offered === null || state.offered.includes(slug))
}

/** For a shop that left the catalogue: decisions on its sales move no money of a day and count no drawer. */
const settingsWithoutShop: ShopSettings = { timeZone: 'UTC', openingCount: 'record' }

/** A shop that left the catalogue can still read its books and decide on its sales; its days are those of UTC then. */
export const settingsOf = (shops: Shops, merchant: MerchantId): ShopSettings =>
  shops.find(merchant)?.settings ?? settingsWithoutShop

export const merchantRefusal: GatewayRefusal = { code: 'MERCHANT_NOT_CONFIGURED', details: {} }

/** Refuses a name that the shop does not sell; `field` is the body's own. */
export const operatorRefusal = ({ operators }: Shop, field: string): GatewayRefusal => ({
  code: 'OPERATOR_UNKNOWN',
  details: { field, operators: operators.map(({ nombre }) => nombre).join(', ') },
})

type OperatorFound =
  | { readonly type: 'found'; readonly shop: Shop; readonly operator: CatalogueOperator }
  | { readonly type: 'refused'; readonly refusal: GatewayRefusal }

/** The operator that a body names in `field`, of a shop that the catalogue may not have. */
export const findOperator = (shop: Shop | null, name: string, field: string): OperatorFound => {
  if (shop === null) return { type: 'refused', refusal: merchantRefusal }
  const operator = shop.find(name)
  return operator === null
    ? { type: 'refused', refusal: operatorRefusal(shop, field) }
    : { type: 'found', shop, operator }
}

/** Refuses an amount that the operator does not sell; null: it does. */
export const amountRefusal = (
  { nombre: operator, minimo, maximo, paso }: CatalogueOperator,
  amount: number,
  currency: Currency,
): GatewayRefusal | null => {
  const facts = { operator, field: 'monto' }
  if (amount < minimo) {
    const minimum = String(toDecimalNumber(minimo, currency))
    return { code: 'AMOUNT_BELOW_MINIMUM', details: { ...facts, minimum } }
  }
  if (amount > maximo) {
    const maximum = formatDecimal(maximo, currency)
    return { code: 'AMOUNT_ABOVE_MAXIMUM', details: { ...facts, maximum } }
  }
  if (amount % paso !== 0) {
    const step = formatDecimal(paso, currency)
    return { code: 'AMOUNT_OFF_STEP', details: { ...facts, step } }
  }
  return null
}

/** Refuses a number that cannot be one of the operator's; null: it can. */
export const numberRefusal = (
  shop: Shop,
  operator: CatalogueOperator,
  number: string,
): GatewayRefusal | null =>
  shop.fits(operator, number)
    ? null
    : {
        code: 'NUMBER_NOT_OF_OPERATOR',
        details: {
          operator: operator.nombre,
          ...(operator.ayuda_numero === undefined ? {} : { help: operator.ayuda_numero }),
        },
      }

const separators = /[ -]/g

/**
 * A phone number as the carrier dials it: without spaces and dashes, and without the shop's country code after `+` or `00`.
 * Everything else stays as it was written, to be refused by the operator's pattern.
 */
export const dialledNumber = (written: string, countryCode: string | undefined): string => {
  const bare = written.replaceAll(separators, '')
  if (countryCode === undefined) return bare
  const prefix = [`+${countryCode}`, `00${countryCode}`].find((each) => bare.startsWith(each))
  return prefix === undefined ? bare : bare.slice(prefix.length)
}
