import { expect, test } from '@jest/globals'
import { money, releaseReasons, type CarrierStates } from '@recargas/contracts'
import { cajaBody, movementBody } from '../cash/caja-body.ts'
import { closedSessionBody, openedSessionBody, sessionRow } from '../cash/session-body.ts'
import { Problem } from '../api/problem.ts'
import { availabilityOf, floatBody, operatorBody } from '../float/read-balances.ts'
import { injectionBody, injectionRow } from '../float/injection-body.ts'
import {
  aBundle,
  aCarrierStates,
  aDecision,
  aSession,
  aTopup,
  operationId,
  merchant,
  shops,
  tigo,
} from '../testing/samples.ts'
import { caseBody } from './list-review.ts'
import { auditedTopupBody, saleReply, topupBody, topupRow } from './sale-body.ts'

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
    paquete: null,
    numero_cliente: '78945612',
    monto: 10.5,
    fecha_hora: '2026-01-05T12:00:00.000Z',
    id_caja_sesion: 1,
    codigo: null,
  })
})

test.each(releaseReasons)(
  'a sale released as %s says so by its code, and to the cashier by the same sentence as its error',
  (releaseReason) => {
    const released = aTopup({ state: 'released', releaseReason })
    const { wording } = refusalOf(() => saleReply(released))
    expect(topupBody(released)).toMatchObject({ codigo: releaseReason, motivo: wording })
    expect(topupRow(released, undefined)).toMatchObject({ codigo: releaseReason, motivo: wording })
  },
)

test.each(releaseReasons)(
  'a package released as %s is called a package, never a recarga',
  (releaseReason) => {
    const released = aTopup({ state: 'released', releaseReason, bundle: aBundle })
    const { wording } = refusalOf(() => saleReply(released))
    expect(wording).toMatch(/\b[Pp]aquetes?\b/)
    expect(wording).not.toMatch(/recarga/i)
    expect(topupBody(released).motivo).toBe(wording)
    if (releaseReason.startsWith('BUNDLE_')) return
    const { wording: ofTopup } = refusalOf(() => saleReply({ ...released, bundle: undefined }))
    expect(ofTopup).toMatch(/recarga/)
  },
)

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
  ['BUNDLE_NOT_OFFERED', 409],
  ['BUNDLE_PRICE_CHANGED', 409],
  ['BUNDLE_PRICE_UNCONFIRMED', 503],
] as const)('a sale released as %s is an error %d that names it', (releaseReason, status) => {
  expect(releaseReasons).toContain(releaseReason)
  const problem = refusalOf(() => saleReply(aTopup({ state: 'released', releaseReason })))
  expect([problem.code, problem.status]).toEqual([releaseReason, status])
  expect(problem.extra.members).toMatchObject({ id: 7, id_transaccion: operationId })
})

test('a package is a sale with its package, held where packages are asked about', () => {
  expect(topupBody(aTopup({ bundle: aBundle }))).toMatchObject({
    operadora: 'Tigo',
    paquete: { proveedor: '3', codigo: '024', nombre: '200 minutos' },
  })
  expect(saleReply(aTopup({ state: 'reserved', bundle: aBundle }))).toMatchObject({
    headers: { location: `/paquetes/compra/${operationId}` },
  })
})

test('a lookup at the carrier is distinguished from a purchase', () => {
  const at = '2026-01-05T12:00:00.100Z'
  const attempts = [
    { attempt: 1, startedAt: at, observed: '503' },
    { attempt: 2, startedAt: at, observed: '200', lookup: true as const },
  ]
  const { intentos } = auditedTopupBody(aTopup({ attempts }))
  expect(intentos[0]).not.toHaveProperty('consulta')
  expect(intentos[1]).toMatchObject({ intento: 2, consulta: true })
})

test.each([
  ['destination_number', 'numero_cliente', 'La operadora no aceptó el número del cliente.'],
  ['amount', 'monto', 'La operadora no aceptó el monto.'],
  ['route', undefined, 'La operadora no aceptó los datos.'],
])('a fault that the carrier found in its %s is told as %s', (field, campo, sentence) => {
  const invalid = { field, message: 'too short' }
  const released = aTopup({ state: 'released', releaseReason: 'CARRIER_INVALID', invalid })
  const problem = refusalOf(() => saleReply(released))
  expect(problem.field).toBe(campo)
  expect(problem.extra.members).toMatchObject({ error_message: 'too short' })
  expect(problem.wording).toBe(
    `${sentence} La recarga no se vendió; devuelva el dinero al cliente.`,
  )
  expect(problem.detail).toContain(campo ?? field)
  expect(topupBody(released).motivo).toBe(problem.wording)
})

test('the calls to the carrier, the decision and the history are for an Administrador only', () => {
  const attempt = {
    attempt: 1,
    startedAt: '2026-01-05T12:00:00.100Z',
    row: 8,
    observed: '500',
    httpStatus: 500,
    carrierStatus: 'unknown',
  }
  const topup = aTopup({
    state: 'released',
    releaseReason: 'RESOLVED_AS_REJECTED',
    attempts: [attempt],
    decision: aDecision({ confirmedBy: '8', isFinal: true }),
    timeline: [
      { at: '2026-01-05T12:00:00.000Z', step: 'requested', by: '2' },
      { at: '2026-01-05T12:00:00.100Z', step: 'attempt', attempt },
      { at: '2026-01-05T13:00:00.000Z', step: 'decided', by: '1' },
      { at: '2026-01-05T13:00:01.000Z', step: 'released' },
    ],
  })
  const plain = topupBody(topup)
  for (const member of ['intentos', 'decision', 'historia']) {
    expect(plain).not.toHaveProperty(member)
  }
  const call = { intento: 1, fila: 8, observado: '500', http: 500, estado_operador: 'unknown' }
  expect(auditedTopupBody(topup)).toMatchObject({
    estado: 'RECHAZADA',
    codigo: 'RESOLVED_AS_REJECTED',
    motivo: expect.stringContaining('Un administrador resolvió la recarga como rechazada.'),
    intentos: [{ ...call, fin: null }],
    decision: {
      resultado: 'RECHAZADA',
      evidencia: 'ticket 4711',
      nota: 'el cliente no la recibió',
      usuario: 1,
      fecha: '2026-01-05T13:00:00.000Z',
      confirmado_por: 8,
      definitiva: true,
    },
    historia: [
      { fecha: '2026-01-05T12:00:00.000Z', paso: 'SOLICITADA', usuario: 2 },
      { paso: 'INTENTO', usuario: null, intento: call },
      { paso: 'DECIDIDA', usuario: 1 },
      { paso: 'RECHAZADA' },
    ],
  })
})

test('a sale without a decision has none, and claims no history that was not read', () => {
  const body = auditedTopupBody(aTopup())
  expect(body).toMatchObject({ intentos: [], decision: null })
  expect(body).not.toHaveProperty('historia')
})

test.each([
  ['authorized-after-release', 'AUTORIZADA_TRAS_LIBERAR'],
  ['rejected-after-commit', 'RECHAZADA_TRAS_CONFIRMAR'],
] as const)('a case of %s is told as %s, with its sale', (kind, tipo) => {
  const view = {
    id: 'case-1',
    kind,
    currency: 'BOB',
    amount: money(1_050),
    topup: aTopup(),
    mismatch: null,
    openedAt: '2026-01-05T14:00:00.000Z',
    closing: null,
  } as const
  expect(caseBody(view)).toMatchObject({
    id: 'case-1',
    tipo,
    monto: 10.5,
    fecha: '2026-01-05T14:00:00.000Z',
    recarga: { id: 7, estado: 'AUTORIZADA' },
  })
  expect(caseBody(view)).not.toHaveProperty('diferencia')
  expect(caseBody({ ...view, topup: null }).recarga).toBeNull()
  expect(caseBody(view).cierre).toBeNull()
  const at = '2026-01-06T09:00:00.000Z'
  const closing = { by: 'Ana Rojas', reason: 'el proveedor lo devolvió', at }
  expect(caseBody({ ...view, closing }).cierre).toEqual({
    por: 'Ana Rojas',
    fecha: at,
    motivo: 'el proveedor lo devolvió',
  })
})

test('a balance that differs is shown in the carrier’s own unit, with the sales that may explain it', () => {
  expect(
    caseBody({
      id: 'case-2',
      kind: 'carrier-balance-differs',
      currency: 'COP',
      amount: null,
      topup: null,
      mismatch: {
        carrierAmount: -7_500,
        from: '2026-01-05T00:00:00.000Z',
        to: '2026-01-06T00:00:00.000Z',
        likely: [aTopup({ bundle: aBundle })],
      },
      openedAt: '2026-01-06T00:00:01.000Z',
      closing: null,
    }),
  ).toMatchObject({
    tipo: 'DIFERENCIA_CON_PROVEEDOR',
    monto: null,
    recarga: null,
    diferencia: {
      unidades_proveedor: -7_500,
      desde: '2026-01-05T00:00:00.000Z',
      hasta: '2026-01-06T00:00:00.000Z',
      posibles: [{ id: 7, paquete: { codigo: '024' } }],
    },
  })
})

test('a session has numbers when just opened, strings in reads, both when just closed, as in the reference', () => {
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

test('the available amount is the balance; held amounts stand apart', () => {
  const at = '2026-01-05T12:00:00.000Z'
  const float = {
    id: 1,
    currency: 'BOB',
    operator: tigo,
    posted: 10_000,
    reserved: money(1_050),
    available: 8_950,
    spentLastHour: money(9_000),
    runwayMinutes: 59,
    isLow: false,
    createdAt: at,
    updatedAt: at,
  } as const
  expect(floatBody(float, null, catalogued('Tigo'))).toMatchObject({
    nombre_operadora: 'Tigo',
    saldo_actual: '89.50',
    saldo_reservado: '10.50',
    saldo_bajo: false,
    autonomia_minutos: 59,
    estado: true,
    id_user_create: null,
  })
  // The ledger decides, whatever the catalogue has, also for an operator that left it.
  expect(floatBody({ ...float, isLow: true }, null, catalogued('Tigo')).saldo_bajo).toBe(true)
  expect(floatBody({ ...float, isLow: true }, null, undefined).saldo_bajo).toBe(true)
})

const catalogued = (name: string) => {
  const operator = shops.of(merchant).find(name)
  if (operator === null) throw new Error(`${name} is not sold`)
  return operator
}

test('an operator says whether its packages can be bought, apart from its top-ups', () => {
  const paquetesAt = (name: string, state: CarrierStates | null) =>
    operatorBody(catalogued(name), 'BOB', state).paquetes
  expect(paquetesAt('Entel', aCarrierStates())).toBeNull()
  expect(paquetesAt('Tigo', aCarrierStates())).toEqual({
    proveedor: '3',
    disponible: true,
    motivo: null,
  })
  expect(paquetesAt('Tigo', null)).toMatchObject({
    disponible: true,
    motivo: expect.stringContaining('No se conoce'),
  })
  const state = aCarrierStates({
    bundles: { available: false, reason: 'the carrier does not answer', breaker: 'open' },
  })
  expect(operatorBody(catalogued('Tigo'), 'BOB', state)).toMatchObject({
    disponible: true,
    paquetes: {
      disponible: false,
      motivo: 'El proveedor de paquetes no responde en este momento.',
    },
  })
})

test('only the adapter’s own word blocks an operator, not its silence', () => {
  const state = aCarrierStates()
  const sold = { carrier: 'tpaga', slug: 'tigo' } as const
  expect(availabilityOf(state, sold)).toEqual({ disponible: true, motivo: null })
  expect(availabilityOf(null, sold).disponible).toBe(true)
  expect(availabilityOf(null, sold).motivo).not.toBeNull()
  expect(
    availabilityOf(
      aCarrierStates({
        breaker: 'open',
        available: false,
        reason: 'the carrier does not answer',
      }),
      sold,
    ),
  ).toMatchObject({ disponible: false, motivo: expect.stringContaining('no responde') })
})

test('an operator the carrier does not offer is not for sale, nor one the catalogue lost', () => {
  const state = aCarrierStates({ offered: ['tigo'] })
  const entel = { carrier: 'tpaga', slug: 'entel' } as const
  expect(availabilityOf(state, { ...entel, slug: 'tigo' })).toEqual({
    disponible: true,
    motivo: null,
  })
  expect(availabilityOf(state, entel)).toEqual({
    disponible: false,
    motivo: 'El proveedor no ofrece esta operadora.',
  })
  expect(availabilityOf(aCarrierStates({ offered: null }), entel).disponible).toBe(true)
  expect(availabilityOf(state, undefined).disponible).toBe(false)
  // A carrier that the adapter does not have.
  expect(availabilityOf({}, entel).disponible).toBe(false)
})
