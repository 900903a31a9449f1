import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
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
  Object.assign(edge.fakes, {
    isReady: true,
    isCarrierServed: true,
    isLedgerDown: false,
    selling: null,
    topup: null,
    session: null,
    carriers: null,
    ledger: () => null,
  })
})

test('a sale that is sold is 201 with the body existing clients know', async () => {
  edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ estado: 'AUTORIZADA', id: 7, monto: 10.5, operadora: 'Tigo' })
  expect(edge.published).toHaveLength(1)
  expect(edge.published[0]?.command.data).toMatchObject({
    merchant: 'principal',
    actor: { userId: '2', username: 'ana', role: 'Operador' },
    amount: 1_050,
    keyed: false,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
  })
})

test.each(['10.50', '10.5', '1.05e1', '1050E-2', '10.500000000000000000000'])(
  'an amount counts by its digits, however they are written: %s',
  async (written) => {
    edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
    const body = JSON.stringify(sale).replace('10.5', written)
    expect((await edge.post('/recargas/cliente', body)).status).toBe(201)
    expect(edge.published[0]?.command.data).toMatchObject({ amount: 1_050 })
  },
)

test('a count of coins is kept as it was sent, digits and all', async () => {
  edge.fakes.ledger = (serialized) =>
    appliedEvent(serialized, Date.now(), { kind: 'session', session: aSession() })
  await edge.post(
    '/cajas/abrir',
    '{"id_caja":3,"id_usuario":2,"arqueo":{"0.50":4,"total":2.000000000000000001}}',
  )
  expect(edge.published[0]?.command.data).toMatchObject({
    remarks: '{"arqueo":{"0.50":4,"total":"2.000000000000000001"}}',
  })
})

test('a duplicate names the sale it resembles', async () => {
  edge.fakes.ledger = (serialized) =>
    refusedEvent(serialized, Date.now(), {
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: operationId, id: 7, state: 'committed' },
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(409)
  expect(answer.body).toMatchObject({
    code: 'DUPLICATE_SUSPECTED',
    operacion_anterior: { id: 7, id_transaccion: operationId, estado: 'AUTORIZADA' },
    message: expect.stringContaining('Si de verdad es otra venta, confírmela.'),
    detail: expect.stringContaining('X-Confirmar-Duplicado: true'),
  })
})

test('a refusal gives its amounts in decimals', async () => {
  edge.fakes.ledger = (serialized) =>
    refusedEvent(serialized, Date.now(), {
      code: 'INSUFFICIENT_FLOAT',
      details: { operator: 'Tigo', available: 8_950 },
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(400)
  expect(answer.body['message']).toBe(
    'Saldo insuficiente para la operadora Tigo. Saldo actual: 89.50',
  )
})

test.each([
  [
    { limit: 'cashier', of: 'count', max: 20 },
    'Se alcanzó el límite diario del cajero: 20 ventas. No se vendió.',
  ],
  [
    { limit: 'number', of: 'amount', max: 150_050 },
    'Se alcanzó el límite diario del número: Bs. 1500.50. No se vendió.',
  ],
])('a limit of the day is 422 and says which: %j', async (details, message) => {
  edge.fakes.ledger = (serialized) =>
    refusedEvent(serialized, Date.now(), { code: 'LIMIT_REACHED', details })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(422)
  expect(answer.body).toMatchObject({ code: 'LIMIT_REACHED', message })
})

test('an unavailable carrier is 503 with when to come back', async () => {
  edge.fakes.ledger = (serialized) =>
    settledEvent(serialized, Date.now(), {
      state: 'released',
      releaseReason: 'CARRIER_UNAVAILABLE',
    })
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(503)
  expect(answer.body['code']).toBe('CARRIER_UNAVAILABLE')
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a sale that stays pending is 202 with where to ask, and Prefer is confirmed', async () => {
  edge.fakes.topup = aTopup({ state: 'reserved' })
  const answer = await edge.post('/recargas/cliente', sale, { prefer: 'wait=0' })
  expect(answer.status).toBe(202)
  expect(answer.body).toMatchObject({ estado: 'PENDIENTE', id_transaccion: operationId })
  expect(answer.headers.get('location')).toBe(`/recargas/cliente/${operationId}`)
  expect(answer.headers.get('preference-applied')).toBe('wait=0')
})

test('without events of the ledger the outcome is unknown, and the answer names where to ask', async () => {
  edge.fakes.isLedgerDown = true
  const answer = await edge.post('/recargas/cliente', sale)
  expect(answer.status).toBe(503)
  expect(answer.body).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  expect(answer.headers.get('location')).toBe(
    `/recargas/cliente/${String(answer.body['id_transaccion'])}`,
  )
  expect(answer.headers.get('retry-after')).not.toBeNull()
})

test('a gateway that is not ready refuses at once and publishes nothing', async () => {
  edge.fakes.isReady = false
  const answer = await edge.post('/recargas/cliente', sale)
  expect([answer.status, answer.body['code']]).toEqual([503, 'NOT_ACCEPTED'])
  expect(answer.headers.get('retry-after')).not.toBeNull()
  expect(edge.published).toEqual([])
})

test('a gateway that is not ready does not deny a possible sale of an earlier press of the key', async () => {
  edge.fakes.isReady = false
  const answer = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'earlier' })
  expect([answer.status, answer.body['code']]).toEqual([503, 'OUTCOME_UNKNOWN'])
  expect(answer.headers.get('location')).toContain(String(answer.body['id_transaccion']))
  expect(edge.published).toEqual([])
})

test('while no adapter lives sales are refused at once, not shifts', async () => {
  edge.fakes.isCarrierServed = false
  const answer = await edge.post('/recargas/cliente', sale)
  expect([answer.status, answer.body['code']]).toEqual([503, 'CARRIER_UNAVAILABLE'])
  expect(answer.headers.get('retry-after')).not.toBeNull()
  expect(edge.published).toEqual([])
  edge.fakes.ledger = (serialized) =>
    refusedEvent(serialized, Date.now(), { code: 'CARRIER_UNAVAILABLE', details: {} })
  const keyed = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'press-0' })
  expect([keyed.status, keyed.body['code']]).toEqual([503, 'CARRIER_UNAVAILABLE'])
  // An earlier press of the key may be on its way: the ledger keeps the refusal, so that it cannot sell.
  expect(edge.published).toMatchObject([
    { command: { data: { refusal: { code: 'CARRIER_UNAVAILABLE', details: {} } } } },
  ])
  expect(keyed.body['id_transaccion']).toBe(edge.published[0]?.operationId)
  edge.fakes.ledger = (serialized) =>
    appliedEvent(serialized, Date.now(), { kind: 'session', session: aSession() })
  expect((await edge.post('/cajas/abrir', { id_caja: 3, id_usuario: 2 })).status).toBe(201)
})

test('after a restore no new sale is asked for, and one made before is still found by its key', async () => {
  edge.fakes.selling = { open: false, reason: 'restored' }
  const refused = await edge.post('/recargas/cliente', sale)
  expect([refused.status, refused.body['code']]).toEqual([503, 'SELLING_PAUSED'])
  expect(refused.headers.get('retry-after')).toBe('60')
  expect(refused.body['message']).toMatch(/No se vendió/)
  expect(refused.body).not.toHaveProperty('id_transaccion')
  edge.fakes.topup = aTopup()
  const known = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'press-0' })
  expect(known.status).toBe(201)
  expect(edge.published).toHaveLength(1)
  expect(edge.published[0]?.command.data).not.toHaveProperty('refusal')
})

test.each([
  ['a key', { open: false, reason: 'restored' }, { 'idempotency-key': 'press-0' }],
  ['no key, at a gateway that has not heard of the restore', null, {}],
] as const)('a paused ledger denies nothing to a press with %s', async (_, selling, headers) => {
  edge.fakes.selling = selling
  edge.fakes.ledger = (serialized) =>
    refusedEvent(serialized, Date.now(), { code: 'SELLING_PAUSED', details: {} })
  const paused = await edge.post('/recargas/cliente', sale, headers)
  expect([paused.status, paused.body['code']]).toEqual([503, 'SELLING_PAUSED'])
  expect(paused.body['id_transaccion']).toBe(edge.published[0]?.operationId)
  expect(paused.headers.get('location')).toContain(edge.published[0]?.operationId)
  expect(paused.headers.get('retry-after')).toBe('60')
  expect(paused.body['message']).toMatch(/guarde el dinero/)
  expect(paused.body['message']).not.toMatch(/[Nn]o se vendió/)
  // Sales are taken again: the same press becomes the sale that the carrier knows.
  edge.fakes.selling = null
  edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
  expect((await edge.post('/recargas/cliente', sale, headers)).status).toBe(201)
})

test('two presses with one key are one operation, with the header that confirms or without it', async () => {
  edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
  const key = { 'idempotency-key': 'press-1' }
  await edge.post('/recargas/cliente', sale, key)
  await edge.post('/recargas/cliente', sale, key)
  await edge.post('/recargas/cliente', sale, { ...key, 'x-confirmar-duplicado': 'true' })
  const names = edge.published.map(({ operationId, fingerprint }) => [operationId, fingerprint])
  expect(names).toEqual([names[0], names[0], names[0]])
  expect(edge.published[2]?.command.data).toMatchObject({ confirmDuplicate: true, keyed: true })
})

const opening = { id_caja: 3, id_usuario: 2 }
test.each([
  ['a till that sends 0 by default', { monto_inicial: 0 }, {}, undefined],
  ['a cashier who counted', { monto_inicial: 80 }, {}, 8_000],
  ['a cashier who found nothing', { monto_inicial: 0, conteo_inicial: 0 }, {}, 0],
  ['the new field beside the default 0', { monto_inicial: 0, conteo_inicial: 80 }, {}, 8_000],
  ['both fields alike', { monto_inicial: 80, conteo_inicial: 80 }, {}, 8_000],
  ['an Administrador who declares an empty drawer', { monto_inicial: 0 }, asAdministrator, 0],
])('the opening count of %s', async (_, fields, headers, declared) => {
  edge.fakes.ledger = (serialized) =>
    appliedEvent(serialized, Date.now(), {
      kind: 'session',
      session: aSession({ openingCounted: money(8_000), openingDifference: -2_000 }),
    })
  const answer = await edge.post('/cajas/abrir', { ...opening, ...fields }, headers)
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ conteo_inicial: 80, diferencia_apertura: -20 })
  expect((edge.published[0]?.command.data as { declared?: number }).declared).toBe(declared)
})

test('two opening counts that contradict each other are refused, and nothing is asked of the ledger', async () => {
  const answer = await edge.post('/cajas/abrir', {
    ...opening,
    monto_inicial: 80,
    conteo_inicial: 90,
  })
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'FIELD_INVALID', campo: 'conteo_inicial' },
  })
  expect(edge.published).toEqual([])
})

test.each([
  [
    'an opening count that the shop refuses',
    () => edge.post('/cajas/abrir', { ...opening, conteo_inicial: 80 }),
    { code: 'OPENING_COUNT_DIFFERS', details: { counted: 8_000, inDrawer: 10_510 } } as const,
    { contado: 80, esperado: 105.1 },
    ['80.00', '105.10'],
  ],
  [
    'a caja that still has money',
    () => edge.send('DELETE', '/cajas/3', undefined, asAdministrator),
    { code: 'CAJA_NOT_EMPTY', details: { cajaId: 3, balance: 10_000, pending: 510 } } as const,
    { saldo: 100, pendiente: 5.1 },
    ['100.00', '5.10', 'egreso'],
  ],
])('%s is 409 with both amounts', async (_, ask, refusal, members, words) => {
  edge.fakes.ledger = (serialized) => refusedEvent(serialized, Date.now(), refusal)
  const answer = await ask()
  expect(answer).toMatchObject({ status: 409, body: { code: refusal.code, ...members } })
  for (const word of words) expect(answer.body['message']).toContain(word)
})

test('a session opened by an Operador keeps the client’s other fields', async () => {
  edge.fakes.ledger = (serialized) =>
    appliedEvent(serialized, Date.now(), { kind: 'session', session: aSession() })
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
})

test('a session closes with either name of the count', async () => {
  edge.fakes.ledger = (serialized) =>
    appliedEvent(serialized, Date.now(), {
      kind: 'session',
      session: aSession({
        state: 'closed',
        pending: money(700),
        pendingEarlier: money(1_050),
        expected: 50_000,
        counted: money(51_750),
        difference: 0,
      }),
    })
  const answer = await edge.send('PATCH', '/cajas/sesion/1/cerrar', { monto_real_fisico: 500 })
  expect(answer.status).toBe(200)
  expect(answer.body).toMatchObject({
    estado_sesion: 'CERRADA',
    diferencia: 0,
    cuadre: {
      esperado: 500,
      pendiente_sesion: 7,
      pendiente_anteriores: 10.5,
      contado: 517.5,
      diferencia: 0,
    },
  })
  expect(edge.published[0]?.command.data).toMatchObject({ counted: 50_000, acceptPending: false })
})

test('an Operador does not see the session of another, an Administrador does', async () => {
  edge.fakes.session = aSession({ userId: '3' })
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
  edge.fakes.isLedgerDown = true
  const saldos = await edge.get('/recargas/operadoras/saldos')
  expect([saldos.status, saldos.body['code']]).toEqual([503, 'LEDGER_UNAVAILABLE'])
  expect(saldos.headers.get('retry-after')).not.toBeNull()
  const operators = JSON.parse((await edge.get('/operadoras')).text) as unknown
  expect(operators).toMatchObject([
    { nombre: 'Tigo', minimo: 0.1, maximo: 1_000, paso: 0.1, disponible: true },
    { nombre: 'Entel' },
  ])
})

test('a history is a bare array with its next page in a header', async () => {
  edge.fakes.topup = aTopup()
  const answer = await edge.get('/recargas/historial/clientes?limit=1&estado=AUTORIZADA')
  expect(JSON.parse(answer.text)).toMatchObject([{ id: 7, monto: '10.50', caja_sesion: null }])
  expect(answer.headers.get('x-total-count')).toBe('9')
  expect(answer.headers.get('link')).toBe(
    '</recargas/historial/clientes?limit=1&estado=AUTORIZADA&cursor=7>; rel="next"',
  )
})

test.each(['clientes', 'inyecciones'])(
  'the days of a history are the shop’s own, the last one included: %s',
  async (which) => {
    edge.fakes.historyQueries = []
    const path = `/recargas/historial/${which}`
    const bogota = { authorization: `Bearer ${aToken({ merchant: 'bogota' })}` }
    const answers = [
      await edge.get(`${path}?desde=2026-11-28&hasta=2026-11-28&limit=5`),
      await edge.get(`${path}?fecha=2026-11-28&limit=5`, bogota),
      await edge.get(`${path}?desde=2026-11-28T08:00:00-04:00&hasta=9999-12-31&limit=5`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(edge.fakes.historyQueries).toEqual([
      { limit: 5, from: '2026-11-28T04:00:00.000Z', to: '2026-11-29T04:00:00.000Z' },
      { limit: 5, from: '2026-11-28T05:00:00.000Z', to: '2026-11-29T05:00:00.000Z' },
      { limit: 5, from: '2026-11-28T12:00:00.000Z', to: '9999-12-31T23:59:59.999Z' },
    ])
  },
)

test.each([
  [
    'desde=2026-11-29&hasta=2026-11-28',
    'desde',
    'La fecha inicial no debe ser posterior a la final.',
  ],
  ['fecha=2026-11-28&hasta=2026-11-28', 'fecha', 'La fecha no se combina con otras fechas.'],
  ['hasta=2026-02-30', 'hasta', expect.stringContaining('La fecha final debe ser una fecha como')],
  ['fecha=10000-01-01', 'fecha', expect.stringContaining('La fecha debe ser una fecha como')],
])('a period that is none is told by its field: ?%s', async (query, campo, sentence) => {
  edge.fakes.historyQueries = []
  for (const which of ['clientes', 'inyecciones']) {
    expect(await edge.get(`/recargas/historial/${which}?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'QUERY_INVALID', campo, message: [sentence] },
    })
  }
  expect(edge.fakes.historyQueries).toEqual([])
})

test('the history finds a phone number as the shop dials it, however it is written', async () => {
  edge.fakes.historyQueries = []
  for (const numero of ['78945612', '789-456 12', '%2B591 78945612', '00591 78945612']) {
    expect((await edge.get(`/recargas/historial/clientes?numero=${numero}`)).status).toBe(200)
  }
  expect(new Set(edge.fakes.historyQueries.map(({ phoneNumber }) => phoneNumber))).toEqual(
    new Set(['78945612']),
  )
  for (const numero of ['hola', '', '1'.repeat(21), '--']) {
    expect(await edge.get(`/recargas/historial/clientes?numero=${numero}`)).toMatchObject({
      status: 400,
      body: { code: 'QUERY_INVALID', campo: 'numero' },
    })
  }
  expect((await edge.get('/recargas/historial/inyecciones?numero=78945612')).status).toBe(400)
})

test('a sale is found by number and by its transaction, with attempts for an Administrador', async () => {
  edge.fakes.topup = aTopup({ attempts: [] })
  expect((await edge.get('/recargas/cliente/7')).body).not.toHaveProperty('intentos')
  expect((await edge.get(`/recargas/cliente/${operationId}`, asAdministrator)).body).toMatchObject({
    id: 7,
    intentos: [],
  })
})

test('GET with wait is held until the sale is settled', async () => {
  edge.fakes.topup = aTopup({ state: 'reserved' })
  const answer = edge.get('/recargas/cliente/7?wait=5')
  setTimeout(() => (edge.fakes.topup = aTopup()), 60)
  expect((await answer).body).toMatchObject({ estado: 'AUTORIZADA' })
})

test('GET with wait is not held for a number that no sale has', async () => {
  const startedAt = performance.now()
  expect((await edge.get('/recargas/cliente/7?wait=25')).status).toBe(404)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

test.each([`${'a'.repeat(63)}😀`, 'a'.repeat(65), 'a%00b'])(
  'no session is looked for where no user can have the id: %s',
  async (id) => {
    const answer = await edge.get(
      `/cajas/sesion-activa/${id.includes('%') ? id : encodeURIComponent(id)}`,
      asAdministrator,
    )
    expect([answer.status, answer.body['code']]).toEqual([404, 'NO_ACTIVE_SESSION'])
  },
)

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
