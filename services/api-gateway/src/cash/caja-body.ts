import {
  formatDecimal,
  toDecimalNumber,
  type CajaView,
  type MovementView,
} from '@recargas/contracts'
import { userIdOnWire } from '../api/users.ts'

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
