import { toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import { findOperator, type Shops } from '../catalogue/catalogue.ts'
import { amountField, IdField, OperatorField } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { administratorOnly, tillRoles, type Route } from '../api/route.ts'
import { commandRoute } from '../commands/command-route.ts'
import type { ExecuteCommand } from '../commands/execute-command.ts'
import { InjectionAnswer, injectionBody } from './injection-body.ts'

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

/** POST /recargas/inyeccion: float bought with the session's cash. */
export const injectRoute = (deps: InjectDeps): Route =>
  commandRoute(deps, {
    operation: 'InjectFloat',
    method: 'post',
    path: '/recargas/inyeccion',
    roles: deps.operatorMayInject ? tillRoles : administratorOnly,
    contract: {
      summary: 'Buy float with the session’s cash',
      description:
        'Without an Idempotency-Key a second injection of the same operator and amount in one session is suspected for a ' +
        'while to be a repeat.',
      body: injectionRequest(anyShop),
      replies: [{ status: 201, says: 'injected', body: InjectionAnswer }],
      problems: [...amountProblems, 'AMOUNT_ZERO', 'AMOUNT_BELOW_MINIMUM', 'OPERATOR_UNKNOWN'],
    },
    read: ({ body }, { shop, currency }) => {
      const { operadora_destino, monto, id_caja_sesion } = parseBody(
        injectionRequest({ currency }),
        body,
      )
      const asked = { sessionId: id_caja_sesion }
      const payload = {
        ...asked,
        operator: operadora_destino,
        amount: toDecimalNumber(monto, currency),
      }
      const found = findOperator(shop, operadora_destino, 'operadora_destino')
      return found.type === 'refused'
        ? { payload, refusal: found.refusal }
        : { payload, data: { ...asked, operator: found.operator.nombre, amount: monto } }
    },
    reply: ({ injection }) => ({ status: 201, body: injectionBody(injection) }),
  })
