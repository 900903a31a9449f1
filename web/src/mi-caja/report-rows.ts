import type { Report } from './reads.ts'
import { words } from './words.ts'

export type Row = {
  readonly key: string
  readonly name: string
  /** Null for a sum that counts nothing. */
  readonly count: number | null
  readonly amount: number | string
}

type Sum = { readonly cantidad: number; readonly monto: string }
type SumByOperator = Sum & {
  readonly por_operadora: readonly (Sum & { readonly operadora: string | null })[]
}

/** The lines of a report in the order in which they add up. A blind count leaves out those that tell the expected cash. */
export const rowsOf = (report: Report, isBlind: boolean): readonly Row[] => {
  const say = words.value
  const { cuadre, correcciones } = report
  const flows = [
    ...byOperator('ventas', say.sales, report.ventas),
    ...optional('earlier', say.earlierSales, report.ventas_de_sesiones_anteriores),
    ...byOperator('inyecciones', say.injections, report.inyecciones),
    row('ingresos', say.cashIns, report.ingresos),
    row('egresos', say.cashOuts, report.egresos),
    ...optional('correcciones-in', say.correctionsIn, correcciones.entradas),
    ...optional('correcciones-out', say.correctionsOut, correcciones.salidas),
    row('pendientes', say.pending, report.pendientes),
  ]
  if (isBlind) return flows
  const plain = (key: string, name: string, amount: number | string): Row => {
    return { key, name, count: null, amount }
  }
  return [
    plain('apertura', say.opening, report.apertura),
    ...flows,
    plain('esperado', say.expected, cuadre.esperado),
    plain('esperado-sesion', say.expectedPending, cuadre.pendiente_sesion),
    plain('esperado-anteriores', say.expectedEarlier, cuadre.pendiente_anteriores),
    ...(cuadre.contado === null ? [] : [plain('contado', say.sum, cuadre.contado)]),
    ...(cuadre.diferencia === null ? [] : [plain('diferencia', say.difference, cuadre.diferencia)]),
  ]
}

const row = (key: string, name: string, { cantidad, monto }: Sum): Row => {
  return { key, name, count: cantidad, amount: monto }
}

const optional = (key: string, name: string, sum: Sum): readonly Row[] =>
  sum.cantidad === 0 ? [] : [row(key, name, sum)]

const byOperator = (key: string, name: string, sum: SumByOperator): readonly Row[] => [
  row(key, name, sum),
  ...sum.por_operadora.map((each) =>
    row(`${key} ${each.operadora}`, `— ${each.operadora ?? ''}`, each),
  ),
]
