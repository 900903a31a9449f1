import type { EdgeCode } from './edge-codes.ts'
import { always, callAdministrator, invalidField, say, sayBoth, type Row } from './problem-row.ts'

type RequestCode = Extract<
  EdgeCode,
  | 'BAD_REQUEST'
  | 'JSON_BROKEN'
  | `BODY_${string}`
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'ROUTE_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'URL_TOO_LONG'
  | 'TOO_MANY_STREAMS'
  | `FIELD_${string}`
  | 'HEADER_INVALID'
  | 'IDEMPOTENCY_KEY_INVALID'
  | 'QUERY_INVALID'
>

/** The till's own program sent something that no cashier can put right. */
const notUnderstood = `El sistema de caja envió datos que no se entienden; ${callAdministrator}.`

/** Requests that no route can read: nothing of them is looked at any further. */
export const requestProblems: Readonly<Record<RequestCode, Row>> = {
  BAD_REQUEST: say(400, 'Solicitud incorrecta', 'La solicitud no se entiende.'),
  JSON_BROKEN: sayBoth(400, 'JSON incorrecto', {
    message: notUnderstood,
    detail: 'El cuerpo no es JSON válido en UTF-8.',
  }),
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Cuerpo demasiado grande',
    message: () => 'La solicitud es demasiado grande.',
    detail: ({ bytesMax }) => `El cuerpo excede el máximo de ${bytesMax ?? '?'} bytes.`,
  },
  BODY_TOO_COMPLEX: sayBoth(400, 'Cuerpo demasiado complejo', {
    message: 'La solicitud tiene demasiados datos.',
    detail: 'El cuerpo tiene demasiados campos o niveles.',
  }),
  UNSUPPORTED_MEDIA_TYPE: sayBoth(415, 'Tipo de contenido no admitido', {
    message: notUnderstood,
    detail: 'El cuerpo debe enviarse como application/json en UTF-8, sin comprimir.',
  }),
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'Ruta no encontrada',
    message: () => 'El sistema no ofrece esta operación.',
    detail: ({ route }) => `La ruta ${route ?? ''} no existe.`,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Método no admitido',
    message: () => 'El sistema no ofrece esta operación.',
    detail: ({ allowed }) => `La ruta admite: ${allowed ?? ''}.`,
  },
  URL_TOO_LONG: say(400, 'Dirección demasiado larga', 'La dirección de la solicitud es muy larga.'),
  TOO_MANY_STREAMS: say(
    503,
    'Demasiadas conexiones en vivo',
    'Hay demasiadas pantallas conectadas en vivo; lo que se muestra se actualiza de vez en cuando.',
    30,
  ),
  FIELD_UNKNOWN: invalidField('Dato desconocido'),
  FIELD_MISSING: invalidField('Falta un dato'),
  FIELD_INVALID: invalidField('Dato incorrecto'),
  FIELD_REPEATED: invalidField('Dato repetido'),
  HEADER_INVALID: {
    status: 400,
    title: 'Encabezado incorrecto',
    message: () => notUnderstood,
    detail: ({ header, expected }) => `${header ?? 'El encabezado'} debe ser ${expected ?? ''}.`,
    field: ({ header }) => (header === undefined ? undefined : String(header)),
  },
  IDEMPOTENCY_KEY_INVALID: {
    ...sayBoth(400, 'Clave de la operación incorrecta', {
      message: notUnderstood,
      detail: 'Idempotency-Key debe tener de 1 a 255 caracteres ASCII visibles, sin espacios.',
    }),
    field: always('Idempotency-Key'),
  },
  QUERY_INVALID: invalidField('Consulta incorrecta'),
}
