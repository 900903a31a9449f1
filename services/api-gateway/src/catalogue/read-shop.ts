import { Currency, currencyScale, toDecimalNumber, usualDenominations } from '@recargas/contracts'
import { z } from 'zod'
import { everyRole, type Route } from '../api/route.ts'
import { DecimalNumber } from '../api/wire.ts'
import type { Shop, Shops } from './catalogue.ts'

const ShopAnswer = z
  .strictObject({
    id: z.string(),
    nombre: z.string().meta({ description: 'as on its receipts' }),
    moneda: Currency,
    decimales: z.int(),
    zona_horaria: z.string(),
    codigo_pais: z.string().nullable(),
    conteo_apertura: z.enum(['registrar', 'rechazar']),
    cierre_ciego: z.boolean().meta({
      description: 'a screen shows a cashier the expected cash only after the count',
    }),
    motivo_diferencia_desde: DecimalNumber.nullable().meta({
      description: 'a closing that differs by this or more needs a reason; null: none does',
    }),
    denominaciones: z.array(DecimalNumber).meta({ description: 'notes and coins, largest first' }),
  })
  .meta({ id: 'Comercio' })

/** GET /comercio: the settings of the caller's shop that a till or a screen follows. */
export const shopRoute = ({ shops }: { readonly shops: Shops }): Route => ({
  method: 'get',
  path: '/comercio',
  roles: everyRole,
  contract: {
    summary: 'The shop: currency, time zone, and how its drawers are counted',
    replies: [{ status: 200, says: 'the shop', body: ShopAnswer }],
    problems: ['MERCHANT_NOT_CONFIGURED'],
  },
  answer: ({ principal: { merchant } }) =>
    Promise.resolve({ status: 200, body: shopBody(merchant, shops.of(merchant)) }),
})

export const shopBody = (
  id: string,
  { currency, row }: Pick<Shop, 'currency' | 'row'>,
): z.infer<typeof ShopAnswer> => {
  const number = (minor: number) => toDecimalNumber(minor, currency)
  const values = row.denominaciones ?? usualDenominations[currency]
  return {
    id,
    nombre: row.nombre ?? id,
    moneda: currency,
    decimales: currencyScale[currency],
    zona_horaria: row.zona_horaria,
    codigo_pais: row.codigo_pais ?? null,
    conteo_apertura: row.conteo_apertura,
    cierre_ciego: row.cierre_ciego,
    motivo_diferencia_desde:
      row.motivo_diferencia_desde === undefined ? null : number(row.motivo_diferencia_desde),
    denominaciones: values.toSorted((one, other) => other - one).map(number),
  }
}
