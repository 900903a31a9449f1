import {
  formatDecimal,
  toDecimalNumber,
  type CajaView,
  type MovementView,
  type SessionView,
  CajaSpecialty,
} from '@recargas/contracts'
import { userIdOnWire } from '../api/users.ts'
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

export const CajaInListAnswer = z
  .strictObject({
    ...cajaFields,
    sesion_propia: WireId.nullable().meta({
      description: 'the caller’s own open session at this caja; null where there is none',
    }),
  })
  .meta({ id: 'CajaEnLista' })

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

/** Caja, in lists and in answers alike: `saldo` is a two-decimal string. */
export const cajaBody = (caja: CajaView) => ({
  estado: caja.active,
  id_user_create: userIdOnWire(caja.createdBy),
  id_user_update: caja.updatedBy === null ? null : userIdOnWire(caja.updatedBy),
  created_at: caja.createdAt,
  updated_at: caja.updatedAt,
  id: caja.id,
  nombre: caja.name,
  especialidad: caja.specialty,
  saldo: formatDecimal(caja.balance, caja.currency),
  /** Cash taken for sales that are not settled yet; not part of `saldo`. */
  pendiente: formatDecimal(caja.incoming, caja.currency),
})

export const cajaInListBody = (caja: CajaView, own: SessionView | null) => ({
  ...cajaBody(caja),
  sesion_propia: own !== null && own.cajaId === caja.id ? own.id : null,
})

export const movementTypes = { INGRESO: 'in', EGRESO: 'out' } as const

export const movementBody = (movement: MovementView) => ({
  estado: true,
  id_user_create: userIdOnWire(movement.userId),
  id_user_update: null,
  created_at: movement.at,
  updated_at: movement.at,
  id: movement.id,
  id_transaccion: movement.operationId,
  tipo: movement.direction === 'in' ? 'INGRESO' : 'EGRESO',
  monto: toDecimalNumber(movement.amount, movement.currency),
  motivo: movement.reason,
  fecha: movement.at,
  id_sesion_caja: movement.sessionId,
})
