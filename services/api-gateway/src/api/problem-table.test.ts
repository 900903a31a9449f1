import { expect, test } from '@jest/globals'
import { refusalCodes, releaseReasons } from '@recargas/contracts'
import { problemBody } from './problem-body.ts'
import { edgeCodes } from './edge-codes.ts'
import { Problem } from './problem.ts'
import { problemTable, type ProblemCode } from './problem-table.ts'

const codes = Object.keys(problemTable) as ProblemCode[]

test('every code of the contracts and of the gateway has its row, and no other has', () => {
  expect([...codes].sort()).toEqual(
    [
      ...new Set([
        ...edgeCodes,
        ...refusalCodes,
        ...releaseReasons,
        'IDEMPOTENCY_KEY_REUSED',
        'SELLING_PAUSED',
      ]),
    ].sort(),
  )
})

test.each(codes)(
  '%s is an error with a sentence, and with when to come back where it passes',
  (code) => {
    const { status, message, title, retryAfterSeconds } = problemTable[code]
    expect(status).toBeGreaterThanOrEqual(400)
    expect(message({})).not.toMatch(/undefined|^$/)
    expect(title).not.toBe('')
    expect(retryAfterSeconds !== undefined).toBe([429, 503].includes(status))
  },
)

test.each(edgeCodes.filter((code) => code !== 'NOT_ACCEPTED'))(
  '%s, found before the ledger is asked, denies nothing that an earlier press of the key may have done',
  (code) => {
    expect(problemTable[code].message({})).not.toMatch(/\bno se (realizó|vendió|hizo|registró)/i)
  },
)

test('only a fault of the token itself answers 401: it logs the POS out', () => {
  expect(codes.filter((code) => problemTable[code].status === 401).sort()).toEqual([
    'TOKEN_INVALID',
    'TOKEN_MISSING',
  ])
})

test.each<readonly [ProblemCode, Record<string, string | number>, number, string]>([
  [
    'INSUFFICIENT_FLOAT',
    { operator: 'Tigo', available: '89.50' },
    400,
    'Saldo insuficiente para la operadora Tigo. Saldo actual: 89.50',
  ],
  [
    'INSUFFICIENT_DRAWER',
    { operation: 'InjectFloat.v1', symbol: 'Bs.', availableShort: 400 },
    400,
    'Fondos insuficientes en el saldo de la caja para realizar el fondeo. Saldo disponible: Bs. 400',
  ],
  [
    'INSUFFICIENT_DRAWER',
    { operation: 'MoveDrawer.v1', availableShort: 405.5 },
    400,
    'Fondos insuficientes en el saldo de la caja. Saldo disponible: 405.5',
  ],
  ['OPERATOR_NOT_REGISTERED', { operator: 'Tigo' }, 404, 'La operadora Tigo no está registrada.'],
  ['SESSION_NOT_OPEN', {}, 400, 'La sesión de caja no existe o no está ABIERTA.'],
  ['SESSION_ALREADY_CLOSED', { operation: 'CloseSession.v1' }, 400, 'La sesión ya está cerrada'],
  [
    'SESSION_ALREADY_CLOSED',
    { operation: 'MoveDrawer.v1' },
    400,
    'No se pueden registrar movimientos en una sesión cerrada',
  ],
  ['USER_HAS_OPEN_SESSION', {}, 400, 'El usuario ya cuenta con una caja abierta'],
  ['CAJA_HAS_OPEN_SESSION', {}, 400, 'La caja ya tiene una sesión abierta'],
  [
    'CAJA_NOT_FOUND',
    { operation: 'OpenSession.v1', cajaId: 999 },
    404,
    'Caja con id 999 no encontrada o inactiva',
  ],
  ['CAJA_NOT_FOUND', { cajaId: 9 }, 404, 'Caja con ID 9 no encontrada o inactiva'],
  [
    'SESSION_NOT_FOUND',
    { sessionId: 999 },
    404,
    'Sesión de caja con ID 999 no encontrada o inactiva',
  ],
  [
    'TOPUP_NOT_CONFIRMABLE',
    { id: 7, state: 'EN_REVISION' },
    409,
    'La recarga 7 no espera una confirmación; su estado es EN_REVISION.',
  ],
  [
    'TOPUP_NOT_CONFIRMABLE',
    { id: 7, state: 'closing' },
    409,
    'La recarga 7 ya fue confirmada y se está cerrando.',
  ],
  [
    'TOPUP_NOT_IN_REVIEW',
    { id: 7, state: 'AUTORIZADA' },
    409,
    'La recarga 7 no está en revisión; su estado es AUTORIZADA.',
  ],
  [
    'TOPUP_NOT_IN_REVIEW',
    { id: 7, state: 'closing' },
    409,
    'La recarga 7 ya tiene una decisión y se está cerrando.',
  ],
  [
    'DUPLICATE_SUSPECTED',
    { operation: 'RequestTopup.v1', id: 7, state: 'AUTORIZADA' },
    409,
    'Ya existe una recarga del mismo número y monto hace un momento (recarga 7, AUTORIZADA). Si de verdad es otra venta, confírmela.',
  ],
  [
    'DUPLICATE_SUSPECTED',
    { operation: 'RequestTopup.v1', id: 7, state: 'PENDIENTE' },
    409,
    'Una recarga del mismo número y monto todavía no tiene resultado (recarga 7, PENDIENTE). Si de verdad es otra venta, confírmela.',
  ],
  [
    'DUPLICATE_SUSPECTED',
    { operation: 'RequestBundle.v1', id: 7, state: 'EN_REVISION' },
    409,
    'Una compra del mismo número y paquete está en revisión (compra 7, EN_REVISION): un Administrador decide si se vendió. Si de verdad es otra venta, confírmela.',
  ],
  [
    'NUMBER_NOT_OF_OPERATOR',
    { operator: 'Tigo', help: 'Son 8 cifras, empieza con 6 o 7' },
    422,
    'El número no es válido para la operadora Tigo. Son 8 cifras, empieza con 6 o 7.',
  ],
  [
    'NUMBER_NOT_OF_OPERATOR',
    { operator: 'Tigo' },
    422,
    'El número no es válido para la operadora Tigo.',
  ],
  ['NO_ACTIVE_SESSION', { userId: '2' }, 404, 'No hay sesión activa para el usuario 2'],
])('%s of %j is %d and says what a POS shows', (code, facts, status, message) => {
  const problem = new Problem(code, facts)
  expect([problem.status, problem.wording]).toEqual([status, message])
})

const sale = 'RequestTopup.v1'
test.each<readonly [ProblemCode, Record<string, string | number>, string | undefined]>([
  ['AMOUNT_BELOW_MINIMUM', {}, 'monto'],
  ['AMOUNT_ABOVE_MAXIMUM', {}, 'monto'],
  ['AMOUNT_OFF_STEP', {}, 'monto'],
  ['NUMBER_NOT_OF_OPERATOR', {}, 'numero_cliente'],
  ['OPERATOR_UNKNOWN', { field: 'operadora_destino' }, 'operadora_destino'],
  ['OPERATOR_NOT_OFFERED', {}, 'operadora'],
  ['OPERATOR_WITHOUT_BUNDLES', {}, 'operadora'],
  ['OPERATOR_NOT_REGISTERED', { operation: sale }, 'operadora'],
  ['OPERATOR_NOT_REGISTERED', {}, undefined],
  ['BUNDLE_UNKNOWN', {}, 'codigo_paquete'],
  ['BUNDLE_NOT_OFFERED', {}, 'operadora'],
  ['BUNDLE_PRICE_CHANGED', {}, 'monto'],
  ['BUNDLE_PROVIDER_UNKNOWN', {}, 'provider_identifier'],
  ['SESSION_NOT_OPEN', { operation: sale }, 'id_caja_sesion'],
  ['SESSION_NOT_OPEN', { operation: 'InjectFloat.v1' }, 'id_caja_sesion'],
  ['SESSION_OF_ANOTHER', { operation: 'RequestBundle.v1' }, 'id_caja_sesion'],
  ['SESSION_NOT_FOUND', { operation: 'MoveDrawer.v1' }, 'id_sesion_caja'],
  ['SESSION_ALREADY_CLOSED', { operation: 'MoveDrawer.v1' }, 'id_sesion_caja'],
  ['SESSION_ALREADY_CLOSED', { operation: 'CloseSession.v1' }, undefined],
  ['SESSION_HAS_PENDING', {}, 'aceptar_pendientes'],
  ['CAJA_NOT_FOUND', { operation: 'OpenSession.v1' }, 'id_caja'],
  ['CAJA_NOT_FOUND', { operation: 'ChangeCaja.v1' }, undefined],
  ['CAJA_HAS_OPEN_SESSION', { operation: 'OpenSession.v1' }, 'id_caja'],
  ['USER_HAS_OPEN_SESSION', { operation: 'OpenSession.v1' }, 'id_usuario'],
  ['USER_MISMATCH', { field: 'id_usuario' }, 'id_usuario'],
  ['HEADER_INVALID', { header: 'X-Confirmar-Duplicado' }, 'X-Confirmar-Duplicado'],
  ['IDEMPOTENCY_KEY_INVALID', {}, 'Idempotency-Key'],
  ['INSUFFICIENT_FLOAT', { operation: sale }, undefined],
])('%s of %j names what is wrong: %s', (code, facts, field) => {
  const body = problemBody(new Problem(code, facts), '/x', 0)
  expect('campo' in body ? body.campo : undefined).toBe(field)
})

test('the developer reads names of fields and headers that the cashier does not', () => {
  const body = problemBody(new Problem('DUPLICATE_SUSPECTED', { id: 7 }), '/recargas/cliente', 0)
  expect(body.detail).toContain('X-Confirmar-Duplicado: true')
  expect(body.message).not.toContain('X-Confirmar')
})

test('one body serves both vocabularies', () => {
  const body = problemBody(
    new Problem('SESSION_NOT_OPEN', {}, { members: { id_transaccion: 'x' } }),
    '/recargas/cliente',
    Date.parse('2026-01-05T12:00:00.000Z'),
  )
  expect(body).toEqual({
    type: 'urn:recargas:error:SESSION_NOT_OPEN',
    title: 'Sesión no abierta',
    status: 400,
    detail: 'La sesión de caja no existe o no está ABIERTA.',
    instance: '/recargas/cliente',
    code: 'SESSION_NOT_OPEN',
    statusCode: 400,
    timestamp: '2026-01-05T12:00:00.000Z',
    path: '/recargas/cliente',
    message: 'La sesión de caja no existe o no está ABIERTA.',
    error_detail: 'Bad Request',
    id_transaccion: 'x',
  })
})
