import type { RefusalCode, ReleaseReason, UnjournalledRefusalCode } from '@recargas/contracts'
import { bundleProblems } from './bundle-problems.ts'
import type { EdgeCode } from './edge-codes.ts'
import { limitReached } from './limit-problem.ts'
import { say, type Row } from './problem-row.ts'
import { stateWords } from './words.ts'

export type ProblemCode =
  EdgeCode | RefusalCode | Exclude<UnjournalledRefusalCode, 'EXPIRED'> | ReleaseReason

const invalidField = (title: string): Row => say(400, title, `${title}.`)

/** Every code with its status and Spanish sentence: the reference's own where it has one. Total, so none is forgotten. */
export const problemTable: Readonly<Record<ProblemCode, Row>> = {
  // Any 401 logs the POS out: only a token's own fault may answer one.
  TOKEN_MISSING: say(
    401,
    'Falta el token',
    'Falta el token de acceso: envíe el encabezado Authorization: Bearer <token>.',
  ),
  // One sentence for every token that was shown: why it was refused would help only who forges one.
  TOKEN_INVALID: say(
    401,
    'Token inválido',
    'El token de acceso no es válido o venció; inicie sesión de nuevo.',
  ),
  MERCHANT_NOT_CONFIGURED: say(
    403,
    'Comercio no configurado',
    'El comercio del token no está en el catálogo.',
  ),
  FORBIDDEN: say(403, 'Sin permiso', 'Su rol no permite esta operación.'),
  USER_MISMATCH: {
    status: 403,
    title: 'Usuario ajeno',
    message: ({ field }) => `${field ?? 'El usuario'} debe ser el usuario del token.`,
  },
  BAD_REQUEST: say(400, 'Solicitud incorrecta', 'La solicitud no se entiende.'),
  JSON_BROKEN: say(400, 'JSON incorrecto', 'El cuerpo no es JSON válido.'),
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Cuerpo demasiado grande',
    message: ({ bytesMax }) => `El cuerpo excede el máximo de ${bytesMax ?? '?'} bytes.`,
  },
  BODY_TOO_COMPLEX: say(
    400,
    'Cuerpo demasiado complejo',
    'El cuerpo tiene demasiados campos o niveles.',
  ),
  UNSUPPORTED_MEDIA_TYPE: say(
    415,
    'Tipo de contenido no admitido',
    'El cuerpo debe enviarse como application/json en UTF-8, sin comprimir.',
  ),
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Ruta no encontrada',
    message: ({ route }) => `La ruta ${route ?? ''} no existe.`,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Método no admitido',
    message: ({ allowed }) => `La ruta admite: ${allowed ?? ''}.`,
  },
  URL_TOO_LONG: say(400, 'Dirección demasiado larga', 'La dirección de la solicitud es muy larga.'),
  // Nothing took place: the same request, with the same key, may be sent again in a while.
  TOO_MANY_REQUESTS: say(
    429,
    'Demasiadas solicitudes',
    'Demasiadas solicitudes en poco tiempo; no se realizó. Espere un momento e intente de nuevo.',
    1,
  ),
  FIELD_UNKNOWN: invalidField('Campo desconocido'),
  FIELD_MISSING: invalidField('Falta un campo'),
  FIELD_INVALID: invalidField('Campo con valor incorrecto'),
  FIELD_REPEATED: invalidField('Campo repetido'),
  AMOUNT_NEGATIVE: invalidField('Monto negativo'),
  AMOUNT_ZERO: invalidField('Monto cero'),
  AMOUNT_TOO_PRECISE: invalidField('Monto con demasiados decimales'),
  AMOUNT_TOO_LARGE: invalidField('Monto demasiado grande'),
  AMOUNT_BELOW_MINIMUM: {
    status: 400,
    title: 'Monto menor al mínimo',
    message: ({ minimum }) => `monto no debe ser menor que ${minimum ?? '?'}`,
  },
  AMOUNT_ABOVE_MAXIMUM: {
    status: 422,
    title: 'Monto mayor al máximo',
    message: ({ operator, maximum }) =>
      `monto no debe ser mayor que ${maximum ?? '?'} para la operadora ${operator ?? '?'}`,
  },
  AMOUNT_OFF_STEP: {
    status: 422,
    title: 'Monto fuera de paso',
    message: ({ operator, step }) =>
      `monto debe ser múltiplo de ${step ?? '?'} para la operadora ${operator ?? '?'}`,
  },
  OPERATOR_UNKNOWN: {
    status: 400,
    title: 'Operadora desconocida',
    message: ({ field, operators }) =>
      `${field ?? 'operadora'} debe ser una de: ${operators ?? ''}`,
  },
  OPERATOR_NOT_OFFERED: {
    status: 409,
    title: 'Operadora no ofrecida',
    message: ({ operator }) =>
      `El proveedor no ofrece recargas de la operadora ${operator ?? '?'}. La recarga no se vendió.`,
  },
  NUMBER_NOT_OF_OPERATOR: {
    status: 422,
    title: 'Número no válido para la operadora',
    message: ({ operator }) =>
      `numero_cliente no es un número válido de la operadora ${operator ?? '?'}`,
  },
  ...bundleProblems,
  HEADER_INVALID: {
    status: 400,
    title: 'Encabezado incorrecto',
    message: ({ header, expected }) => `${header ?? 'El encabezado'} debe ser ${expected ?? ''}`,
  },
  IDEMPOTENCY_KEY_INVALID: say(
    400,
    'Idempotency-Key incorrecta',
    'Idempotency-Key debe tener de 1 a 255 caracteres ASCII visibles, sin espacios.',
  ),
  QUERY_INVALID: invalidField('Parámetro de consulta incorrecto'),
  TOPUP_NOT_FOUND: {
    status: 404,
    title: 'Recarga no encontrada',
    message: ({ id }) => `Recarga ${id ?? ''} no encontrada.`,
  },
  NO_ACTIVE_SESSION: {
    status: 404,
    title: 'Sin sesión activa',
    message: ({ userId }) => `No hay sesión activa para el usuario ${userId ?? ''}`,
  },
  NOT_ACCEPTED: say(
    503,
    'No aceptada',
    'El sistema no pudo aceptar la operación; no se realizó. Intente de nuevo.',
    2,
  ),
  SELLING_PAUSED: say(
    503,
    'Ventas en pausa',
    'Las ventas están en pausa mientras se comprueban las cuentas después de una restauración. No se vendió; avise al administrador.',
    60,
  ),
  OUTCOME_UNKNOWN: say(
    503,
    'Resultado desconocido',
    'No se pudo confirmar la operación y todavía puede realizarse. Consulte su estado antes de repetirla.',
    5,
  ),
  LEDGER_UNAVAILABLE: say(
    503,
    'Consulta no disponible',
    'La información no está disponible en este momento. Intente de nuevo.',
    2,
  ),
  INTERNAL: say(500, 'Error interno', 'Error interno del sistema.'),

  SESSION_NOT_OPEN: say(400, 'Sesión no abierta', 'La sesión de caja no existe o no está ABIERTA.'),
  SESSION_OF_ANOTHER: say(403, 'Sesión ajena', 'La sesión de caja es de otro usuario.'),
  SESSION_NOT_FOUND: {
    status: 404,
    title: 'Sesión no encontrada',
    message: ({ sessionId }) => `Sesión de caja con ID ${sessionId ?? ''} no encontrada o inactiva`,
  },
  SESSION_ALREADY_CLOSED: {
    status: 400,
    title: 'Sesión cerrada',
    message: ({ operation }) =>
      operation === 'MoveDrawer.v1'
        ? 'No se pueden registrar movimientos en una sesión cerrada'
        : 'La sesión ya está cerrada',
  },
  SESSION_HAS_PENDING: {
    status: 409,
    title: 'Sesión con recargas pendientes',
    message: ({ pending }) =>
      `La sesión tiene recargas pendientes por ${pending ?? '?'}. Para cerrar así envíe aceptar_pendientes: true.`,
  },
  USER_HAS_OPEN_SESSION: say(
    400,
    'Usuario con caja abierta',
    'El usuario ya cuenta con una caja abierta',
  ),
  CAJA_HAS_OPEN_SESSION: say(400, 'Caja con sesión abierta', 'La caja ya tiene una sesión abierta'),
  CAJA_NOT_FOUND: {
    status: 404,
    title: 'Caja no encontrada',
    message: ({ cajaId, operation }) =>
      operation === 'OpenSession.v1'
        ? `Caja con id ${cajaId ?? ''} no encontrada o inactiva`
        : `Caja con ID ${cajaId ?? ''} no encontrada o inactiva`,
  },
  OPERATOR_NOT_REGISTERED: {
    status: 404,
    title: 'Operadora no registrada',
    message: ({ operator }) => `La operadora ${operator ?? ''} no está registrada.`,
  },
  INSUFFICIENT_FLOAT: {
    status: 400,
    title: 'Saldo insuficiente',
    message: ({ operator, available }) =>
      `Saldo insuficiente para la operadora ${operator ?? ''}. Saldo actual: ${available ?? '?'}`,
  },
  INSUFFICIENT_DRAWER: {
    status: 400,
    title: 'Fondos insuficientes en caja',
    message: ({ availableShort, symbol, operation }) =>
      operation === 'InjectFloat.v1'
        ? `Fondos insuficientes en el saldo de la caja para realizar el fondeo. Saldo disponible: ${symbol ?? ''} ${availableShort ?? '?'}`
        : `Fondos insuficientes en el saldo de la caja. Saldo disponible: ${availableShort ?? '?'}`,
  },
  DUPLICATE_SUSPECTED: {
    status: 409,
    title: 'Posible operación repetida',
    message: ({ operation, id, state }) => {
      if (operation === 'InjectFloat.v1') {
        return `Ya existe una inyección igual hace un momento (número ${id ?? '?'}). Para registrar otra envíe una Idempotency-Key nueva.`
      }
      const likeness =
        operation === 'RequestBundle.v1' ? 'del mismo número y paquete' : 'del mismo número y monto'
      const earlier = `(recarga ${id ?? '?'}, ${state ?? '?'})`
      const confirm = 'Si de verdad es otra venta, confirme con X-Confirmar-Duplicado: true.'
      if (state === stateWords['in-review']) {
        return `Una recarga ${likeness} está en revisión ${earlier}: un Administrador decide si se vendió. ${confirm}`
      }
      if (state === stateWords.reserved) {
        return `Una recarga ${likeness} todavía no tiene resultado ${earlier}. ${confirm}`
      }
      return `Ya existe una recarga ${likeness} hace un momento ${earlier}. ${confirm}`
    },
  },
  LIMIT_REACHED: limitReached,
  CURRENCY_MISMATCH: say(
    409,
    'Moneda distinta',
    'La moneda de la operación no es la de la caja o del comercio.',
  ),
  TOPUP_UNKNOWN: {
    status: 404,
    title: 'Recarga desconocida',
    message: ({ topupId }) => `La recarga ${topupId ?? '?'} no existe; no se decidió nada.`,
  },
  TOPUP_NOT_IN_REVIEW: {
    status: 409,
    title: 'Recarga fuera de revisión',
    message: ({ id, state }) =>
      state === 'closing'
        ? `La recarga ${id ?? '?'} ya tiene una decisión y se está cerrando.`
        : `La recarga ${id ?? '?'} no está en revisión; su estado es ${state ?? '?'}.`,
  },
  DECISION_NEEDS_ANOTHER_PERSON: say(
    403,
    'Falta otra persona',
    'Usted ya propuso esta decisión; debe confirmarla otro administrador.',
  ),
  DECISION_DIFFERS: {
    status: 409,
    title: 'Decisiones distintas',
    message: ({ by, result }) =>
      `El administrador ${by ?? '?'} propuso ${result ?? '?'}; la decisión solo vale si los dos coinciden.`,
  },
  IDEMPOTENCY_KEY_REUSED: say(
    422,
    'Idempotency-Key reutilizada',
    'La Idempotency-Key ya se usó con otro contenido.',
  ),

  CARRIER_REJECTED: say(
    422,
    'Recarga rechazada',
    'La operadora rechazó la recarga. No se vendió; devuelva el dinero al cliente.',
  ),
  CARRIER_INVALID: {
    status: 422,
    title: 'Datos rechazados por la operadora',
    message: ({ field, reason }) =>
      `La operadora no aceptó los datos${field === undefined ? '' : ` (${field})`}${reason === undefined ? '' : `: ${reason}`}. La recarga no se vendió.`,
  },
  CARRIER_UNAVAILABLE: say(
    503,
    'Operadora no disponible',
    'El proveedor de recargas no está disponible. La recarga no se vendió; intente más tarde.',
    5,
  ),
  // The carrier refuses our own credentials; never a 401 of ours.
  CARRIER_MISCONFIGURED: say(
    503,
    'Proveedor mal configurado',
    'El proveedor de recargas no está configurado correctamente. La recarga no se vendió; avise al administrador.',
    60,
  ),
  RESOLVED_AS_REJECTED: say(
    422,
    'Recarga resuelta como rechazada',
    'Un administrador resolvió la recarga como rechazada.',
  ),
}
