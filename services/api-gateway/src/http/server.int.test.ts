import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import {
  appliedEvent,
  aSession,
  aTopup,
  operationId,
  refusedEvent,
  settledEvent,
} from '../testing/samples.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }

beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
  Object.assign(edge.plays, {
    isReady: true,
    isLedgerDown: false,
    topup: null,
    session: null,
    carrier: null,
    ledger: () => null,
  })
})

describe('what is refused before anything is published', () => {
  type Wrong = readonly [string, () => ReturnType<typeof edge.send>, number, string]
  const abrir = { id_caja: 1, id_usuario: 2, id_user_create: 2 }
  const movement = { tipo: 'EGRESO', monto: 5, motivo: 'bolsas', id_sesion_caja: 1 }
  const injection = { operadora_destino: 'Tigo', monto: 100, id_caja_sesion: 1 }
  const caja = { nombre: 'Caja 01', especialidad: 'MIXTA', saldo: 500 }
  const wrongs: readonly Wrong[] = [
    [
      'no token',
      () => edge.post('/recargas/cliente', sale, { authorization: '' }),
      401,
      'TOKEN_MISSING',
    ],
    [
      'a forged token',
      () =>
        edge.post('/recargas/cliente', sale, {
          authorization: `Bearer ${aToken({}, 'x'.repeat(40))}`,
        }),
      401,
      'TOKEN_INVALID',
    ],
    [
      'an expired token',
      () => edge.post('/recargas/cliente', sale, { authorization: `Bearer ${aToken({ exp: 1 })}` }),
      401,
      'TOKEN_EXPIRED',
    ],
    [
      'a merchant nobody configured',
      () =>
        edge.post('/recargas/cliente', sale, {
          authorization: `Bearer ${aToken({ merchant: 'otro' })}`,
        }),
      403,
      'MERCHANT_NOT_CONFIGURED',
    ],
    [
      'a role that only reads',
      () =>
        edge.post('/recargas/cliente', sale, {
          authorization: `Bearer ${aToken({ roleName: 'Usuario' })}`,
        }),
      403,
      'FORBIDDEN',
    ],
    ['broken JSON', () => edge.post('/recargas/cliente', '{"operadora":'), 400, 'JSON_BROKEN'],
    ['a body that is no object', () => edge.post('/recargas/cliente', '[1]'), 400, 'FIELD_INVALID'],
    [
      'a form',
      () =>
        edge.post('/recargas/cliente', 'monto=1', {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another charset',
      () =>
        edge.post('/recargas/cliente', '{}', {
          'content-type': 'application/json; charset=latin1',
        }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a compressed body',
      () => edge.post('/recargas/cliente', '{}', { 'content-encoding': 'gzip' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'more than 16 KiB',
      () => edge.post('/recargas/cliente', { ...sale, numero_cliente: '7'.repeat(17_000) }),
      413,
      'BODY_TOO_LARGE',
    ],
    ['no body', () => edge.send('POST', '/recargas/cliente'), 400, 'FIELD_MISSING'],
    [
      'a field nobody knows',
      () => edge.post('/recargas/cliente', { ...sale, x: 1 }),
      400,
      'FIELD_UNKNOWN',
    ],
    [
      'a field of the wrong type',
      () => edge.post('/recargas/cliente', { ...sale, operadora: 5 }),
      400,
      'FIELD_INVALID',
    ],
    [
      'a negative amount',
      () => edge.post('/recargas/cliente', { ...sale, monto: -10 }),
      400,
      'AMOUNT_NEGATIVE',
    ],
    [
      'no amount at all',
      () => edge.post('/recargas/cliente', { ...sale, monto: 0 }),
      400,
      'AMOUNT_ZERO',
    ],
    [
      'three decimals',
      () => edge.post('/recargas/cliente', { ...sale, monto: 0.105 }),
      400,
      'AMOUNT_TOO_PRECISE',
    ],
    [
      'an endless amount',
      () =>
        edge.post(
          '/recargas/cliente',
          '{"operadora":"Tigo","numero_cliente":"78945612","monto":1e999,"id_caja_sesion":1}',
        ),
      400,
      'AMOUNT_TOO_LARGE',
    ],
    [
      'too little',
      () => edge.post('/recargas/cliente', { ...sale, monto: 0.01 }),
      400,
      'AMOUNT_BELOW_MINIMUM',
    ],
    [
      'too much',
      () => edge.post('/recargas/cliente', { ...sale, monto: 1_001 }),
      422,
      'AMOUNT_ABOVE_MAXIMUM',
    ],
    [
      'off the step',
      () => edge.post('/recargas/cliente', { ...sale, monto: 1.11 }),
      422,
      'AMOUNT_OFF_STEP',
    ],
    [
      'an unknown operator',
      () => edge.post('/recargas/cliente', { ...sale, operadora: 'Claro' }),
      400,
      'OPERATOR_UNKNOWN',
    ],
    [
      "a number that is not the operator's",
      () => edge.post('/recargas/cliente', { ...sale, numero_cliente: 'hola' }),
      422,
      'NUMBER_NOT_OF_OPERATOR',
    ],
    [
      'a key with spaces',
      () => edge.post('/recargas/cliente', sale, { 'idempotency-key': 'a b' }),
      400,
      'IDEMPOTENCY_KEY_INVALID',
    ],
    [
      'a confirmation that is neither',
      () => edge.post('/recargas/cliente', sale, { 'x-confirmar-duplicado': 'si' }),
      400,
      'HEADER_INVALID',
    ],
    [
      'an injection by an Operador',
      () => edge.post('/recargas/inyeccion', injection),
      403,
      'FORBIDDEN',
    ],
    [
      'an injection below 1',
      () => edge.post('/recargas/inyeccion', { ...injection, monto: 0.5 }, asAdministrator),
      400,
      'AMOUNT_BELOW_MINIMUM',
    ],
    [
      'an injection for nobody',
      () =>
        edge.post(
          '/recargas/inyeccion',
          { ...injection, operadora_destino: 'Claro' },
          asAdministrator,
        ),
      400,
      'OPERATOR_UNKNOWN',
    ],
    ['a caja by an Operador', () => edge.post('/cajas', caja), 403, 'FORBIDDEN'],
    [
      'a caja without a name',
      () => edge.post('/cajas', { ...caja, nombre: ' a ' }, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a caja of an unknown kind',
      () => edge.post('/cajas', { ...caja, especialidad: 'OTRA' }, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a caja with less than nothing',
      () => edge.post('/cajas', { ...caja, saldo: -1 }, asAdministrator),
      400,
      'AMOUNT_NEGATIVE',
    ],
    [
      'a change of nothing',
      () => edge.send('PATCH', '/cajas/1', {}, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a change by an Operador',
      () => edge.send('PATCH', '/cajas/1', { nombre: 'Otra' }),
      403,
      'FORBIDDEN',
    ],
    ['a retirement by an Operador', () => edge.send('DELETE', '/cajas/1'), 403, 'FORBIDDEN'],
    [
      'a caja that is no number',
      () => edge.send('PATCH', '/cajas/abc', { nombre: 'Otra' }, asAdministrator),
      404,
      'CAJA_NOT_FOUND',
    ],
    [
      'a session opened for somebody else',
      () => edge.post('/cajas/abrir', { ...abrir, id_usuario: 3 }),
      403,
      'USER_MISMATCH',
    ],
    [
      "a session opened in somebody else's name",
      () => edge.post('/cajas/abrir', { ...abrir, id_user_create: 3 }),
      403,
      'USER_MISMATCH',
    ],
    [
      'remarks without end',
      () => edge.post('/cajas/abrir', { ...abrir, nota: 'x'.repeat(3_000) }),
      400,
      'FIELD_INVALID',
    ],
    [
      'a closing without a count',
      () => edge.send('PATCH', '/cajas/sesion/1/cerrar', {}),
      400,
      'FIELD_MISSING',
    ],
    [
      'a closing with two counts',
      () =>
        edge.send('PATCH', '/cajas/sesion/1/cerrar', { monto_final_real: 1, monto_real_fisico: 2 }),
      400,
      'FIELD_INVALID',
    ],
    [
      'a closing of no session',
      () => edge.send('PATCH', '/cajas/sesion/0/cerrar', { monto_final_real: 1 }),
      404,
      'SESSION_NOT_FOUND',
    ],
    [
      'a movement without a reason',
      () => edge.post('/cajas/movimiento', { ...movement, motivo: ' ' }),
      400,
      'FIELD_INVALID',
    ],
    [
      'a movement of another kind',
      () => edge.post('/cajas/movimiento', { ...movement, tipo: 'OTRO' }),
      400,
      'FIELD_INVALID',
    ],
    [
      'a movement below 0.10',
      () => edge.post('/cajas/movimiento', { ...movement, monto: 0.05 }),
      400,
      'AMOUNT_BELOW_MINIMUM',
    ],
    ['an unknown route', () => edge.post('/recargas/otra', sale), 404, 'ROUTE_NOT_FOUND'],
    ['a path that cannot be read', () => edge.get('/cajas/%E0%A4%A'), 400, 'BAD_REQUEST'],
    [
      'a page without end',
      () => edge.get('/recargas/historial/clientes?limit=100000'),
      400,
      'QUERY_INVALID',
    ],
    [
      'a filter nobody knows',
      () => edge.get('/recargas/historial/clientes?estdo=PENDIENTE'),
      400,
      'QUERY_INVALID',
    ],
    [
      'a state nobody knows',
      () => edge.get('/recargas/historial/clientes?estado=X'),
      400,
      'QUERY_INVALID',
    ],
    ['a sale nobody knows', () => edge.get('/recargas/cliente/999'), 404, 'TOPUP_NOT_FOUND'],
    ['a sale that is no id', () => edge.get('/recargas/cliente/abc'), 404, 'TOPUP_NOT_FOUND'],
  ]

  test.each(wrongs)('%s', async (_, send, status, code) => {
    const answer = await send()
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code })
    expect(answer.body).toMatchObject({
      type: `urn:recargas:error:${code}`,
      status,
      statusCode: status,
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^\//),
      path: expect.stringMatching(/^\//),
      timestamp: expect.any(String),
    })
    expect(answer.body).toHaveProperty('message')
    expect(answer.body).toHaveProperty('error_detail')
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d+|"stack"/)
    expect(edge.published).toEqual([])
  })
})

test('a sale that is sold is 201 with the body existing clients know', async () => {
  edge.plays.ledger = (sealed) => settledEvent(sealed, Date.now())
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ estado: 'AUTORIZADA', id: 7, monto: 10.5, operadora: 'Tigo' })
  expect(edge.published).toHaveLength(1)
  expect(edge.published[0]?.command.data).toMatchObject({
    merchant: 'principal',
    actor: { userId: '2', username: 'ana', role: 'Operador' },
    amount: 1_050,
    keyed: false,
  })
})

test('a duplicate names the sale it resembles', async () => {
  edge.plays.ledger = (sealed) =>
    refusedEvent(sealed, Date.now(), {
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: operationId, id: 7, state: 'committed' },
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(409)
  expect(answer.body).toMatchObject({
    code: 'DUPLICATE_SUSPECTED',
    operacion_anterior: { id: 7, id_transaccion: operationId, estado: 'AUTORIZADA' },
    message: expect.stringContaining('X-Confirmar-Duplicado'),
  })
})

test('a refusal tells its figures in decimals', async () => {
  edge.plays.ledger = (sealed) =>
    refusedEvent(sealed, Date.now(), {
      code: 'INSUFFICIENT_FLOAT',
      details: { operator: 'Tigo', available: 8_950 },
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(400)
  expect(answer.body['message']).toBe(
    'Saldo insuficiente para la operadora Tigo. Saldo actual: 89.50',
  )
})

test('an unavailable carrier is 503 with when to come back', async () => {
  edge.plays.ledger = (sealed) =>
    settledEvent(sealed, Date.now(), {
      state: 'released',
      releaseReason: 'CARRIER_UNAVAILABLE',
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(503)
  expect(answer.body['code']).toBe('CARRIER_UNAVAILABLE')
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a sale that stays pending is 202 with where to ask, and Prefer is confirmed', async () => {
  edge.plays.topup = aTopup({ state: 'reserved' })
  const answer = await edge.post('/recargas/cliente', sale, { prefer: 'wait=0' })
  expect(answer.status).toBe(202)
  expect(answer.body).toMatchObject({ estado: 'PENDIENTE', id_transaccion: operationId })
  expect(answer.headers.get('location')).toBe(`/recargas/cliente/${operationId}`)
  expect(answer.headers.get('preference-applied')).toBe('wait=0')
})

test('where the ledger cannot be heard the outcome is unknown, and the answer says where to ask', async () => {
  edge.plays.isLedgerDown = true
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(503)
  expect(answer.body).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(answer.headers.get('location')).toBe(
    `/recargas/cliente/${String(answer.body['id_transaccion'])}`,
  )
  expect(answer.headers.get('retry-after')).not.toBeNull()
})

test('a gateway that is not ready says so at once and publishes nothing', async () => {
  edge.plays.isReady = false
  const answer = await edge.post('/recargas/cliente', sale)
  expect([answer.status, answer.body['code']]).toEqual([503, 'NOT_ACCEPTED'])
  expect(answer.headers.get('retry-after')).not.toBeNull()
  expect(edge.published).toEqual([])
})

test('two presses with one key are one operation, another confirmation is another', async () => {
  edge.plays.ledger = (sealed) => settledEvent(sealed, Date.now())
  const key = { 'idempotency-key': 'press-1' }
  await edge.post('/recargas/cliente', sale, key)
  await edge.post('/recargas/cliente', sale, key)
  await edge.post('/recargas/cliente', sale, { ...key, 'x-confirmar-duplicado': 'true' })
  const [first, second, confirmed] = edge.published.map(({ operationId: id }) => id)
  expect(second).toBe(first)
  expect(confirmed).not.toBe(first)
  expect(edge.published[2]?.command.data).toMatchObject({ confirmDuplicate: true, keyed: true })
})

test('a drawer opened by an Operador keeps what else the client sends, and takes no declared amount', async () => {
  edge.plays.ledger = (sealed) =>
    appliedEvent(sealed, Date.now(), { kind: 'session', session: aSession() })
  const answer = await edge.post('/cajas/abrir', {
    id_caja: 3,
    id_usuario: 2,
    id_user_create: 2,
    monto_inicial: 999,
    arqueo: { 100: 5 },
  })
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ id: 1, estado_sesion: 'ABIERTA', monto_inicial: 500 })
  const data = edge.published[0]?.command.data
  expect(data).toMatchObject({ cajaId: 3, userId: '2', remarks: '{"arqueo":{"100":5}}' })
  expect(data).not.toHaveProperty('declared')
})

test('a session closes with either name of the count', async () => {
  edge.plays.ledger = (sealed) =>
    appliedEvent(sealed, Date.now(), {
      kind: 'session',
      session: aSession({
        state: 'closed',
        expected: 50_000,
        counted: money(50_000),
        difference: 0,
      }),
    })
  const answer = await edge.send('PATCH', '/cajas/sesion/1/cerrar', { monto_real_fisico: 500 })
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({ estado_sesion: 'CERRADA', diferencia: 0 })
  expect(edge.published[0]?.command.data).toMatchObject({ counted: 50_000, acceptPending: false })
})

test('an Operador does not see the session of another, an Administrador does', async () => {
  edge.plays.session = aSession({ userId: '3' })
  expect((await edge.get('/cajas/sesion/1/balance')).body['code']).toBe('SESSION_OF_ANOTHER')
  expect((await edge.get('/cajas/sesion-activa/3')).body['code']).toBe('USER_MISMATCH')
  expect((await edge.get('/cajas/sesion-activa/3', asAdministrator)).body).toMatchObject({
    id_usuario: 3,
  })
})

test('no active session is 404 with the words of the reference', async () => {
  const answer = await edge.get('/cajas/sesion-activa/2')
  expect(answer.status).toBe(404)
  expect(answer.body['message']).toBe('No hay sesión activa para el usuario 2')
})

test('reads are 503 with Retry-After while the ledger is away, sales of the catalogue still show', async () => {
  edge.plays.isLedgerDown = true
  const saldos = await edge.get('/recargas/operadoras/saldos')
  expect([saldos.status, saldos.body['code']]).toEqual([503, 'LEDGER_UNAVAILABLE'])
  expect(saldos.headers.get('retry-after')).not.toBeNull()
  const operators = JSON.parse((await edge.get('/operadoras')).text) as unknown
  expect(operators).toMatchObject([
    { nombre: 'Tigo', minimo: 0.1, maximo: 1_000, paso: 0.1, disponible: true },
    { nombre: 'Entel' },
  ])
})

test('a history is a bare array whose next page is named in a header', async () => {
  edge.plays.topup = aTopup()
  const answer = await edge.get('/recargas/historial/clientes?limit=1&estado=AUTORIZADA')
  expect(JSON.parse(answer.text)).toMatchObject([{ id: 7, monto: '10.50', caja_sesion: null }])
  expect(answer.headers.get('x-total-count')).toBe('9')
  expect(answer.headers.get('link')).toBe(
    '</recargas/historial/clientes?limit=1&estado=AUTORIZADA&cursor=7>; rel="next"',
  )
})

test('a sale is found by number and by its transaction, with attempts for an Administrador', async () => {
  edge.plays.topup = aTopup({ attempts: [] })
  expect((await edge.get('/recargas/cliente/7')).body).not.toHaveProperty('intentos')
  expect((await edge.get(`/recargas/cliente/${operationId}`, asAdministrator)).body).toMatchObject({
    id: 7,
    intentos: [],
  })
})

test('GET with wait is held until the sale is settled', async () => {
  edge.plays.topup = aTopup({ state: 'reserved' })
  const answer = edge.get('/recargas/cliente/7?wait=5')
  setTimeout(() => (edge.plays.topup = aTopup()), 60)
  expect((await answer).body).toMatchObject({ estado: 'AUTORIZADA' })
})

test('a browser of a configured origin may call, another may not', async () => {
  const allowed = await edge.send('OPTIONS', '/recargas/cliente', undefined, {
    origin: 'https://pos.example',
    'access-control-request-method': 'POST',
  })
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://pos.example')
  expect(allowed.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
  const other = await edge.get('/operadoras', { origin: 'https://evil.example' })
  expect(other.headers.get('access-control-allow-origin')).toBeNull()
})

test('every answer names its request, in the caller’s words where they are harmless', async () => {
  const given = await edge.get('/operadoras', { 'x-request-id': 'pos-1' })
  expect(given.headers.get('x-request-id')).toBe('pos-1')
  const odd = await edge.get('/operadoras', { 'x-request-id': 'a b<script>' })
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(odd.headers.get('x-content-type-options')).toBe('nosniff')
  expect(odd.headers.get('x-powered-by')).toBeNull()
})
