import {
  formatDecimal,
  toDecimalNumber,
  type InjectionView,
  type SessionView,
} from '@recargas/contracts'
import { z } from 'zod'
import { SessionAnswer, sessionRow } from '../cash/session-body.ts'
import { userIdOnWire } from '../api/users.ts'
import { audited, DecimalNumber, DecimalText, InstantText, WireId } from '../api/wire.ts'

const injectionFields = {
  ...audited,
  estado: z.literal(true),
  id: WireId,
  id_transaccion: z.uuid(),
  operadora_destino: z.string(),
  fecha_hora: InstantText,
  id_caja_origen: WireId,
}
export const InjectionAnswer = z
  .strictObject({ ...injectionFields, monto: DecimalNumber })
  .meta({ id: 'InyeccionOperadora' })

export const InjectionRowAnswer = z
  .strictObject({ ...injectionFields, monto: DecimalText, caja_origen: SessionAnswer.nullable() })
  .meta({ id: 'InyeccionEnHistorial' })

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
