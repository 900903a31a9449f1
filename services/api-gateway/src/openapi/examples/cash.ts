import { formatDecimal } from '@recargas/contracts'
import { cajaBody, cajaInListBody, movementBody } from '../../cash/caja-body.ts'
import { closedSessionBody, openedSessionBody, sessionRow } from '../../cash/session-body.ts'
import {
  cajaAtNight,
  cajaAtNoon,
  changedCaja,
  closedSession,
  correctedSession,
  handedOverSession,
  movement,
  openedSession,
  registeredCaja,
  sessionAtNoon,
} from './day.ts'

export const cajaExamples = {
  'POST /cajas 201 application/json': cajaBody(registeredCaja),
  'PATCH /cajas/:id 200 application/json': cajaBody(changedCaja),
  'GET /cajas 200 application/json': [cajaInListBody(cajaAtNoon, sessionAtNoon)],
  'GET /cajas/:id 200 application/json': {
    ...cajaBody(cajaAtNight),
    sesiones: [sessionRow(closedSession)],
  },
}

export const sessionExamples = {
  'POST /cajas/abrir 201 application/json': openedSessionBody(openedSession),
  'GET /cajas/sesion-activa/:id_usuario 200 application/json': sessionRow(sessionAtNoon),
  'GET /cajas/sesion/:id/balance 200 text/html': formatDecimal(
    cajaAtNoon.balance,
    cajaAtNoon.currency,
  ),
  'POST /cajas/movimiento 201 application/json': movementBody(movement),
  'PATCH /cajas/sesion/:id/cerrar 200 application/json': closedSessionBody(closedSession),
  'POST /cajas/sesion/:id/entregar 201 application/json': {
    cerrada: closedSessionBody(closedSession),
    abierta: openedSessionBody(handedOverSession),
  },
  'POST /cajas/sesion/:id/corregir 200 application/json': closedSessionBody(correctedSession),
}
