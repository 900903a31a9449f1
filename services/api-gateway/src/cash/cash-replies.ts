import { CajaSpecialty } from '@recargas/contracts'
import { z } from 'zod'
import { audited, DecimalNumber, DecimalText, InstantText, WireId } from '../api/wire.ts'
import { SessionAnswer } from './session-body.ts'

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
