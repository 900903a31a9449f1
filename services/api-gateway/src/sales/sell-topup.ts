import {
  termsOf,
  toDecimalNumber,
  type CarrierStates,
  type CatalogueOperator,
  type GatewayRefusal,
} from '@recargas/contracts'
import { z } from 'zod'
import {
  amountRefusal,
  findOperator,
  isOffered,
  numberRefusal,
  type Shop,
  type Shops,
} from '../catalogue/catalogue.ts'
import { amountField, IdField, NumberField, OperatorField } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody } from '../api/parse.ts'
import type { Route } from '../api/route.ts'
import type {
  CommandInput,
  ExecuteCommand,
  Press,
  RefusedInput,
} from '../commands/execute-command.ts'
import { topupLocation } from './sale-body.ts'
import { saleRoute } from './sale-route.ts'

export type SellDeps = {
  readonly executeCommand: ExecuteCommand
  readonly shops: Shops
  /** The adapter's last word; null where there is none that counts. Never throws. */
  readonly lastCarrierStates: () => Promise<CarrierStates | null>
}

const saleBody = perCurrency(({ currency }) =>
  z.strictObject({
    operadora: OperatorField,
    numero_cliente: NumberField,
    monto: amountField({ currency, least: 'positive' }),
    id_caja_sesion: IdField,
  }),
)

/** POST /recargas/cliente: without a key, a sale that the catalogue refuses is not published. */
export const sellRoute = (deps: SellDeps): Route =>
  saleRoute(deps, {
    path: '/recargas/cliente',
    operation: 'RequestTopup',
    contract: {
      summary: 'Sell a top-up',
      description:
        'Answers when the carrier has decided, or when the wait is over. Send an Idempotency-Key: with the same key and ' +
        'body a repeat never sells twice and gets the same answer.',
      body: saleBody(anyShop),
      problems: [
        'AMOUNT_BELOW_MINIMUM',
        'AMOUNT_ABOVE_MAXIMUM',
        'AMOUNT_OFF_STEP',
        'OPERATOR_NOT_OFFERED',
      ],
    },
    locationOf: topupLocation,
    read: async ({ body }, shop, confirmDuplicate) =>
      readSale(shop, body, { confirmDuplicate, carriers: await deps.lastCarrierStates() }),
  })

type TopupInput = Extract<CommandInput, { type: 'RequestTopup.v1' }>
type Sale = z.infer<ReturnType<typeof saleBody>>
type Circumstances = {
  readonly confirmDuplicate: boolean
  readonly carriers: CarrierStates | null
}

/** A sale's body, read with the shop's catalogue. Throws {@link Problem} for an invalid body. */
export const readSale = (
  shop: Shop | null,
  body: unknown,
  circumstances: Circumstances,
): Press<TopupInput> => {
  const sale = parseBody(saleBody(shop ?? anyShop), body)
  return {
    payload: {
      kind: 'RequestTopup',
      operator: sale.operadora,
      number: sale.numero_cliente,
      amount: toDecimalNumber(sale.monto, (shop ?? anyShop).currency),
      sessionId: sale.id_caja_sesion,
    },
    input: inputOf(shop, sale, circumstances),
  }
}

const inputOf = (
  ownShop: Shop | null,
  sale: Sale,
  { confirmDuplicate, carriers }: Circumstances,
): TopupInput | RefusedInput => {
  const found = findOperator(ownShop, sale.operadora, 'operadora')
  if (found.type === 'refused') return found
  const { shop, operator } = found
  const number = shop.dialled(sale.numero_cliente)
  const refusal =
    amountRefusal(operator, sale.monto, shop.currency) ??
    numberRefusal(shop, operator, number) ??
    offerRefusal(carriers, operator)
  if (refusal !== null) return { type: 'refused', refusal, operator: operator.nombre }
  const terms = termsOf(operator)
  return {
    type: 'RequestTopup.v1',
    data: {
      sessionId: sale.id_caja_sesion,
      operator: operator.nombre,
      carrier: operator.carrier,
      slug: operator.slug,
      number,
      amount: sale.monto,
      carrierAmount: sale.monto / operator.unidad_carrier,
      confirmDuplicate,
      ...(terms === undefined ? {} : { terms }),
    },
  }
}

const offerRefusal = (
  carriers: CarrierStates | null,
  operator: CatalogueOperator,
): GatewayRefusal | null =>
  isOffered(carriers, operator)
    ? null
    : { code: 'OPERATOR_NOT_OFFERED', details: { operator: operator.nombre } }
