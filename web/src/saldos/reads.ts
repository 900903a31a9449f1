import { jsonOf, valueOf } from '../api/answer.ts'
import { client, type BodyOf } from '../api/client.ts'
import { asSheet } from '../api/sheets.ts'
import type { KeptCommand } from '../presses/command.ts'
import { commandsOf, requestOf } from '../presses/commands.ts'
import type { Period, StatementPage } from './statement.ts'

export type Injection = BodyOf<'/recargas/inyeccion'>

const path = '/operadoras/{nombre}/extracto'
const queryOf = ({ from, to }: Period) => ({
  ...(from === '' ? {} : { desde: from }),
  ...(to === '' ? {} : { hasta: to }),
})

/** A page of a float's statement, oldest first. @throws a failure of the API */
export const readStatement = async (
  nombre: string,
  period: Period,
  cursor: string | null,
): Promise<StatementPage> => {
  const query = { ...queryOf(period), ...(cursor === null ? {} : { cursor }) }
  const page = await jsonOf(client.api.GET(path, { params: { path: { nombre }, query } }))
  // Only `en`, which is not asked for, is answered by a balance at an instant.
  return page as StatementPage
}

/** All of the period as a sheet. */
export const readSheet = (nombre: string, period: Period): Promise<Blob> =>
  valueOf(
    client.api.GET(path, { params: { path: { nombre }, query: queryOf(period) }, ...asSheet }),
  )

const send = (kept: KeptCommand<Injection>) =>
  valueOf(client.api.POST('/recargas/inyeccion', { ...requestOf(kept), body: kept.command }))

/** The injections of the person signed in. */
export const injections = commandsOf('saldo', send)
