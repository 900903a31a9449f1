import {
  assertNever,
  type LedgerEvent,
  type OperationResult,
  type SessionView,
} from '@recargas/contracts'
import type { Principal } from '../api/route.ts'
import { userIdOnWire } from '../api/users.ts'
import { stateWords } from '../api/words.ts'

/** A change in a shop by its ids alone. Best effort: the reader asks for the record, and so does everyone who missed it. */
export type ShopNotification = {
  readonly event: (typeof notificationEvents)[number]
  readonly data: Readonly<Record<string, string | number>>
  /** The person whom it concerns besides every Administrador; null: nobody else. Absent: the whole shop. */
  readonly owner?: string | null
}

export const notificationEvents = [
  'venta',
  'decision',
  'sesion',
  'caja',
  'movimiento',
  'saldo',
  'abono',
] as const

/** The read routes show every role what is the shop's, and of a session's cash only its own user and Administradores. */
export const isFor = ({ owner }: ShopNotification, { role, userId }: Principal): boolean =>
  owner === undefined || role === 'Administrador' || owner === userId

/** None for a refusal: nothing has changed. */
export const notificationsOf = (event: LedgerEvent): readonly ShopNotification[] => {
  switch (event.type) {
    case 'TopupSettled.v1': {
      const { id, topupId, state, operator, sessionId, userId } = event.data
      const data = {
        id,
        id_transaccion: topupId,
        estado: stateWords[state],
        operadora: operator,
        id_caja_sesion: sessionId,
        id_usuario: userIdOnWire(userId),
      }
      return [{ event: 'venta', data }]
    }
    case 'OperationApplied.v1':
      return notificationsOfResult(event.data.result)
    case 'FundsRefused.v1':
    case 'OperationRefused.v1':
      return []
    default:
      return assertNever(event)
  }
}

const notificationsOfResult = (result: OperationResult): readonly ShopNotification[] => {
  switch (result.kind) {
    case 'session':
      return [ofSession(result.session)]
    case 'sessions':
      return [ofSession(result.closed), ofSession(result.opened)]
    case 'caja':
      return [{ event: 'caja', data: { id: result.caja.id } }]
    case 'injection': {
      const { id, operator, sessionId } = result.injection
      return [{ event: 'saldo', data: { id, operadora: operator, id_caja_sesion: sessionId } }]
    }
    case 'movement': {
      const { id, sessionId, userId } = result.movement
      return [{ event: 'movimiento', data: { id, id_sesion_caja: sessionId }, owner: userId }]
    }
    case 'recharge':
      return [
        { event: 'abono', data: { id_transaccion: result.recharge.operationId }, owner: null },
      ]
    case 'resolution':
      return [{ event: 'decision', data: { id_transaccion: result.topupId }, owner: null }]
    default:
      return assertNever(result)
  }
}

const ofSession = ({ id, cajaId, state, userId }: SessionView): ShopNotification => ({
  event: 'sesion',
  data: {
    id,
    id_caja: cajaId,
    estado_sesion: state === 'open' ? 'ABIERTA' : 'CERRADA',
    id_usuario: userIdOnWire(userId),
  },
})
