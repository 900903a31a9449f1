import { OperatorName } from '@recargas/contracts'
import { z } from 'zod'
import type { Shops } from '../catalogue/catalogue.ts'
import { amountField, IdField } from '../edge/fields.ts'
import { perCurrency, parseBody } from '../edge/parse.ts'
import { administratorOnly, tillRoles, type Route } from '../edge/route.ts'
import type { Perform } from '../operations/perform.ts'
import { requireResult } from '../operations/result.ts'
import { injectionBody } from './injection-body.ts'

export type InjectDeps = {
  readonly perform: Perform
  readonly shops: Shops
  readonly operatorMayInject: boolean
}

/** The reference's smallest injection: 1.00. */
const leastMinor = 100

const injectionRequest = perCurrency(({ currency }) =>
  z.strictObject({
    operadora_destino: z.string().max(40),
    monto: amountField({ currency, least: leastMinor }),
    id_caja_sesion: IdField,
  }),
)

/** POST /recargas/inyeccion: float bought with the session's cash. */
export const injectRoute = ({ perform, shops, operatorMayInject }: InjectDeps): Route => {
  const route = { method: 'post', path: '/recargas/inyeccion' } as const
  return {
    ...route,
    roles: operatorMayInject ? tillRoles : administratorOnly,
    answer: async (call) => {
      const shop = shops.of(call.principal.merchant)
      const body = parseBody(injectionRequest(shop), call.body)
      const operator = shop.operator(body.operadora_destino, 'operadora_destino')
      const performed = await perform(
        call,
        route,
        {
          type: 'InjectFloat.v1',
          data: {
            sessionId: body.id_caja_sesion,
            operator: OperatorName.parse(operator.nombre),
            amount: body.monto,
          },
        },
        { currency: shop.currency },
      )
      return { status: 201, body: injectionBody(requireResult(performed, 'injection').injection) }
    },
  }
}
