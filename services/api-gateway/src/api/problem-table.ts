import type { PressRefusalCode, RefusalCode, ReleaseReason } from '@recargas/contracts'
import { bundleProblems } from './bundle-problems.ts'
import { carrierProblems } from './carrier-problems.ts'
import { cashProblems } from './cash-problems.ts'
import type { EdgeCode } from './edge-codes.ts'
import { limitReached } from './limit-problem.ts'
import { requestProblems } from './request-problems.ts'
import {
  always,
  callAdministrator,
  invalidField,
  saleWords,
  say,
  sayBoth,
  type Facts,
  type Row,
} from './problem-row.ts'
import { stateWords } from './words.ts'

export type ProblemCode =
  EdgeCode | RefusalCode | Exclude<PressRefusalCode, 'EXPIRED'> | ReleaseReason

/** The operator's field in the body of each operation; a path names it in a statement. */
const operatorField = ({ operation }: Facts): string | undefined => {
  if (operation === undefined) return undefined
  return operation === 'InjectFloat.v1' ? 'operadora_destino' : 'operadora'
}

/** Every code with its status and Spanish sentences: the reference's own where it has one. Total, so none is forgotten. */
export const problemTable: Readonly<Record<ProblemCode, Row>> = {
  // Any 401 logs the POS out: only a token's own fault may answer one.
  TOKEN_MISSING: sayBoth(401, 'Falta el token', {
    message: 'Debe iniciar sesión.',
    detail: 'Falta el token de acceso: envíe el encabezado Authorization: Bearer <token>.',
  }),
  // One sentence for every refused token: the reason would help only a forger.
  TOKEN_INVALID: sayBoth(401, 'Token inválido', {
    message: 'Su acceso no es válido o venció; inicie sesión de nuevo.',
    detail: 'El token de acceso no es válido o venció.',
  }),
  MERCHANT_NOT_CONFIGURED: sayBoth(403, 'Comercio no configurado', {
    message: `Su comercio no está registrado en el sistema; ${callAdministrator}.`,
    detail: 'El comercio del token no está en el catálogo.',
  }),
  ...requestProblems,
  FORBIDDEN: say(403, 'Sin permiso', 'Su rol no permite esta operación.'),
  SCOPE_MISSING: {
    ...say(403, 'Sin permiso de operación', 'Su acceso no incluye la operación del sistema.'),
    detail: ({ scope }) => `El claim scope del token debe contener ${scope ?? 'operacion'}.`,
  },
  USER_MISMATCH: {
    status: 403,
    title: 'Usuario ajeno',
    message: () => 'No puede hacer esta operación a nombre de otro usuario.',
    detail: ({ field }) => `${field ?? 'El usuario'} debe ser el usuario del token.`,
    field: ({ field }) => (field === undefined ? undefined : String(field)),
  },
  // Nothing took place by this request; an earlier press of its key may have sold.
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Demasiadas solicitudes',
    message: ({ unkeyed }) =>
      `Demasiadas solicitudes en poco tiempo${unkeyed === undefined ? '' : '; no se realizó'}. Espere un momento e intente de nuevo.`,
    retryAfterSeconds: 1,
  },
  AMOUNT_NEGATIVE: invalidField('Monto negativo'),
  AMOUNT_ZERO: invalidField('Monto cero'),
  AMOUNT_TOO_PRECISE: invalidField('Monto con demasiados decimales'),
  AMOUNT_TOO_LARGE: invalidField('Monto demasiado grande'),
  AMOUNT_BELOW_MINIMUM: {
    status: 400,
    title: 'Monto menor al mínimo',
    message: ({ minimum }) => `El monto no debe ser menor que ${minimum ?? '?'}.`,
    field: always('monto'),
  },
  AMOUNT_ABOVE_MAXIMUM: {
    status: 422,
    title: 'Monto mayor al máximo',
    message: ({ operator, maximum }) =>
      `El monto no debe ser mayor que ${maximum ?? '?'} para la operadora ${operator ?? '?'}.`,
    field: always('monto'),
  },
  AMOUNT_OFF_STEP: {
    status: 422,
    title: 'Monto fuera de paso',
    message: ({ operator, step }) =>
      `El monto debe ser múltiplo de ${step ?? '?'} para la operadora ${operator ?? '?'}.`,
    field: always('monto'),
  },
  OPERATOR_UNKNOWN: {
    status: 400,
    title: 'Operadora desconocida',
    message: ({ operators }) => `La operadora debe ser una de estas: ${operators ?? ''}.`,
    field: ({ field }) => String(field ?? 'operadora'),
  },
  OPERATOR_NOT_OFFERED: {
    status: 409,
    title: 'Operadora no ofrecida',
    message: ({ operator }) =>
      `El proveedor no ofrece recargas de la operadora ${operator ?? '?'}. La recarga no se vendió.`,
    field: always('operadora'),
  },
  NUMBER_NOT_OF_OPERATOR: {
    status: 422,
    title: 'Número no válido para la operadora',
    message: ({ operator, help }) =>
      `El número no es válido para la operadora ${operator ?? '?'}.${help === undefined ? '' : ` ${asSentence(help)}`}`,
    field: always('numero_cliente'),
  },
  ...bundleProblems,
  TOPUP_NOT_FOUND: {
    status: 404,
    title: 'Recarga no encontrada',
    message: ({ id }) => `Recarga ${id ?? ''} no encontrada.`,
  },
  CASE_NOT_FOUND: {
    status: 404,
    title: 'Incidencia no encontrada',
    message: ({ id }) => `Incidencia ${id ?? ''} no encontrada.`,
  },
  CASE_CLOSED: {
    status: 409,
    title: 'Incidencia ya cerrada',
    message: ({ by }) => `La incidencia ya está cerrada: la cerró ${by ?? '?'}.`,
  },
  QUARANTINE_CHANGED: {
    status: 409,
    title: 'Cuarentena distinta',
    message: ({ waiting, seen }) =>
      `Ahora esperan ${waiting ?? 'otros'} mensajes, y usted vio ${seen ?? 'otra cantidad'}. Mire de nuevo antes de decidir.`,
    field: always('cantidad'),
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
  NOT_READY: say(
    503,
    'Todavía no disponible',
    'El sistema todavía no puede atender. Espere un momento e intente lo mismo de nuevo.',
    2,
  ),
  SELLING_PAUSED: {
    status: 503,
    title: 'Ventas en pausa',
    message: ({ operationId }) =>
      `Las ventas están en pausa mientras se comprueban las cuentas después de una restauración. ${
        operationId === undefined
          ? `No se vendió; ${callAdministrator}.`
          : `Todavía no se sabe si esta venta se hizo: guarde el dinero, ${callAdministrator} y pregunte de nuevo por esta misma venta.`
      }`,
    detail: ({ operationId }) =>
      operationId === undefined
        ? 'No se publicó nada.'
        : 'No es definitivo: repita más tarde con la misma Idempotency-Key.',
    retryAfterSeconds: 60,
  },
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

  ...cashProblems,
  OPERATOR_NOT_REGISTERED: {
    status: 404,
    title: 'Operadora no registrada',
    message: ({ operator }) => `La operadora ${operator ?? ''} no está registrada.`,
    field: operatorField,
  },
  INSUFFICIENT_FLOAT: {
    status: 400,
    title: 'Saldo insuficiente',
    message: ({ operator, available }) =>
      `Saldo insuficiente para la operadora ${operator ?? ''}. Saldo actual: ${available ?? '?'}`,
  },
  DUPLICATE_SUSPECTED: {
    status: 409,
    title: 'Posible operación repetida',
    message: (facts) => {
      const { operation, id, state } = facts
      if (operation === 'InjectFloat.v1') {
        return `Ya existe una inyección igual hace un momento (número ${id ?? '?'}). Si de verdad es otra, espere dos minutos y regístrela.`
      }
      const likeness =
        operation === 'RequestBundle.v1' ? 'del mismo número y paquete' : 'del mismo número y monto'
      const { record } = saleWords(facts)
      const earlier = `(${record} ${id ?? '?'}, ${state ?? '?'})`
      const confirm = 'Si de verdad es otra venta, confírmela.'
      if (state === stateWords['in-review']) {
        return `Una ${record} ${likeness} está en revisión ${earlier}: un Administrador decide si se vendió. ${confirm}`
      }
      if (state === stateWords.reserved) {
        return `Una ${record} ${likeness} todavía no tiene resultado ${earlier}. ${confirm}`
      }
      return `Ya existe una ${record} ${likeness} hace un momento ${earlier}. ${confirm}`
    },
    detail: ({ operation }) =>
      operation === 'InjectFloat.v1'
        ? 'La anterior está en operacion_anterior. Para registrar otra envíe una Idempotency-Key nueva.'
        : 'La anterior está en operacion_anterior. Si es otra venta, repita con X-Confirmar-Duplicado: true.',
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
  TOPUP_NOT_CONFIRMABLE: {
    status: 409,
    title: 'Recarga sin confirmación pendiente',
    message: ({ id, state }) =>
      state === 'closing'
        ? `La recarga ${id ?? '?'} ya fue confirmada y se está cerrando.`
        : `La recarga ${id ?? '?'} no espera una confirmación; su estado es ${state ?? '?'}.`,
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
  IDEMPOTENCY_KEY_REUSED: sayBoth(422, 'Clave de la operación reutilizada', {
    message: `El sistema de caja ya envió esta operación con otros datos; ${callAdministrator}.`,
    detail: 'La Idempotency-Key ya se usó con otro contenido.',
  }),
  ...carrierProblems,
}

/** A shop writes its own sentence into the catalogue, with or without its full stop. */
function asSentence(text: string | number): string {
  const trimmed = String(text).trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
