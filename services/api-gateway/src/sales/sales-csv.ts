import { formatDecimal, type TopupView } from '@recargas/contracts'
import { userIdOnWire } from '../api/users.ts'
import { stateWords } from '../api/words.ts'

export const saleColumns = [
  'fecha',
  'id',
  'id_transaccion',
  'estado',
  'operadora',
  'paquete',
  'numero_cliente',
  'monto',
  'id_caja_sesion',
  'id_usuario',
  'codigo',
]

/** A sale as a row of a CSV; its time is that of the request, as in the history. */
export const saleCsvRow = (sale: TopupView) => ({
  at: sale.requestedAt,
  cells: {
    fecha: sale.requestedAt,
    id: sale.id,
    id_transaccion: sale.topupId,
    estado: stateWords[sale.state],
    operadora: sale.operator,
    paquete: sale.bundle?.name ?? null,
    numero_cliente: sale.number,
    monto: formatDecimal(sale.amount, sale.currency),
    id_caja_sesion: sale.sessionId,
    id_usuario: userIdOnWire(sale.userId),
    codigo: sale.releaseReason ?? null,
  },
})
