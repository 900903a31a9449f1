import {
  formatDecimal,
  toDecimalNumber,
  type InjectionView,
  type SessionView,
} from '@recargas/contracts'
import { sessionRow } from '../cash/session-body.ts'
import { userIdOnWire } from '../api/users.ts'

/** InyeccionOperadora just made: `monto` is a number. */
export const injectionBody = (injection: InjectionView) => ({
  estado: true,
  id_user_create: userIdOnWire(injection.userId),
  id_user_update: null,
  created_at: injection.at,
  updated_at: injection.at,
  id: injection.id,
  id_transaccion: injection.operationId,
  operadora_destino: injection.operator,
  monto: toDecimalNumber(injection.amount, injection.currency),
  fecha_hora: injection.at,
  id_caja_origen: injection.sessionId,
})

/** InyeccionOperadora as the history lists it: `monto` is a two-decimal string and its session comes along. */
export const injectionRow = (injection: InjectionView, session: SessionView | undefined) => ({
  ...injectionBody(injection),
  monto: formatDecimal(injection.amount, injection.currency),
  caja_origen: session === undefined ? null : sessionRow(session),
})
