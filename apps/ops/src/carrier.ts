import type { components } from '@recargas/client'
import {
  carrierNames,
  CarrierStates,
  sellsKind,
  type CarrierOperationState,
} from '@recargas/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, merchantOption, type Act } from './command.ts'
import { administratorToken } from './person.ts'
import { printJson, printTable } from './print.ts'
import { Wrong } from '@recargas/stack/reach/target'

const breaker: Act<object> = async (settings, { json }) => {
  const states = await ask(settings, 'adapter', '/internal/carriers', CarrierStates)
  if (states === null) throw new Wrong('the adapter does not tell the state of its carriers')
  const rows = operationsOf(states)
  if (json) printJson(states)
  else {
    printTable(
      ['sells', 'breaker', 'available', 'reason'],
      rows.map(({ name, state }) => [
        name,
        state.breaker,
        state.available ? 'yes' : 'no',
        state.reason,
      ]),
    )
  }
  return rows.every(({ state }) => state.available) ? 0 : 1
}

/** Every operation that sells, of every carrier: `tpaga top-ups`, `tpaga bundles`. */
export const operationsOf = (
  states: CarrierStates,
): readonly { readonly name: string; readonly state: CarrierOperationState }[] =>
  carrierNames.flatMap((name) => {
    const state = states[name]
    if (state === undefined) return []
    const bundles = { name: `${name} bundles`, state: state.bundles }
    return [{ name: `${name} top-ups`, state }, ...(sellsKind(name, 'bundle') ? [bundles] : [])]
  })

type Schemas = components['schemas']
type Operator = Pick<Schemas['Operadora'], 'nombre' | 'disponible' | 'motivo'>
type Float = Pick<
  Schemas['OperadoraSaldo'],
  | 'nombre_operadora'
  | 'saldo_actual'
  | 'saldo_reservado'
  | 'saldo_bajo'
  | 'autonomia_minutos'
  | 'disponible'
  | 'motivo'
>

/** The types are the API document's own: a field that changes there no longer compiles here. */
const Operators: z.ZodType<readonly Operator[]> = z.array(
  z.object({ nombre: z.string(), disponible: z.boolean(), motivo: z.string().nullable() }),
)
const Floats: z.ZodType<readonly Float[]> = z.array(
  z.object({
    nombre_operadora: z.string(),
    saldo_actual: z.string(),
    saldo_reservado: z.string(),
    saldo_bajo: z.boolean(),
    autonomia_minutos: z.number().nullable(),
    disponible: z.boolean(),
    motivo: z.string().nullable(),
  }),
)

type Options = { readonly merchant?: string; readonly token?: string }

const operators: Act<Options> = async (settings, { json, merchant, token }) => {
  const request = { token: administratorToken(settings, token, undefined, merchant) }
  const listed = (await ask(settings, 'gateway', '/operadoras', Operators, request)) ?? []
  const floats =
    (await ask(settings, 'gateway', '/recargas/operadoras/saldos', Floats, request)) ?? []
  const rows = [
    ...listed.map((operator) => ({
      ...operator,
      float: floats.find((each) => each.nombre_operadora === operator.nombre),
    })),
    // The catalogue no longer sells these; their money is still with the operator.
    ...floats
      .filter((float) => !listed.some(({ nombre }) => nombre === float.nombre_operadora))
      .map((float) => ({ ...float, nombre: float.nombre_operadora, float })),
  ].map(({ nombre, disponible, motivo, float }) => ({
    operator: nombre,
    sells: disponible,
    reason: motivo,
    available: float?.saldo_actual ?? null,
    reserved: float?.saldo_reservado ?? null,
    low: float?.saldo_bajo ?? null,
    runwayMinutes: float?.autonomia_minutos ?? null,
  }))
  if (json) printJson(rows)
  else {
    printTable(
      ['operator', 'sells', 'float', 'reserved', 'low', 'lasts (min)', 'reason'],
      rows.map((row) => [
        row.operator,
        row.sells ? 'yes' : 'no',
        row.available,
        row.reserved,
        row.low === null ? null : row.low ? 'yes' : 'no',
        row.runwayMinutes,
        row.reason,
      ]),
    )
  }
  return listed.every(({ disponible }) => disponible) ? 0 : 1
}

export const carrierCommands = (program: Command): void => {
  acts(
    program
      .command('breaker')
      .description('whether the carrier can be sold through, and why not')
      .addHelpText('after', examples('breaker')),
    breaker,
  )
  acts(
    program
      .command('operators')
      .description('what a shop can sell, and the floats behind it')
      .addOption(merchantOption('the shop'))
      .option('--token <jwt>', 'of an Administrador (OPS_TOKEN); in development one is made')
      .addHelpText('after', examples('operators', 'operators --merchant bogota')),
    operators,
  )
}
