import { byteOrderMark, csvRecords } from './csv.ts'
import type { shiftReportBody } from './shift-report-body.ts'

type Report = ReturnType<typeof shiftReportBody>
type Sum = { readonly cantidad: number; readonly monto: string }
type Row = readonly [concept: string, operator: string | null, count: number | null, amount: string]

const columns = ['concepto', 'operadora', 'cantidad', 'monto']

/** An arqueo as a sheet: a row for each sum, and below it one for each operator. */
export const shiftReportCsv = (report: Report): string => {
  const { ventas, ventas_de_sesiones_anteriores, inyecciones, pendientes, correcciones } = report
  const rows: readonly Row[] = [
    ['apertura', null, null, report.apertura],
    ...byOperator('ventas', ventas),
    ...byOperator('ventas_de_sesiones_anteriores', ventas_de_sesiones_anteriores),
    ...byOperator('inyecciones', inyecciones),
    sumRow('ingresos', report.ingresos),
    sumRow('egresos', report.egresos),
    sumRow('correcciones_entradas', correcciones.entradas),
    sumRow('correcciones_salidas', correcciones.salidas),
    ...byOperator('pendientes', pendientes),
    ['esperado', null, null, report.esperado],
    ['contado', null, null, report.contado ?? ''],
    ['diferencia', null, null, report.diferencia ?? ''],
  ]
  return byteOrderMark + csvRecords([columns, ...rows])
}

const sumRow = (concept: string, { cantidad, monto }: Sum): Row => [concept, null, cantidad, monto]

const byOperator = (concept: string, sum: Report['ventas']): readonly Row[] => [
  sumRow(concept, sum),
  ...sum.por_operadora.map(({ operadora, cantidad, monto }): Row => [
    concept,
    operadora,
    cantidad,
    monto,
  ]),
]
