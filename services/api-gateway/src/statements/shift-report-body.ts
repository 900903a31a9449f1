import {
  Currency,
  formatDecimal,
  toDecimalNumber,
  type BookedDifference,
  type ShiftReport,
  type ShiftTotal,
} from '@recargas/contracts'
import { z } from 'zod'
import { DecimalNumber, DecimalText, InstantText } from '../api/wire.ts'
import { CountFigures, countFigures, SessionAnswer, sessionRow } from '../cash/session-body.ts'

const sum = { cantidad: z.int().nonnegative(), monto: DecimalText }
const Sum = z.strictObject(sum)
const ByOperator = z.strictObject({
  ...sum,
  por_operadora: z.array(z.strictObject({ operadora: z.string().nullable(), ...sum })),
})
const Booked = z
  .strictObject({ id_transaccion: z.uuid(), fecha: InstantText, monto: DecimalText })
  .nullable()

export const ShiftReportAnswer = z
  .strictObject({
    sesion: SessionAnswer,
    dia_apertura: z.iso.date().meta({
      description: 'day of the opening at the shop, by its `zona_horaria` at that time',
    }),
    dia_cierre: z.iso.date().nullable().meta({ description: 'day of the closing at the shop' }),
    moneda: Currency,
    apertura: DecimalText,
    ventas: ByOperator,
    ventas_de_sesiones_anteriores: ByOperator,
    inyecciones: ByOperator,
    ingresos: Sum,
    egresos: Sum,
    correcciones: z.strictObject({ entradas: Sum, salidas: Sum }),
    pendientes: ByOperator.meta({ description: 'sales not settled while the session was open' }),
    esperado: DecimalText,
    contado: DecimalText.nullable(),
    diferencia: DecimalText.nullable(),
    cuadre: CountFigures,
    detalle_apertura: z
      .strictObject({
        saldo_anterior: DecimalNumber.meta({ description: 'at the previous session’s closing' }),
        saldo_de_alta: DecimalNumber.meta({ description: 'with which the caja was registered' }),
        ventas_entre_sesiones: DecimalNumber.meta({
          description: 'sales that settled while no session was open; the statement names each',
        }),
        correcciones_entre_sesiones: DecimalNumber,
        conteo_de_apertura: DecimalNumber.meta({
          description: 'difference that the opening count booked',
        }),
      })
      .meta({ description: 'adds up to apertura' }),
    faltante_arrastrado: DecimalNumber.meta({
      description: 'booked as short by an earlier count and taken off what is expected',
    }),
    asiento_apertura: Booked,
    asiento_diferencia: Booked,
  })
  .meta({ id: 'Arqueo' })

/** An arqueo: the shift's sales, purchases and movements, the cash expected in the drawer, and the count. */
export const shiftReportBody = (report: ShiftReport) => {
  const { session, totals } = report
  const { currency } = session
  const of = (...kinds: readonly ShiftTotal['kind'][]) =>
    totals.filter(({ kind }) => kinds.includes(kind))
  return {
    sesion: sessionRow(session),
    dia_apertura: session.openedDay,
    dia_cierre: session.closedDay,
    moneda: currency,
    apertura: formatDecimal(session.opening, currency),
    ventas: byOperator(of('sale'), currency),
    /** Cash of sales made in sessions that were closed before they settled. */
    ventas_de_sesiones_anteriores: byOperator(of('late-sale'), currency),
    inyecciones: byOperator(of('injection'), currency),
    ingresos: sumBody(of('cash-in'), currency),
    egresos: sumBody(of('cash-out'), currency),
    correcciones: {
      entradas: sumBody(of('correction-in'), currency),
      salidas: sumBody(of('correction-out'), currency),
    },
    /** Cash taken for sales not settled in the session: in the drawer, but not part of `esperado`. */
    pendientes: byOperator(of('pending'), currency),
    esperado: formatDecimal(report.expected, currency),
    contado: session.counted === null ? null : formatDecimal(session.counted, currency),
    diferencia: session.difference === null ? null : formatDecimal(session.difference, currency),
    cuadre: countFigures(session, report.expected),
    detalle_apertura: openingFigures(report),
    faltante_arrastrado: toDecimalNumber(session.shortage, currency),
    asiento_apertura: bookedBody(report.atOpening, currency),
    asiento_diferencia: bookedBody(report.atClosing, currency),
  }
}

/** Figures that add up to the opening: the drawer's earlier cash, and its movements while no session was open. */
const openingFigures = ({ session, totals, broughtForward, atOpening }: ShiftReport) => {
  const number = (minor: number) => toDecimalNumber(minor, session.currency)
  const of = (kind: ShiftTotal['kind']) =>
    number(
      totals.filter((total) => total.kind === kind).reduce((sum, { amount }) => sum + amount, 0),
    )
  return {
    saldo_anterior: number(broughtForward),
    saldo_de_alta: of('initial'),
    ventas_entre_sesiones: of('sale-before'),
    correcciones_entre_sesiones: of('correction-before'),
    conteo_de_apertura: number(atOpening?.amount ?? 0),
  }
}

/** Amounts without a sign: the name gives the cash's direction. */
const sumBody = (totals: readonly ShiftTotal[], currency: Currency) => ({
  cantidad: totals.reduce((count, total) => count + total.count, 0),
  monto: formatDecimal(Math.abs(totals.reduce((sum, { amount }) => sum + amount, 0)), currency),
})

const byOperator = (totals: readonly ShiftTotal[], currency: Currency) => ({
  ...sumBody(totals, currency),
  por_operadora: totals.map((total) => ({
    operadora: total.operator,
    ...sumBody([total], currency),
  })),
})

/** The entry that booked cash over (positive) or short, as the statement names it. */
const bookedBody = (booked: BookedDifference | null, currency: Currency) =>
  booked === null
    ? null
    : {
        id_transaccion: booked.operationId,
        fecha: booked.at,
        monto: formatDecimal(booked.amount, currency),
      }
