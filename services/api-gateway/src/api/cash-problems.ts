import type { RefusalCode } from '@recargas/contracts'
import type { EdgeCode } from './edge-codes.ts'
import { always, say, sayBoth, type Facts, type Row } from './problem-row.ts'

type CashCode =
  | Extract<
      RefusalCode,
      | `SESSION_${string}`
      | `CAJA_${string}`
      | `COUNT_${string}`
      | 'USER_HAS_OPEN_SESSION'
      | 'OPENING_COUNT_DIFFERS'
      | 'INSUFFICIENT_DRAWER'
    >
  | Extract<EdgeCode, `DAY_${string}`>

/** The session's field in the body of each operation; a path names it at the others. */
const sessionFields: Readonly<Record<string, string>> = {
  'RequestTopup.v1': 'id_caja_sesion',
  'RequestBundle.v1': 'id_caja_sesion',
  'InjectFloat.v1': 'id_caja_sesion',
  'MoveDrawer.v1': 'id_sesion_caja',
}

const sessionField = ({ operation = '' }: Facts): string | undefined => sessionFields[operation]

const atOpening =
  (field: string) =>
  ({ operation }: Facts): string | undefined =>
    operation === 'OpenSession.v1' ? field : undefined

/** Refusals about cajas, their sessions and their cash. */
export const cashProblems: Readonly<Record<CashCode, Row>> = {
  SESSION_NOT_OPEN: {
    ...say(400, 'Sesión no abierta', 'La sesión de caja no existe o no está ABIERTA.'),
    field: sessionField,
  },
  SESSION_OF_ANOTHER: {
    ...say(403, 'Sesión ajena', 'La sesión de caja es de otro usuario.'),
    field: sessionField,
  },
  SESSION_NOT_FOUND: {
    status: 404,
    title: 'Sesión no encontrada',
    message: ({ sessionId }) => `Sesión de caja con ID ${sessionId ?? ''} no encontrada o inactiva`,
    field: sessionField,
  },
  SESSION_ALREADY_CLOSED: {
    status: 400,
    title: 'Sesión cerrada',
    message: ({ operation }) =>
      operation === 'MoveDrawer.v1'
        ? 'No se pueden registrar movimientos en una sesión cerrada'
        : 'La sesión ya está cerrada',
    field: sessionField,
  },
  SESSION_HAS_PENDING: {
    status: 409,
    title: 'Sesión con recargas pendientes',
    message: ({ pending }) =>
      `La sesión tiene recargas pendientes por ${pending ?? '?'}. Espere a que se resuelvan o confirme que cierra con ellas.`,
    detail: ({ pending }) =>
      `La sesión tiene recargas pendientes por ${pending ?? '?'}. Para cerrar así envíe aceptar_pendientes: true.`,
    field: always('aceptar_pendientes'),
  },
  SESSION_NOT_CLOSED: say(
    409,
    'Sesión todavía abierta',
    'La sesión todavía está abierta; su conteo se registra al cerrarla.',
  ),
  USER_HAS_OPEN_SESSION: {
    ...say(400, 'Usuario con caja abierta', 'El usuario ya cuenta con una caja abierta'),
    field: atOpening('id_usuario'),
  },
  CAJA_HAS_OPEN_SESSION: {
    ...say(400, 'Caja con sesión abierta', 'La caja ya tiene una sesión abierta'),
    field: atOpening('id_caja'),
  },
  CAJA_NOT_FOUND: {
    status: 404,
    title: 'Caja no encontrada',
    message: ({ cajaId, operation }) =>
      operation === 'OpenSession.v1'
        ? `Caja con id ${cajaId ?? ''} no encontrada o inactiva`
        : `Caja con ID ${cajaId ?? ''} no encontrada o inactiva`,
    field: atOpening('id_caja'),
  },
  CAJA_NOT_EMPTY: {
    status: 409,
    title: 'Caja con dinero',
    message: ({ cajaId, balance, pending }) =>
      `La caja ${cajaId ?? ''} tiene ${balance ?? '?'} en efectivo y ${pending ?? '?'} de ventas pendientes; no se retiró. Saque el efectivo con un egreso y espere las ventas pendientes.`,
    detail: ({ cajaId, balance, pending }) =>
      `La caja ${cajaId ?? ''} tiene saldo ${balance ?? '?'} y pendiente ${pending ?? '?'}. Se vacía con POST /cajas/movimiento (EGRESO) en una sesión, o con PATCH /cajas/:id y saldo 0.`,
  },
  CAJA_CLOSED_SINCE: say(
    409,
    'Caja cerrada después',
    'La caja se cerró de nuevo después de esta sesión; su conteo ya no se corrige.',
  ),
  CAJA_COUNTED_SINCE: say(
    409,
    'Caja contada después',
    'La caja se contó o se cambió después de este cierre, y ese conteo ya registró la diferencia. No se corrigió.',
  ),
  COUNT_NEEDS_REASON: {
    ...sayBoth(409, 'Diferencia sin motivo', {
      message:
        'Lo contado no es lo que debe haber. Cuente de nuevo o escriba el motivo de la diferencia.',
      detail:
        'El conteo difiere en motivo_diferencia_desde o más. Envíe motivo_diferencia, con otra Idempotency-Key.',
    }),
    field: always('motivo_diferencia'),
  },
  COUNT_TOO_OLD: say(
    409,
    'Cierre de hace más de un día',
    'La sesión se cerró hace más de 24 horas; su conteo ya no se corrige.',
  ),
  COUNT_UNCHANGED: {
    status: 409,
    title: 'Conteo sin cambio',
    message: ({ counted }) => `El conteo ya es ${counted ?? '?'}; no hay nada que corregir.`,
    field: always('monto_final_real'),
  },
  COUNT_CORRECTED_TOO_OFTEN: say(
    409,
    'Conteo corregido demasiadas veces',
    'El conteo de esta sesión ya se corrigió demasiadas veces.',
  ),
  DAY_HAS_OPEN_SESSIONS: {
    status: 409,
    title: 'Día con sesiones abiertas',
    message: ({ sessions }) =>
      `El día todavía tiene sesiones abiertas (${sessions ?? '?'}). Ciérrelas y cierre el día después.`,
    field: always('fecha'),
  },
  DAY_CLOSING_NOT_FOUND: say(404, 'Cierre no encontrado', 'No hay un cierre con ese número.'),
  OPENING_COUNT_DIFFERS: {
    status: 409,
    title: 'Conteo de apertura distinto',
    message: ({ counted, inDrawer }) =>
      `Se contaron ${counted ?? '?'} y en la caja debe haber ${inDrawer ?? '?'}; no se abrió. Cuente de nuevo o pida a un Administrador que la abra con lo contado.`,
    field: always('conteo_inicial'),
  },
  INSUFFICIENT_DRAWER: {
    status: 400,
    title: 'Fondos insuficientes en caja',
    message: ({ availableShort, symbol, operation }) =>
      operation === 'InjectFloat.v1'
        ? `Fondos insuficientes en el saldo de la caja para realizar el fondeo. Saldo disponible: ${symbol ?? ''} ${availableShort ?? '?'}`
        : `Fondos insuficientes en el saldo de la caja. Saldo disponible: ${availableShort ?? '?'}`,
  },
}
