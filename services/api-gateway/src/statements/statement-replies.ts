import { Currency } from '@recargas/contracts'
import { z } from 'zod'
import { CountFigures, SessionAnswer } from '../cash/session-body.ts'
import { DecimalNumber, DecimalText, InstantText, WireId } from '../api/wire.ts'
import { kindWords } from './statement-body.ts'

const common = {
  fecha: InstantText,
  tipo: z.enum([...new Set(Object.values(kindWords))]),
  referencia: WireId.nullable(),
  id_transaccion: z.uuid(),
  operadora: z.string().nullable(),
  entrada: DecimalText,
  salida: DecimalText,
  saldo: DecimalText,
}

const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({
    moneda: Currency,
    saldo_inicial: DecimalText.nullable().meta({
      description: 'balance before the first entry; null without entries',
    }),
    movimientos: z.array(row),
    cursor_siguiente: z.string().nullable(),
  })

export const SessionStatementAnswer = pageOf(
  z.strictObject({
    ...common,
    id_sesion_origen: WireId.nullable(),
    motivo: z.string().nullable(),
    pendiente: DecimalText,
  }),
).meta({ id: 'ExtractoDeSesion' })

export const FloatStatementAnswer = pageOf(
  z.strictObject({ ...common, saldo_reservado: DecimalText, disponible: DecimalText }),
).meta({ id: 'ExtractoDeOperadora' })

export const BalanceAtAnswer = z
  .strictObject({
    en: InstantText,
    moneda: Currency,
    saldo: DecimalText,
    saldo_reservado: DecimalText,
    disponible: DecimalText,
    pendiente: DecimalText,
  })
  .meta({ id: 'SaldoEnInstante', description: 'with `en`: what was held at that instant' })

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
