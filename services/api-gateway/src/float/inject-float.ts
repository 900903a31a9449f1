import { toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import { merchantRefusal, operatorRefusal, type Shop, type Shops } from '../catalogue/catalogue.ts'
import type { Contract } from '../api/contract.ts'
import { amountField, IdField, OperatorField } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { administratorOnly, tillRoles, type Route } from '../api/route.ts'
import type { CommandInput, ExecuteCommand, RefusedInput } from '../commands/execute-command.ts'
import { requireResult } from '../commands/require-result.ts'
import { InjectionAnswer } from './float-replies.ts'
import { injectionBody } from './injection-body.ts'

export type InjectDeps = {
  readonly executeCommand: ExecuteCommand
  readonly shops: Shops
  readonly operatorMayInject: boolean
}

/** The reference's smallest injection: 1.00. */
const leastMinor = 100

const injectionRequest = perCurrency(({ currency }) =>
  z.strictObject({
    operadora_destino: OperatorField,
    monto: amountField({ currency, least: leastMinor }),
    id_caja_sesion: IdField,
  }),
)

const injectContract: Contract = {
  summary: 'Buy float with the session’s cash',
  description:
    'Without an Idempotency-Key a second injection of the same operator and amount in one session is suspected for a ' +
    'while to be a repeat.',
  body: injectionRequest(anyShop),
  headers: ['Idempotency-Key'],
  replies: [{ status: 201, says: 'injected', body: InjectionAnswer }],
  problems: [
    ...amountProblems,
    'AMOUNT_ZERO',
    'AMOUNT_BELOW_MINIMUM',
    'OPERATOR_UNKNOWN',
    'SESSION_NOT_OPEN',
    'SESSION_OF_ANOTHER',
    'CURRENCY_MISMATCH',
    'DUPLICATE_SUSPECTED',
    'INSUFFICIENT_DRAWER',
  ],
}

/** POST /recargas/inyeccion: float bought with the session's cash. */
export const injectRoute = ({ executeCommand, shops, operatorMayInject }: InjectDeps): Route => {
  const route = { method: 'post', path: '/recargas/inyeccion' } as const
  return {
    ...route,
    roles: operatorMayInject ? tillRoles : administratorOnly,
    contract: injectContract,
    answer: async (call) => {
      const shop = shops.find(call.principal.merchant)
      const { currency } = shop ?? anyShop
      const body = parseBody(injectionRequest({ currency }), call.body)
      const commandReply = await executeCommand(
        call,
        route,
        {
          payload: {
            kind: 'InjectFloat',
            operator: body.operadora_destino,
            amount: toDecimalNumber(body.monto, currency),
            sessionId: body.id_caja_sesion,
          },
          input: inputOf(shop, body),
        },
        { currency },
      )
      return {
        status: 201,
        body: injectionBody(requireResult(commandReply, 'injection').injection),
      }
    },
  }
}

type Injection = z.infer<ReturnType<typeof injectionRequest>>

const inputOf = (shop: Shop | null, body: Injection): CommandInput | RefusedInput => {
  if (shop === null) return { type: 'refused', refusal: merchantRefusal }
  const operator = shop.find(body.operadora_destino)
  if (operator === null) {
    return { type: 'refused', refusal: operatorRefusal(shop, 'operadora_destino') }
  }
  return {
    type: 'InjectFloat.v1',
    data: { sessionId: body.id_caja_sesion, operator: operator.nombre, amount: body.monto },
  }
}
