import { messageOf } from '../../notifications/notification-streams.ts'
import { topup } from './day-sales.ts'

const sale = {
  id: topup.id,
  id_transaccion: topup.topupId,
  estado: 'AUTORIZADA',
  operadora: topup.operator,
  id_caja_sesion: topup.sessionId,
  id_usuario: Number(topup.userId),
}

export const notificationExamples = {
  'GET /eventos 200 text/event-stream': messageOf('6f1f3c1a-6', 'venta', sale),
}
