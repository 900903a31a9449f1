import { shopTimeOf, type StatementPage } from '@recargas/contracts'
import { csvRecords } from '../../statements/csv.ts'
import { shiftReportBody } from '../../statements/shift-report-body.ts'
import { shiftReportCsv } from '../../statements/shift-report-csv.ts'
import {
  floatColumns,
  floatEntryRow,
  sessionColumns,
  sessionEntryRow,
  statementBody,
  type RowOf,
} from '../../statements/statement-body.ts'
import { floatStatement, report, sessionStatement } from './day-statements.ts'

const csvOf = (page: StatementPage, columns: readonly string[], rowOf: RowOf): string =>
  csvRecords([
    [...columns, 'fecha_local'],
    ...page.entries.map((entry) => {
      const row = rowOf(entry, page.currency)
      const localTime = shopTimeOf(Date.parse(entry.at), 'America/La_Paz')
      return [...columns.map((column) => row[column] ?? null), localTime]
    }),
  ])

export const statementExamples = {
  'GET /cajas/sesion/:id/arqueo 200 application/json': shiftReportBody(report),
  // A client drops the mark before the text.
  'GET /cajas/sesion/:id/arqueo 200 text/csv': shiftReportCsv(shiftReportBody(report)).slice(1),
  'GET /cajas/sesion/:id/extracto 200 application/json': statementBody(
    sessionStatement,
    sessionEntryRow,
  ),
  'GET /cajas/sesion/:id/extracto 200 text/csv': csvOf(
    sessionStatement,
    sessionColumns,
    sessionEntryRow,
  ),
  'GET /operadoras/:nombre/extracto 200 application/json': statementBody(
    floatStatement,
    floatEntryRow,
  ),
  'GET /operadoras/:nombre/extracto 200 text/csv': csvOf(
    floatStatement,
    floatColumns,
    floatEntryRow,
  ),
}
