import {
  formatDecimal,
  toDecimalNumber,
  type Currency,
  type SessionView,
} from '@recargas/contracts'
import { z } from 'zod'
import { userIdOnWire } from '../api/users.ts'
import {
  audited,
  DecimalNumber,
  DecimalText,
  InstantText,
  UserOnWire,
  WireId,
} from '../api/wire.ts'

const CorrectionAnswer = z
  .strictObject({
    id_transaccion: z.uuid(),
    conteo_anterior: DecimalNumber,
    conteo_corregido: DecimalNumber,
    diferencia: DecimalNumber.meta({ description: 'booked as over (positive) or short' }),
    motivo: z.string(),
    id_usuario: UserOnWire,
    fecha: InstantText,
  })
  .meta({ id: 'CorreccionConteo' })

const sessionOf = <Opening extends z.ZodType, Closing extends z.ZodType>(
  opening: Opening,
  closing: Closing,
) =>
  z.strictObject({
    ...audited,
    estado: z.literal(true),
    id: WireId,
    monto_inicial: opening,
    monto_final_teorico: closing.nullable(),
    monto_final_real: closing.nullable(),
    diferencia: closing.nullable().meta({
      description:
        'counted less (monto_final_teorico + pendiente + pendiente_anteriores): negative where cash is short',
    }),
    estado_sesion: z.enum(['ABIERTA', 'CERRADA']),
    fecha_apertura: InstantText,
    fecha_cierre: InstantText.nullable(),
    id_caja: WireId,
    id_usuario: UserOnWire,
    pendiente: opening.meta({ description: 'cash taken for its sales that are not settled yet' }),
    pendiente_anteriores: DecimalNumber.meta({
      description: 'the same of earlier sessions: it lies in the same drawer',
    }),
    conteo_inicial: DecimalNumber.nullable().meta({
      description: 'cash counted at the opening; null without a count',
    }),
    diferencia_apertura: DecimalNumber.nullable().meta({
      description: 'over (positive) or short that the opening count booked',
    }),
    denominaciones: z
      .array(z.strictObject({ valor: DecimalNumber, cantidad: z.int() }))
      .nullable()
      .meta({ description: 'notes and coins of the closing count, where the till sent them' }),
    motivo_diferencia: z.string().nullable(),
    correcciones: z.array(CorrectionAnswer).meta({
      description: 'of the closing count, oldest first; the figures of the closing stay',
    }),
  })

export const SessionAnswer = sessionOf(DecimalText, DecimalText).meta({ id: 'SesionCaja' })
export const OpenedSessionAnswer = sessionOf(DecimalNumber, DecimalNumber).meta({
  id: 'SesionCajaAbierta',
})
/** Contado = esperado + pendiente_sesion + pendiente_anteriores + diferencia. */
export const CountFigures = z
  .strictObject({
    esperado: DecimalNumber.meta({ description: 'settled cash: opening plus income less outgo' }),
    pendiente_sesion: DecimalNumber.meta({ description: 'cash of its sales not settled yet' }),
    pendiente_anteriores: DecimalNumber.meta({
      description: 'cash of earlier sessions’ sales not settled yet',
    }),
    contado: DecimalNumber.nullable(),
    diferencia: DecimalNumber.nullable(),
  })
  .meta({
    id: 'Cuadre',
    description: 'contado = esperado + pendiente_sesion + pendiente_anteriores + diferencia',
  })

export const ClosedSessionAnswer = sessionOf(DecimalText, DecimalNumber)
  .extend({ cuadre: CountFigures })
  .meta({ id: 'SesionCajaCerrada' })
const estadoSesion = { open: 'ABIERTA', closed: 'CERRADA' } as const

type Decimal = (minor: number) => number | string

/** SesionCaja as reads show it: amounts are two-decimal strings. */
export const sessionRow = (session: SessionView) => {
  const text: Decimal = (minor) => formatDecimal(minor, session.currency)
  return bodyOf(session, text, text)
}

/** SesionCaja just opened: amounts are numbers. */
export const openedSessionBody = (session: SessionView) => {
  const number: Decimal = (minor) => toDecimalNumber(minor, session.currency)
  return bodyOf(session, number, number)
}

/** SesionCaja just closed: the opening amounts are strings, the closing amounts numbers, as in the reference. */
export const closedSessionBody = (session: SessionView) => ({
  ...bodyOf(
    session,
    (minor) => formatDecimal(minor, session.currency),
    (minor) => toDecimalNumber(minor, session.currency),
  ),
  cuadre: countFigures(session, session.expected ?? 0),
})

/** Figures that add up: contado = esperado + pendiente_sesion + pendiente_anteriores + diferencia. */
export const countFigures = (session: SessionView, expected: number) => {
  const { currency, pending, pendingEarlier, counted, difference } = session
  return {
    esperado: toDecimalNumber(expected, currency),
    pendiente_sesion: toDecimalNumber(pending, currency),
    pendiente_anteriores: toDecimalNumber(pendingEarlier, currency),
    contado: numberOrNull(counted, currency),
    diferencia: numberOrNull(difference, currency),
  }
}

const numberOrNull = (minor: number | null, currency: Currency): number | null =>
  minor === null ? null : toDecimalNumber(minor, currency)

const bodyOf = (session: SessionView, opening: Decimal, closing: Decimal) => ({
  estado: true,
  id_user_create: userIdOnWire(session.createdBy),
  id_user_update: session.updatedBy === null ? null : userIdOnWire(session.updatedBy),
  created_at: session.openedAt,
  updated_at: session.updatedAt,
  id: session.id,
  monto_inicial: opening(session.opening),
  monto_final_teorico: session.expected === null ? null : closing(session.expected),
  monto_final_real: session.counted === null ? null : closing(session.counted),
  diferencia: session.difference === null ? null : closing(session.difference),
  estado_sesion: estadoSesion[session.state],
  fecha_apertura: session.openedAt,
  fecha_cierre: session.closedAt,
  id_caja: session.cajaId,
  id_usuario: userIdOnWire(session.userId),
  pendiente: opening(session.pending),
  pendiente_anteriores: toDecimalNumber(session.pendingEarlier, session.currency),
  conteo_inicial: numberOrNull(session.openingCounted, session.currency),
  diferencia_apertura: numberOrNull(session.openingDifference, session.currency),
  denominaciones:
    session.countedNotes?.map(({ value, count }) => ({
      valor: toDecimalNumber(value, session.currency),
      cantidad: count,
    })) ?? null,
  motivo_diferencia: session.differenceReason ?? null,
  correcciones: (session.corrections ?? []).map((correction) => ({
    id_transaccion: correction.operationId,
    conteo_anterior: toDecimalNumber(correction.counted, session.currency),
    conteo_corregido: toDecimalNumber(correction.corrected, session.currency),
    diferencia: toDecimalNumber(correction.difference, session.currency),
    motivo: correction.reason,
    id_usuario: userIdOnWire(correction.by),
    fecha: correction.at,
  })),
})
