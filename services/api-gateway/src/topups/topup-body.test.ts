import { expect, test } from '@jest/globals'
import { money, releaseReasons } from '@recargas/contracts'
import { cajaBody, movementBody } from '../cash/caja-body.ts'
import { closedSessionBody, openedSessionBody, sessionRow } from '../cash/session-body.ts'
import { Problem } from '../edge/problem.ts'
import { availabilityOf, floatBody } from '../float/balances.ts'
import { injectionBody, injectionRow } from '../float/injection-body.ts'
import { aSession, aTopup, operationId, tigo } from '../testing/samples.ts'
import { auditedTopupBody, saleReply, topupBody, topupRow } from './topup-body.ts'

const refusalOf = (act: () => unknown): Problem => {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('was no refusal')
}

test('a sale as the answer to its POST: the amount is a number', () => {
  expect(topupBody(aTopup())).toEqual({
    estado: 'AUTORIZADA',
    id_user_create: 2,
    id_user_update: null,
    created_at: '2026-01-05T12:00:00.000Z',
    updated_at: '2026-01-05T12:00:01.000Z',
    id: 7,
    id_transaccion: operationId,
    operadora: 'Tigo',
    numero_cliente: '78945612',
    monto: 10.5,
    fecha_hora: '2026-01-05T12:00:00.000Z',
    id_caja_sesion: 1,
  })
})

test('a sale in the history: the amount is a two-decimal string, and its session comes along', () => {
  expect(topupRow(aTopup(), aSession())).toMatchObject({
    monto: '10.50',
    caja_sesion: { id: 1, monto_inicial: '500.00', estado_sesion: 'ABIERTA', id_usuario: 2 },
  })
})

test('each state has its word and its status', () => {
  expect(saleReply(aTopup())).toMatchObject({ status: 201, body: { estado: 'AUTORIZADA' } })
  expect(saleReply(aTopup({ state: 'reserved' }))).toMatchObject({
    status: 202,
    body: { estado: 'PENDIENTE' },
    headers: { location: `/recargas/cliente/${operationId}` },
  })
  expect(saleReply(aTopup({ state: 'in-review' }))).toMatchObject({
    status: 202,
    body: { estado: 'EN_REVISION' },
  })
})

test.each([
  ['CARRIER_REJECTED', 422],
  ['CARRIER_INVALID', 422],
  ['CARRIER_UNAVAILABLE', 503],
  ['CARRIER_MISCONFIGURED', 503],
  ['RESOLVED_AS_REJECTED', 422],
] as const)('a sale released as %s is an error %d that names it', (releaseReason, status) => {
  expect(releaseReasons).toContain(releaseReason)
  const problem = refusalOf(() => saleReply(aTopup({ state: 'released', releaseReason })))
  expect([problem.code, problem.status]).toEqual([releaseReason, status])
  expect(problem.extra.members).toMatchObject({ id: 7, id_transaccion: operationId })
})

test('what the carrier found wrong is passed on with its field', () => {
  const problem = refusalOf(() =>
    saleReply(
      aTopup({
        state: 'released',
        releaseReason: 'CARRIER_INVALID',
        invalid: { field: 'phone_number', message: 'too short' },
      }),
    ),
  )
  expect(problem.extra.members).toMatchObject({
    campo: 'phone_number',
    error_message: 'too short',
  })
  expect(problem.wording).toContain('(phone_number): too short')
})

test('the calls to the carrier are for an Administrador only', () => {
  const attempts = [
    { attempt: 1, startedAt: '2026-01-05T12:00:00.100Z', row: 8, observed: '500', httpStatus: 500 },
  ]
  expect(topupBody(aTopup({ attempts }))).not.toHaveProperty('intentos')
  expect(auditedTopupBody(aTopup({ attempts })).intentos).toMatchObject([
    { intento: 1, regla: 8, observado: '500', estado_http: 500, fin: null },
  ])
})

test('a session just opened tells numbers, in reads strings, just closed both, as the reference does', () => {
  const closed = aSession({
    state: 'closed',
    updatedBy: '1',
    expected: 40_550,
    counted: money(40_500),
    difference: -50,
    closedAt: '2026-01-05T20:00:00.000Z',
  })
  expect(openedSessionBody(aSession())).toMatchObject({
    monto_inicial: 500,
    monto_final_teorico: null,
    estado_sesion: 'ABIERTA',
    fecha_cierre: null,
    estado: true,
  })
  expect(closedSessionBody(closed)).toMatchObject({
    monto_inicial: '500.00',
    monto_final_teorico: 405.5,
    monto_final_real: 405,
    diferencia: -0.5,
    estado_sesion: 'CERRADA',
    id_user_update: 1,
  })
  expect(sessionRow(closed)).toMatchObject({
    monto_final_teorico: '405.50',
    monto_final_real: '405.00',
    diferencia: '-0.50',
  })
})

test('cash of sales that are not settled is shown apart', () => {
  expect(sessionRow(aSession({ pending: money(1_050) }))).toMatchObject({ pendiente: '10.50' })
})

test('an injection: a number to its POST, a string in the history', () => {
  const injection = {
    id: 1,
    operationId,
    currency: 'BOB',
    sessionId: 1,
    userId: '2',
    operator: tigo,
    amount: money(10_000),
    at: '2026-01-05T12:00:00.000Z',
  } as const
  expect(injectionBody(injection)).toMatchObject({
    estado: true,
    operadora_destino: 'Tigo',
    monto: 100,
    id_caja_origen: 1,
    fecha_hora: '2026-01-05T12:00:00.000Z',
  })
  expect(injectionRow(injection, aSession())).toMatchObject({
    monto: '100.00',
    caja_origen: { id: 1 },
  })
})

test('a caja and a movement as the reference shows them', () => {
  const at = '2026-01-05T12:00:00.000Z'
  expect(
    cajaBody({
      id: 1,
      currency: 'BOB',
      name: 'Caja 01',
      specialty: 'MIXTA',
      active: true,
      balance: 50_000,
      reserved: money(0),
      incoming: money(0),
      createdBy: '1',
      updatedBy: null,
      createdAt: at,
      updatedAt: at,
    }),
  ).toMatchObject({
    id: 1,
    nombre: 'Caja 01',
    especialidad: 'MIXTA',
    saldo: '500.00',
    estado: true,
  })
  expect(
    movementBody({
      id: 3,
      operationId,
      currency: 'BOB',
      sessionId: 1,
      userId: '1',
      direction: 'out',
      amount: money(500),
      reason: 'bolsas',
      at,
    }),
  ).toMatchObject({
    id: 3,
    tipo: 'EGRESO',
    monto: 5,
    motivo: 'bolsas',
    fecha: at,
    id_sesion_caja: 1,
  })
})

test('what can be sold is the balance; what is held stands apart', () => {
  const at = '2026-01-05T12:00:00.000Z'
  const float = {
    id: 1,
    currency: 'BOB',
    operator: tigo,
    posted: 10_000,
    reserved: money(1_050),
    available: 8_950,
    createdAt: at,
    updatedAt: at,
  } as const
  expect(floatBody(float, availabilityOf(null))).toMatchObject({
    nombre_operadora: 'Tigo',
    saldo_actual: '89.50',
    saldo_reservado: '10.50',
    estado: true,
    id_user_create: null,
  })
})

test('only the adapter’s own word blocks an operator, not its silence', () => {
  const state = { breaker: 'closed', available: true, reason: null } as const
  expect(availabilityOf(state)).toEqual({ disponible: true, motivo: null })
  expect(availabilityOf(null).disponible).toBe(true)
  expect(availabilityOf(null).motivo).not.toBeNull()
  expect(
    availabilityOf({ breaker: 'open', available: false, reason: 'the carrier does not answer' }),
  ).toMatchObject({ disponible: false, motivo: expect.stringContaining('no está disponible') })
})
