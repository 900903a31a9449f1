import { CarrierState } from '@recargas/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from './client.ts'
import { acts, type Act } from './command.ts'
import { administratorToken } from './person.ts'
import { printJson, printTable } from './print.ts'
import { Wrong } from './target.ts'

const breaker: Act<object> = async (settings, { json }) => {
  const state = await ask(settings, 'adapter', '/internal/carrier', CarrierState)
  if (state === null) throw new Wrong('the adapter does not tell the state of the carrier')
  if (json) printJson(state)
  else {
    const rows = [
      { name: 'top-ups', ...state },
      { name: 'bundles', ...state.bundles },
    ]
    printTable(
      ['sells', 'breaker', 'available', 'reason'],
      rows.map((row) => [row.name, row.breaker, row.available ? 'yes' : 'no', row.reason]),
    )
  }
  return state.available && state.bundles.available ? 0 : 1
}

const Operators = z.array(
  z.looseObject({ nombre: z.string(), disponible: z.boolean(), motivo: z.string().nullable() }),
)
const Floats = z.array(
  z.looseObject({
    nombre_operadora: z.string(),
    disponible: z.union([z.number(), z.string()]).nullish(),
    saldo_reservado: z.union([z.number(), z.string()]).nullish(),
    autonomia_minutos: z.number().nullish(),
  }),
)

type Options = { readonly merchant?: string; readonly token?: string }

const operators: Act<Options> = async (settings, { json, merchant, token }) => {
  const request = { token: administratorToken(settings, token, undefined, merchant) }
  const listed = (await ask(settings, 'gateway', '/operadoras', Operators, request)) ?? []
  const floats =
    (await ask(settings, 'gateway', '/recargas/operadoras/saldos', Floats, request)) ?? []
  const rows = listed.map((operator) => {
    const float = floats.find((each) => each.nombre_operadora === operator.nombre)
    return {
      operator: operator.nombre,
      sells: operator.disponible,
      reason: operator.motivo,
      available: float?.disponible ?? null,
      reserved: float?.saldo_reservado ?? null,
      runwayMinutes: float?.autonomia_minutos ?? null,
    }
  })
  if (json) printJson(rows)
  else {
    printTable(
      ['operator', 'sells', 'float', 'reserved', 'lasts (min)', 'reason'],
      rows.map((row) => [
        row.operator,
        row.sells ? 'yes' : 'no',
        row.available,
        row.reserved,
        row.runwayMinutes,
        row.reason,
      ]),
    )
  }
  return rows.every(({ sells }) => sells) ? 0 : 1
}

export const carrierCommands = (program: Command): void => {
  acts(
    program.command('breaker').description('whether the carrier can be sold through, and why not'),
    breaker,
  )
  acts(
    program
      .command('operators')
      .description('what a shop can sell, and the floats behind it')
      .option('--merchant <name>', 'the shop')
      .option('--token <jwt>', 'of an Administrador (OPS_TOKEN); in development one is made'),
    operators,
  )
}
