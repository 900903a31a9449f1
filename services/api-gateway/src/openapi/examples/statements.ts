import { shopTimeOf, type StatementPage } from '@recargas/contracts'
import { dayClosingBody } from '../../statements/close-day.ts'
import { dayBody } from '../../statements/day-report.ts'
import { csvRecords } from '../../statements/csv.ts'
import { shiftReportBody } from '../../statements/shift-report-body.ts'
import { shiftReportCsv } from '../../statements/shift-report-csv.ts'
import {
  floatTable,
  sessionTable,
  statementBody,
  type StatementTable,
} from '../../statements/statement-body.ts'
import {
  dayClosing,
  dayReport,
  floatStatement,
  report,
  sessionStatement,
} from './day-statements.ts'

const csvOf = (page: StatementPage, { columns, rowOf }: StatementTable): string =>
  csvRecords([
    [...columns, 'fecha_local'],
    ...page.entries.map((entry) => {
      const row = rowOf(entry, page.currency)
      const localTime = shopTimeOf(Date.parse(entry.at), 'America/La_Paz')
      return [...columns.map((column) => row[column] ?? null), localTime]
    }),
  ])

const shop = { currency: 'BOB', timeZone: 'America/La_Paz' } as const

export const statementExamples = {
  'GET /dias/:fecha 200 application/json': dayBody(dayReport, shop),
  'POST /cierres 200 application/json': dayClosingBody(dayClosing, shop),
  'GET /cierres/:numero 200 application/json': dayClosingBody(dayClosing, shop),
  'GET /cierres 200 application/json': [dayClosingBody(dayClosing, shop)],
  'GET /cajas/sesion/:id/arqueo 200 application/json': shiftReportBody(report),
  // A client drops the mark before the text.
  'GET /cajas/sesion/:id/arqueo 200 text/csv': shiftReportCsv(shiftReportBody(report)).slice(1),
  'GET /cajas/sesion/:id/extracto 200 application/json': statementBody(
    sessionStatement,
    sessionTable,
  ),
  'GET /cajas/sesion/:id/extracto 200 text/csv': csvOf(sessionStatement, sessionTable),
  'GET /operadoras/:nombre/extracto 200 application/json': statementBody(
    floatStatement,
    floatTable,
  ),
  'GET /operadoras/:nombre/extracto 200 text/csv': csvOf(floatStatement, floatTable),
}
