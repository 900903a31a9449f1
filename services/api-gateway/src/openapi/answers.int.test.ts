import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  money,
  type CajaView,
  type CaseView,
  type FloatView,
  type InjectionView,
  type LedgerEvent,
  type MovementView,
  type ShiftReport,
} from '@recargas/contracts'
import type { SealedCommand } from '../operations/command.ts'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import {
  aBundle,
  aDecision,
  anOffer,
  appliedEvent,
  aQuote,
  aSession,
  aTopup,
  aTopupInReview,
  operationId,
  refusedEvent,
  settledEvent,
  tigo,
} from '../testing/samples.ts'
import { anEntry } from '../testing/statements.ts'
import { replyName } from '../testing/told.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())

const at = '2026-01-05T12:00:00.000Z'
const injection: InjectionView = {
  id: 4,
  operationId,
  currency: 'BOB',
  sessionId: 1,
  userId: '2',
  operator: tigo,
  amount: money(10_000),
  at,
}
const movement: MovementView = {
  id: 5,
  operationId,
  currency: 'BOB',
  sessionId: 1,
  userId: 'ana',
  direction: 'out',
  amount: money(500),
  reason: 'bolsas',
  at,
}
const caja: CajaView = {
  id: 3,
  currency: 'BOB',
  name: 'Caja 01',
  specialty: 'MIXTA',
  active: true,
  balance: 50_000,
  reserved: money(0),
  incoming: money(1_050),
  createdBy: '1',
  updatedBy: null,
  createdAt: at,
  updatedAt: at,
}
const float: FloatView = {
  id: 1,
  currency: 'BOB',
  operator: tigo,
  posted: 10_000,
  reserved: money(1_050),
  available: 8_950,
  spentLastHour: money(1_050),
  runwayMinutes: 511,
  isLow: false,
  createdAt: at,
  updatedAt: at,
}
const closed = aSession({
  state: 'closed',
  expected: 50_000,
  counted: money(49_900),
  difference: -100,
  closedAt: at,
  updatedBy: '2',
})
const booked = { operationId, at, amount: -100 }
const report: ShiftReport = {
  session: closed,
  totals: [
    { kind: 'sale', operator: tigo, count: 2, amount: 2_100 },
    { kind: 'cash-out', operator: null, count: 1, amount: -500 },
  ],
  pending: money(0),
  expected: 50_000,
  broughtForward: 50_000,
  atOpening: null,
  atClosing: booked,
}
const inReview = aTopupInReview({
  decision: aDecision(),
  timeline: [
    { at, step: 'requested', by: '2' },
    {
      at,
      step: 'attempt',
      attempt: { attempt: 1, lookup: true, startedAt: at, observed: 'timeout' },
    },
  ],
})
const sessionCase: CaseView = {
  id: 'c1',
  kind: 'carrier-balance-differs',
  currency: 'BOB',
  amount: null,
  topup: null,
  mismatch: { carrierAmount: -5, from: at, to: at, likely: [inReview] },
  openedAt: at,
}

/** What the ledger answers to each command. */
const ledger = (sealed: SealedCommand): LedgerEvent => {
  const { command } = sealed
  const now = Date.now()
  switch (command.type) {
    case 'RequestTopup.v1':
      return settledEvent(sealed, now)
    case 'RequestBundle.v1':
      return settledEvent(sealed, now, { bundle: aBundle })
    case 'InjectFloat.v1':
      return appliedEvent(sealed, now, { kind: 'injection', injection })
    case 'OpenSession.v1':
      return appliedEvent(sealed, now, { kind: 'session', session: aSession() })
    case 'CloseSession.v1':
      return appliedEvent(sealed, now, { kind: 'session', session: closed })
    case 'MoveDrawer.v1':
      return appliedEvent(sealed, now, { kind: 'movement', movement })
    case 'CreateCaja.v1':
    case 'ChangeCaja.v1':
      return appliedEvent(sealed, now, { kind: 'caja', caja })
    case 'ResolveTopup.v1':
      return appliedEvent(sealed, now, {
        kind: 'resolution',
        topupId: operationId,
        state: 'awaiting-second-person',
      })
    case 'RecordRefusal.v1':
      return refusedEvent(sealed, now, command.data.refusal)
  }
}

const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const { monto: _, ...number } = sale
const purchase = { ...number, codigo_paquete: '024' }
const decision = { resultado: 'RECHAZADA', evidencia: 'ticket 4711', nota: 'no la recibió' }

const plan = (): readonly (readonly [string, () => Promise<unknown>])[] => {
  const { plays, post, send } = edge
  const get = (path: string) => edge.get(path, asAdministrator)
  const as = <Key extends keyof typeof plays>(key: Key, value: (typeof plays)[Key]) => {
    plays[key] = value
    return Promise.resolve()
  }
  return [
    ['sold', () => post('/recargas/cliente', sale)],
    ['a package sold', () => post('/paquetes/compra', purchase)],
    ['injected', () => edge.post('/recargas/inyeccion', injectionBody, asAdministrator)],
    ['opened', () => post('/cajas/abrir', { id_caja: 3, id_usuario: 2 })],
    ['closed', () => send('PATCH', '/cajas/sesion/1/cerrar', { monto_final_real: 499 })],
    ['moved', () => post('/cajas/movimiento', movementBody)],
    ['registered', () => post('/cajas', cajaBody, asAdministrator)],
    ['changed', () => send('PATCH', '/cajas/3', { saldo: 5 }, asAdministrator)],
    ['retired', () => send('DELETE', '/cajas/3', undefined, asAdministrator)],
    ['floats', () => get('/recargas/operadoras/saldos')],
    ['operators', () => get('/operadoras')],
    ['cajas', () => get('/cajas')],
    ['a caja', () => get('/cajas/3')],
    ['a session', () => get('/cajas/sesion-activa/2')],
    ['its balance', () => get('/cajas/sesion/1/balance')],
    ['its report', () => get('/cajas/sesion/1/arqueo')],
    ['its statement', () => get('/cajas/sesion/1/extracto')],
    ['a float’s statement', () => get('/operadoras/Tigo/extracto')],
    ['its CSV', () => edge.get('/operadoras/Tigo/extracto', csv)],
    ['a session’s CSV', () => edge.get('/cajas/sesion/1/extracto', csv)],
    ['what was held', () => get('/operadoras/Tigo/extracto?en=2026-01-05')],
    ['providers', () => get('/paquetes/proveedores')],
    ['packages', () => get('/paquetes')],
    ['injections', () => get('/recargas/historial/inyecciones')],
    ['sales', () => get('/recargas/historial/clientes?limit=1')],
    ['discrepancies', () => get('/incidencias')],
    ['a sale', () => edge.get('/recargas/cliente/7')],
    ['a package', () => get('/paquetes/compra/7')],
    ['decided', () => post('/recargas/cliente/7/resolver', decision, asAdministrator)],
    ['held back', () => as('topup', inReview)],
    ['waiting', () => get('/recargas/revision')],
    ['proposed', () => post('/recargas/cliente/7/resolver', decision, asAdministrator)],
    ['silent', () => as('ledger', () => null)],
    ['a sale pending', () => post('/recargas/cliente', sale, { prefer: 'wait=0' })],
    ['a package held', () => as('topup', aTopup({ bundle: aBundle, state: 'reserved' }))],
    ['a package pending', () => post('/paquetes/compra', purchase, { prefer: 'wait=0' })],
  ]
}
const csv = { ...asAdministrator, accept: 'text/csv' }
const injectionBody = { operadora_destino: 'Tigo', monto: 100, id_caja_sesion: 1 }
const movementBody = { tipo: 'EGRESO', monto: 5, motivo: 'bolsas', id_sesion_caja: 1 }
const cajaBody = { nombre: 'Caja 01', especialidad: 'MIXTA', saldo: 500 }

test('every answer the contracts tell of is given, and with the body they tell', async () => {
  const aPage = () => ({ currency: 'BOB' as const, entries: [anEntry()], next: null })
  Object.assign(edge.plays, {
    ledger,
    topup: aTopup({ bundle: aBundle }),
    session: closed,
    floats: [float],
    caja: { caja, sessions: [closed] },
    injections: { items: [injection], sessions: [aSession()] },
    cases: [sessionCase],
    statements: [
      { ...aPage(), entries: [anEntry({ kind: 'late-sale', originSessionId: 9 })] },
      aPage(),
      aPage(),
      aPage(),
    ],
    balance: { currency: 'BOB', at, posted: 9, reserved: 0, incoming: 0 },
    report,
    providers: {
      ageSeconds: 0,
      stale: false,
      providers: [{ provider: '3', name: 'Tigo', logoUrl: null, enabled: true }],
    },
    page: { ageSeconds: 0, stale: false, offers: [anOffer()], total: 1 },
    quote: aQuote(),
  })
  for (const [, ask] of plan()) await ask()
  const told = edge.routes.flatMap((route) =>
    route.contract.replies.map((reply) => replyName(route, reply)),
  )
  expect([...edge.told].sort()).toEqual([...new Set(told)].sort())
})
