import { CajaSpecialty } from '@recargas/contracts'
import { z } from 'zod'
import {
  audited,
  DecimalNumber,
  DecimalText,
  InstantText,
  UserOnWire,
  WireId,
} from '../api/wire.ts'

const cajaFields = {
  ...audited,
  estado: z.boolean().meta({ description: 'false once the caja is retired' }),
  id: WireId,
  nombre: z.string(),
  especialidad: CajaSpecialty,
  saldo: DecimalText,
  pendiente: DecimalText.meta({
    description: 'cash taken for sales that are not settled yet; not part of `saldo`',
  }),
}
export const CajaAnswer = z.strictObject(cajaFields).meta({ id: 'Caja' })

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
      description: 'what was counted at the opening; null where it was not counted',
    }),
    diferencia_apertura: DecimalNumber.nullable().meta({
      description: 'over (positive) or short that the opening count booked',
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
export const CajaWithSessionsAnswer = z
  .strictObject({ ...cajaFields, sesiones: z.array(SessionAnswer) })
  .meta({ id: 'CajaConSesiones' })

export const MovementAnswer = z
  .strictObject({
    ...audited,
    estado: z.literal(true),
    id: WireId,
    id_transaccion: z.uuid(),
    tipo: z.enum(['INGRESO', 'EGRESO']),
    monto: DecimalNumber,
    motivo: z.string(),
    fecha: InstantText,
    id_sesion_caja: WireId,
  })
  .meta({ id: 'MovimientoCaja' })
