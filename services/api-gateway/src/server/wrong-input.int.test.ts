import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import { operationId } from '../testing/samples.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }

/** The sale with its amount as it is written. */
const amount = (written: string) =>
  JSON.stringify({ ...sale, monto: 0 }).replace('"monto":0', `"monto":${written}`)

beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
})

describe('requests refused before anything is published', () => {
  type Wrong = readonly [string, () => ReturnType<typeof edge.send>, number, string]
  const abrir = { id_caja: 1, id_usuario: 2, id_user_create: 2 }
  const movement = { tipo: 'EGRESO', monto: 5, motivo: 'bolsas', id_sesion_caja: 1 }
  const injection = { operadora_destino: 'Tigo', monto: 100, id_caja_sesion: 1 }
  const caja = { nombre: 'Caja 01', especialidad: 'MIXTA', saldo: 500 }
  const resolver = '/recargas/cliente/7/resolver'
  const decision = { resultado: 'RECHAZADA', evidencia: 'ticket 4711', nota: 'no la recibió' }
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
      'TOKEN_INVALID',
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
    [
      'a field twice',
      () => edge.post('/recargas/cliente', '{"operadora":"Tigo","operadora":"Entel"}'),
      400,
      'FIELD_REPEATED',
    ],
    [
      'more fields than anybody sends',
      () =>
        edge.post(
          '/cajas/abrir',
          Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 1])),
        ),
      400,
      'BODY_TOO_COMPLEX',
    ],
    [
      'more levels than anybody sends',
      () => edge.post('/cajas/abrir', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`),
      400,
      'BODY_TOO_COMPLEX',
    ],
    [
      'digits beyond what a number tells',
      () => edge.post('/recargas/cliente', amount('10.000000000000000001')),
      400,
      'AMOUNT_TOO_PRECISE',
    ],
    [
      'the sum of 0.1 and 0.2 as a program without decimals has it',
      () => edge.post('/recargas/cliente', amount('0.30000000000000004')),
      400,
      'AMOUNT_TOO_PRECISE',
    ],
    [
      'less than nothing, to many digits',
      () => edge.post('/recargas/cliente', amount('-10.000000000000000001')),
      400,
      'AMOUNT_NEGATIVE',
    ],
    [
      'a session beyond what a number tells',
      () =>
        edge.post('/recargas/cliente', amount('10').replace('sion":1', 'sion":9007199254740993')),
      400,
      'FIELD_INVALID',
    ],
    [
      'digits of another script',
      () => edge.post('/recargas/cliente', { ...sale, numero_cliente: '７８９４５６１２' }),
      422,
      'NUMBER_NOT_OF_OPERATOR',
    ],
    [
      'bytes that are no UTF-8',
      () => edge.post('/recargas/cliente', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])),
      400,
      'JSON_BROKEN',
    ],
    [
      'a parameter that the route does not read',
      () => edge.post('/recargas/cliente?monto=5', sale),
      400,
      'QUERY_INVALID',
    ],
    [
      'a parameter twice',
      () => edge.get('/recargas/historial/clientes?limit=1&limit=2'),
      400,
      'QUERY_INVALID',
    ],
    [
      'an address without end',
      () => edge.get(`/recargas/historial/clientes?operadora=${'x'.repeat(2_000)}`),
      400,
      'URL_TOO_LONG',
    ],
    [
      'a method that the route does not have',
      () => edge.send('PUT', '/recargas/cliente', sale),
      405,
      'METHOD_NOT_ALLOWED',
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
    ['a decision by an Operador', () => edge.post(resolver, decision), 403, 'FORBIDDEN'],
    [
      'a decision with a field nobody knows',
      () => edge.post(resolver, { ...decision, monto: 1 }, asAdministrator),
      400,
      'FIELD_UNKNOWN',
    ],
    [
      'a decision without evidence',
      () => edge.post(resolver, { ...decision, evidencia: undefined }, asAdministrator),
      400,
      'FIELD_MISSING',
    ],
    [
      'a decision with blank evidence',
      () => edge.post(resolver, { ...decision, evidencia: '  ' }, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a decision without a note',
      () => edge.post(resolver, { ...decision, nota: undefined }, asAdministrator),
      400,
      'FIELD_MISSING',
    ],
    [
      'a decision with a note without end',
      () => edge.post(resolver, { ...decision, nota: 'x'.repeat(2_001) }, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a decision for a third thing',
      () => edge.post(resolver, { ...decision, resultado: 'PENDIENTE' }, asAdministrator),
      400,
      'FIELD_INVALID',
    ],
    [
      'a decision on a sale nobody knows',
      () => edge.post(resolver, decision, asAdministrator),
      404,
      'TOPUP_NOT_FOUND',
    ],
    [
      'a decision on a transaction nobody knows',
      () => edge.post(`/recargas/cliente/${operationId}/resolver`, decision, asAdministrator),
      404,
      'TOPUP_NOT_FOUND',
    ],
    [
      'a decision on what is no id',
      () => edge.post('/recargas/cliente/abc/resolver', decision, asAdministrator),
      404,
      'TOPUP_NOT_FOUND',
    ],
    ['the review list for an Operador', () => edge.get('/recargas/revision'), 403, 'FORBIDDEN'],
    ['the cases for an Operador', () => edge.get('/incidencias'), 403, 'FORBIDDEN'],
    [
      'a review list without end',
      () => edge.get('/recargas/revision?limit=101', asAdministrator),
      400,
      'QUERY_INVALID',
    ],
    [
      'a filter the cases do not have',
      () => edge.get('/incidencias?estado=X', asAdministrator),
      400,
      'QUERY_INVALID',
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
