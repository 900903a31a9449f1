import {
  OperatorName,
  pageSizeMax,
  StatementQuery,
  type BalanceAt,
  type StatementPage,
} from '@recargas/contracts'
import { z } from 'zod'
import { settingsOf, type Shops } from '../catalogue/catalogue.ts'
import { requireOwnSession, requireSessionId, SessionParams } from '../cash/own-session.ts'
import type { Contract } from '../api/contract.ts'
import { nextPageLink, wholeParameter } from '../api/page.ts'
import { parseQuery } from '../api/parse.ts'
import { instantField, momentOf, periodFields, periodOf } from '../api/period.ts'
import { Problem } from '../api/problem.ts'
import { administratorOnly, everyRole, type Call, type Reply, type Route } from '../api/route.ts'
import { dayRoute } from './day-report.ts'
import type { StatementReads } from './ports.ts'
import { ShiftReportAnswer, shiftReportBody } from './shift-report-body.ts'
import { shiftReportCsv } from './shift-report-csv.ts'
import {
  BalanceAtAnswer,
  FloatStatementAnswer,
  SessionStatementAnswer,
  balanceBody,
  floatTable,
  sessionTable,
  statementBody,
  type StatementTable,
} from './statement-body.ts'
import { csvNamed, csvReply, wantsCsv } from './csv-file.ts'

/** `limit` is of a JSON page; a CSV has all of the period. With `en` nothing else makes sense. */
const StatementParameters = z
  .strictObject({
    limit: wholeParameter(pageSizeMax).optional(),
    cursor: StatementQuery.shape.cursor,
    ...periodFields,
    en: instantField('what was held at that moment, instead of entries'),
  })
  .refine(({ en, ...period }) => en === undefined || Object.keys(period).length === 0, {
    path: ['en'],
    error: 'no se combina con otras fechas ni páginas',
    params: { detail: 'no se combina con otros parámetros' },
  })

const NoQuery = z.strictObject({})

const statementContract = (
  summary: string,
  params: z.ZodObject,
  page: z.ZodType,
  problems: Contract['problems'],
): Contract => ({
  summary,
  description:
    'With `Accept: text/csv` all of the period as CSV, else a page of it as JSON. `fecha` is the time of the entry, ' +
    '`fecha_local` of the CSV the same by the shop’s clock; `desde`, `hasta` and `en` speak of it.',
  params,
  query: StatementParameters,
  replies: [
    {
      status: 200,
      says: 'a page of entries; with `en` what was held then',
      body: z.union([page, BalanceAtAnswer]),
      headers: ['Link'],
    },
    { status: 200, says: 'all entries', type: 'text/csv', body: z.string() },
  ],
  problems: [...problems, 'LEDGER_UNAVAILABLE'],
})

/** Statements of floats and sessions, balances at an instant, and the report of a shift: all from the entries of the ledger. */
export const statementRoutes = (deps: StatementDeps): readonly Route[] => [
  sessionStatementRoute(deps),
  shiftReportRoute(deps.reads),
  floatStatementRoute(deps),
  dayRoute(deps),
]

type StatementDeps = { readonly reads: StatementReads; readonly shops: Shops }

const sessionStatementRoute = ({ reads, shops }: StatementDeps): Route => ({
  method: 'get',
  path: '/cajas/sesion/:id/extracto',
  roles: everyRole,
  contract: statementContract(
    'Statement of a session: entries with running balance, oldest first',
    SessionParams,
    SessionStatementAnswer,
    ['SESSION_NOT_FOUND', 'SESSION_OF_ANOTHER'],
  ),
  answer: async (call) => {
    const { merchant } = call.principal
    const id = await requireVisibleSession(reads, call)
    return answerStatement(call, {
      timeZone: settingsOf(shops, merchant).timeZone,
      path: `/cajas/sesion/${id}/extracto`,
      name: `extracto-sesion-${id}`,
      ...sessionTable,
      unknown: () => new Problem('SESSION_NOT_FOUND', { sessionId: id }),
      page: (query) => reads.sessionStatement(merchant, id, query),
      balance: (at) => reads.sessionBalance(merchant, id, at),
    })
  },
})

const shiftReportRoute = (reads: StatementReads): Route => ({
  method: 'get',
  path: '/cajas/sesion/:id/arqueo',
  roles: everyRole,
  contract: {
    summary: 'Report of a shift, added up from its entries',
    description: 'With `Accept: text/csv` its sums as a sheet.',
    params: SessionParams,
    query: NoQuery,
    replies: [
      { status: 200, says: 'the report', body: ShiftReportAnswer },
      { status: 200, says: 'its sums', type: 'text/csv', body: z.string() },
    ],
    problems: ['SESSION_NOT_FOUND', 'SESSION_OF_ANOTHER', 'LEDGER_UNAVAILABLE'],
  },
  answer: async (call) => {
    const id = await requireVisibleSession(reads, call)
    parseQuery(NoQuery, call.query)
    const report = await reads.shiftReport(call.principal.merchant, id)
    if (report === null) throw new Problem('SESSION_NOT_FOUND', { sessionId: id })
    const body = shiftReportBody(report)
    if (!wantsCsv(call.header('accept'))) return { status: 200, body, headers: { vary: 'Accept' } }
    return { ...csvNamed(`arqueo-sesion-${id}`), body: shiftReportCsv(body) }
  },
})

const floatStatementRoute = ({ reads, shops }: StatementDeps): Route => ({
  method: 'get',
  path: '/operadoras/:nombre/extracto',
  roles: administratorOnly,
  contract: statementContract(
    'Statement of a float: entries with running balance, oldest first',
    z.strictObject({ nombre: OperatorName }),
    FloatStatementAnswer,
    ['OPERATOR_NOT_REGISTERED'],
  ),
  answer: (call) => {
    const { merchant } = call.principal
    const name = call.params['nombre'] ?? ''
    const unknown = () => new Problem('OPERATOR_NOT_REGISTERED', { operator: name.slice(0, 40) })
    const { data: operator } = OperatorName.safeParse(name)
    if (operator === undefined) throw unknown()
    return answerStatement(call, {
      timeZone: settingsOf(shops, merchant).timeZone,
      path: `/operadoras/${encodeURIComponent(operator)}/extracto`,
      name: `extracto-${operator.replaceAll(/[^\w.-]+/g, '-')}`,
      ...floatTable,
      unknown,
      page: (query) => reads.floatStatement(merchant, operator, query),
      balance: (at) => reads.floatBalance(merchant, operator, at),
    })
  },
})

const requireVisibleSession = async (
  reads: StatementReads,
  { principal, params }: Call,
): Promise<number> => {
  const id = requireSessionId(params['id'])
  const session = await reads.session(principal.merchant, id)
  if (session === null) throw new Problem('SESSION_NOT_FOUND', { sessionId: id })
  requireOwnSession(principal, session)
  return id
}

type Stated = StatementTable & {
  readonly timeZone: string
  readonly path: string
  readonly name: string
  readonly unknown: () => Problem
  readonly page: (query: StatementQuery) => Promise<StatementPage | null>
  readonly balance: (at: string) => Promise<BalanceAt | null>
}

const answerStatement = async (call: Call, stated: Stated): Promise<Reply> => {
  const { limit, cursor, desde, hasta, en } = parseQuery(StatementParameters, call.query)
  if (en !== undefined) {
    return {
      status: 200,
      body: balanceBody(known(await stated.balance(momentOf(en, stated.timeZone)), stated)),
    }
  }
  const isCsv = wantsCsv(call.header('accept'))
  const query = StatementQuery.parse({
    limit: isCsv ? pageSizeMax : (limit ?? pageSizeMax),
    cursor,
    ...periodOf({ desde, hasta }, stated.timeZone),
  })
  const first = known(await stated.page(query), stated)
  if (isCsv) {
    return csvReply({
      ...stated,
      first,
      pageAfter: async (next) => known(await stated.page({ ...query, cursor: next }), stated),
    })
  }
  return {
    status: 200,
    body: statementBody(first, stated),
    headers: { vary: 'Accept', ...nextPageLink(stated.path, call.query, first.next) },
  }
}

const known = <Value>(found: Value | null, { unknown }: Stated): Value => {
  if (found === null) throw unknown()
  return found
}
