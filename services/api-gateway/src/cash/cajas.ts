import { CajaSpecialty, toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import { amountField, IdField, lineField, UserField, UserText } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody, parseId, parseQuery } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { amountProblems } from '../api/problems-of.ts'
import { administratorOnly, everyRole, type Call, type Route } from '../api/route.ts'
import { requireOwnUser } from '../api/users.ts'
import { commandRoute } from '../commands/command-route.ts'
import {
  cajaBody,
  cajaInListBody,
  CajaAnswer,
  CajaInListAnswer,
  CajaWithSessionsAnswer,
} from './caja-body.ts'
import type { CashDeps } from './ports.ts'
import { sessionRow } from './session-body.ts'

const name = lineField(z.string().trim().min(3).max(100)).meta({ examples: ['Caja 01'] })

const createBody = perCurrency(({ currency }) =>
  z.strictObject({
    nombre: name,
    especialidad: CajaSpecialty,
    saldo: amountField({ currency, least: 'zero' }),
    id_user_create: UserField.nullish(),
  }),
)

const changeBody = perCurrency(({ currency }) =>
  z
    .strictObject({
      nombre: name.optional(),
      especialidad: CajaSpecialty.optional(),
      saldo: amountField({ currency, least: 'zero' }).optional(),
      id_user_create: UserField.nullish(),
      id_user_update: UserField.nullish(),
    })
    .refine(({ nombre, especialidad, saldo }) => nombre ?? especialidad ?? saldo !== undefined, {
      error: 'No hay nada que cambiar.',
      params: { detail: 'nada que cambiar: envíe nombre, especialidad o saldo' },
    }),
)

const CajaParams = z.strictObject({ id: IdField })
const DeleteQuery = z.strictObject({ id_user_update: UserText.optional() })

/** Cajas: registered, changed and retired by an Administrador, visible to everybody. */
export const cajaRoutes = (deps: CashDeps): readonly Route[] => [
  listRoute(deps),
  readRoute(deps),
  createRoute(deps),
  changeRoute(deps),
  retireRoute(deps),
]

const listRoute = ({ reads }: CashDeps): Route => ({
  method: 'get',
  path: '/cajas',
  roles: everyRole,
  contract: {
    summary: 'Cajas and what their drawers hold',
    replies: [{ status: 200, says: 'all cajas', body: z.array(CajaInListAnswer) }],
    problems: ['LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal: { merchant, userId } }) => {
    const [cajas, session] = await Promise.all([
      reads.cajas(merchant),
      reads.activeSession(merchant, userId),
    ])
    return { status: 200, body: cajas.map((caja) => cajaInListBody(caja, session)) }
  },
})

const readRoute = ({ reads }: CashDeps): Route => ({
  method: 'get',
  path: '/cajas/:id',
  roles: everyRole,
  contract: {
    summary: 'One caja and its sessions',
    params: CajaParams,
    replies: [{ status: 200, says: 'the caja', body: CajaWithSessionsAnswer }],
    problems: ['CAJA_NOT_FOUND', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal, params }) => {
    const id = requireCajaId(params)
    const found = await reads.caja(principal.merchant, id)
    if (found === null) throw new Problem('CAJA_NOT_FOUND', { cajaId: id })
    return {
      status: 200,
      body: { ...cajaBody(found.caja), sesiones: found.sessions.map(sessionRow) },
    }
  },
})

const createRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'CreateCaja',
    method: 'post',
    path: '/cajas',
    roles: administratorOnly,
    contract: {
      summary: 'Register a caja',
      body: createBody(anyShop),
      replies: [{ status: 201, says: 'registered', body: CajaAnswer }],
      problems: amountProblems,
    },
    read: ({ body, principal }, { currency }) => {
      const { nombre, especialidad, saldo, id_user_create } = parseBody(
        createBody({ currency }),
        body,
      )
      requireOwnUser(principal, { id_user_create: id_user_create ?? undefined })
      const asked = { name: nombre, specialty: especialidad }
      return {
        payload: { ...asked, balance: toDecimalNumber(saldo, currency) },
        data: { ...asked, balance: saldo },
      }
    },
    reply: ({ caja }) => ({ status: 201, body: cajaBody(caja) }),
  })

const changeRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'ChangeCaja',
    method: 'patch',
    path: '/cajas/:id',
    roles: administratorOnly,
    contract: {
      summary: 'Rename a caja, change what it is for, or correct what its drawer holds',
      description:
        'At least one of nombre, especialidad and saldo. `saldo` is what was counted in the drawer, with the cash of ' +
        'pending sales (`pendiente`); a difference is booked as over or short.',
      params: CajaParams,
      body: changeBody(anyShop),
      replies: [{ status: 200, says: 'changed', body: CajaAnswer }],
      problems: amountProblems,
    },
    // Only a caja that is retired must be empty.
    unmet: ['CAJA_HAS_OPEN_SESSION', 'CAJA_NOT_EMPTY'],
    read: ({ body, params }, { currency }) => {
      const cajaId = requireCajaId(params)
      const { nombre, especialidad, saldo } = parseBody(changeBody({ currency }), body)
      return {
        payload: {
          cajaId,
          name: nombre ?? null,
          specialty: especialidad ?? null,
          balance: saldo === undefined ? null : toDecimalNumber(saldo, currency),
          active: null,
        },
        data: {
          cajaId,
          ...(nombre === undefined ? {} : { name: nombre }),
          ...(especialidad === undefined ? {} : { specialty: especialidad }),
          ...(saldo === undefined ? {} : { balance: saldo }),
        },
      }
    },
    reply: ({ caja }) => ({ status: 200, body: cajaBody(caja) }),
  })

const retireRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'ChangeCaja',
    method: 'delete',
    path: '/cajas/:id',
    roles: administratorOnly,
    contract: {
      summary: 'Retire a caja',
      description: 'Refused as long as its drawer holds cash or a sale of it is pending.',
      params: CajaParams,
      query: DeleteQuery,
      replies: [{ status: 200, says: 'retired' }],
      problems: [],
    },
    read: ({ params, query }) => {
      const cajaId = requireCajaId(params)
      parseQuery(DeleteQuery, query)
      const unchanged = { name: null, specialty: null, balance: null }
      return { payload: { cajaId, ...unchanged, active: false }, data: { cajaId, active: false } }
    },
    reply: () => ({ status: 200, body: undefined }),
  })

const requireCajaId = (params: Call['params']): number => {
  const id = parseId(params['id'])
  if (id === null)
    throw new Problem('CAJA_NOT_FOUND', { cajaId: (params['id'] ?? '').slice(0, 20) })
  return id
}
