import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { LedgerEvent } from '@recargas/contracts'
import type { SerializedCommand } from '../commands/serialize-command.ts'
import { asAdministrator, asOperation, startEdge } from '../testing/edge.ts'
import { appliedEvent, refusedEvent, settledEvent } from '../testing/samples.ts'
import { answerExamples } from './answer-examples.ts'
import { offer, provider } from './examples/bundles.ts'
import * as day from './examples/day.ts'
import * as sales from './examples/day-sales.ts'
import * as operation from './examples/operation.ts'
import * as statements from './examples/day-statements.ts'
import { carrierStates } from './examples/operators.ts'
import { replyName } from './operation.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())

/** Ids that the gateway made for this run, by the example's own. */
const idOfExample = new Map<string, string>()

/** The ledger's answer to each command. */
const ledger = (serialized: SerializedCommand): LedgerEvent => {
  const { command, operationId } = serialized
  const now = Date.now()
  const sold = ({ topupId, ...view }: typeof sales.topup): LedgerEvent => {
    idOfExample.set(operationId, topupId)
    return settledEvent(serialized, now, view)
  }
  switch (command.type) {
    case 'RequestTopup.v1':
      return sold(sales.topup)
    case 'RequestBundle.v1':
      return sold(sales.bundleSale)
    case 'InjectFloat.v1':
      return appliedEvent(serialized, now, { kind: 'injection', injection: day.injection })
    case 'OpenSession.v1':
      return appliedEvent(serialized, now, { kind: 'session', session: day.openedSession })
    case 'CloseSession.v1':
      return appliedEvent(serialized, now, { kind: 'session', session: day.closedSession })
    case 'HandOverSession.v1':
      return appliedEvent(serialized, now, {
        kind: 'sessions',
        closed: day.closedSession,
        opened: day.handedOverSession,
      })
    case 'CorrectCount.v1':
      return appliedEvent(serialized, now, { kind: 'session', session: day.correctedSession })
    case 'MoveDrawer.v1':
      return appliedEvent(serialized, now, { kind: 'movement', movement: day.movement })
    case 'CreateCaja.v1':
      return appliedEvent(serialized, now, { kind: 'caja', caja: day.registeredCaja })
    case 'ChangeCaja.v1':
      return appliedEvent(serialized, now, { kind: 'caja', caja: day.changedCaja })
    case 'RecordRecharge.v1':
      return appliedEvent(serialized, now, day.recharge)
    case 'ResolveTopup.v1':
      return appliedEvent(serialized, now, {
        kind: 'resolution',
        topupId: sales.topupInReview.topupId,
        state: command.data.confirmation === true ? 'closing' : 'awaiting-second-person',
      })
    case 'RecordRefusal.v1':
      return refusedEvent(serialized, now, command.data.refusal)
  }
}

const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const slowSale = { ...sale, numero_cliente: '76543210', monto: 20 }
const purchase = {
  operadora: 'Tigo',
  numero_cliente: '71234567',
  codigo_paquete: '024',
  id_caja_sesion: 1,
}
const decision = {
  resultado: 'AUTORIZADA',
  evidencia: 'ticket 4711',
  nota: 'confirmado por teléfono',
}
const confirmation = { resultado: 'AUTORIZADA', codigo: '0041873' }
const injectionBody = { operadora_destino: 'Tigo', monto: 400, id_caja_sesion: 1 }
const movementBody = { tipo: 'EGRESO', monto: 5, motivo: 'bolsas', id_sesion_caja: 1 }
const handOverRequest = { monto_final_real: 224, id_usuario_siguiente: 3 }
const correctionBody = { monto_final_real: 224.5, motivo: 'una moneda quedó bajo la bandeja' }
const note = { nota: 'La recarga 3 quedó autorizada.' }
const rechargeRequest = { unidades_proveedor: 500_000, nota: 'transferencia 4711' }
const cajaBody = { nombre: 'Caja 01', especialidad: 'SOLO_VENTAS', saldo: 500 }
const csv = { ...asAdministrator, accept: 'text/csv' }
const noWait = { prefer: 'wait=0' }

/** From now on what happens in the shop is kept. */
const aReader: Parameters<typeof edge.notifications.open>[0] = {
  principal: {
    merchant: sales.topup.merchant,
    userId: '1',
    username: '',
    role: 'Administrador',
    scopes: [],
  },
  sink: {
    write: () => undefined,
    backlogBytes: () => 0,
    end: () => undefined,
    cut: () => undefined,
  },
  lastId: undefined,
  isTokenGood: () => true,
}

const listenOnce = (): Promise<void> => {
  const leave = edge.notifications.open(aReader)
  leave()
  return Promise.resolve()
}

/** The shop's day, request by request. */
const plan = (): readonly (readonly [string, () => Promise<unknown>])[] => {
  const { fakes, post, send } = edge
  const get = (path: string) => edge.get(path, asAdministrator)
  const as = <Key extends keyof typeof fakes>(key: Key, value: (typeof fakes)[Key]) => {
    fakes[key] = value
    return Promise.resolve()
  }
  const resolve = () => post('/recargas/cliente/3/resolver', decision, asAdministrator)
  return [
    ['listened to', listenOnce],
    ['registered', () => post('/cajas', cajaBody, asAdministrator)],
    ['changed', () => send('PATCH', '/cajas/1', { especialidad: 'MIXTA' }, asAdministrator)],
    ['opened', () => post('/cajas/abrir', { id_caja: 1, id_usuario: 2 })],
    ['injected', () => edge.post('/recargas/inyeccion', injectionBody, asAdministrator)],
    ['recharged', () => post('/recargas/proveedor', rechargeRequest, asAdministrator)],
    ['sold', () => post('/recargas/cliente', sale)],
    ['told', () => edge.get('/eventos', { ...asAdministrator, 'last-event-id': '6f1f3c1a-5' })],
    ['a package sold', () => post('/paquetes/compra', purchase)],
    ['moved', () => post('/cajas/movimiento', movementBody)],
    ['floats', () => get('/recargas/operadoras/saldos')],
    ['operators', () => get('/operadoras')],
    ['the shop', () => get('/comercio')],
    ['cajas', () => get('/cajas')],
    ['a session', () => get('/cajas/sesion-activa/2')],
    ['its balance', () => get('/cajas/sesion/1/balance')],
    ['providers', () => get('/paquetes/proveedores')],
    ['packages', () => get('/paquetes')],
    ['injections', () => get('/recargas/historial/inyecciones')],
    ['sales', () => get('/recargas/historial/clientes?limit=1')],
    ['sales as CSV', () => edge.get('/recargas/historial/clientes?fecha=2026-01-05', csv)],
    ['discrepancies', () => get('/incidencias')],
    ['explained', () => post(`/incidencias/${sales.carrierCase.id}/cerrar`, note, asAdministrator)],
    ['a sale', () => edge.get('/recargas/cliente/1')],
    ['its receipt', () => get('/recargas/cliente/1/comprobante')],
    ['as a page', () => get('/recargas/cliente/1/comprobante?formato=html')],
    ['for a printer', () => get('/recargas/cliente/1/comprobante?formato=escpos&ancho=58')],
    ['as a package', () => as('topup', sales.bundleSaleWithHistory)],
    ['a package', () => get('/paquetes/compra/2')],
    ['decided once', () => as('topup', sales.topupDecidedOnce)],
    ['waiting', () => get('/recargas/revision')],
    ['proposed', resolve],
    ['decided twice', () => as('topup', sales.topupDecided)],
    ['decided', resolve],
    ['closed', () => send('PATCH', '/cajas/sesion/1/cerrar', { monto_final_real: 224 })],
    ['handed over', () => post('/cajas/sesion/1/entregar', handOverRequest)],
    ['corrected', () => post('/cajas/sesion/1/corregir', correctionBody, asAdministrator)],
    ['at night', () => as('caja', { caja: day.cajaAtNight, sessions: [day.closedSession] })],
    ['a caja', () => get('/cajas/1')],
    ['its report', () => get('/cajas/sesion/1/arqueo')],
    ['its report as CSV', () => edge.get('/cajas/sesion/1/arqueo', csv)],
    ['a statement', () => as('statements', [statements.sessionStatement])],
    ['of the session', () => get('/cajas/sesion/1/extracto')],
    ['its CSV', () => as('statements', [statements.sessionStatement])],
    ['of the session as CSV', () => edge.get('/cajas/sesion/1/extracto', csv)],
    ['the float’s', () => as('statements', [statements.floatStatement])],
    ['of the float', () => get('/operadoras/Tigo/extracto')],
    ['the float’s CSV', () => as('statements', [statements.floatStatement])],
    ['of the float as CSV', () => edge.get('/operadoras/Tigo/extracto', csv)],
    ['added up', () => as('day', statements.dayReport)],
    ['the day', () => get('/dias/2026-01-05')],
    ['closing', () => as('dayClosing', statements.dayClosing)],
    ['closed for the day', () => post('/cierres', { fecha: '2026-01-05' }, asAdministrator)],
    ['its closing', () => get('/cierres/12')],
    ['closings', () => get('/cierres')],
    ['what was held', () => get('/operadoras/Tigo/extracto?en=2026-01-05')],
    ['left to a person', () => as('topup', sales.pendingTopup)],
    ['confirmed', () => post('/recargas/cliente/3/confirmar', confirmation, noWait)],
    ['and settled', () => as('topup', sales.topup)],
    ['confirmed again', () => post('/recargas/cliente/1/confirmar', confirmation)],
    ['looked after', () => edge.get('/operacion', asOperation)],
    ['sent again', () => post('/operacion/cuarentena/reenviar', operation.groupSeen, asOperation)],
    ['given up', () => post('/operacion/cuarentena/descartar', operation.groupSeen, asOperation)],
    ['retired', () => send('DELETE', '/cajas/1', undefined, asAdministrator)],
    ['silent', () => as('ledger', () => null)],
    ['a sale held', () => as('topup', sales.pendingTopup)],
    ['a sale pending', () => post('/recargas/cliente', slowSale, noWait)],
    ['a package held', () => as('topup', sales.pendingBundleSale)],
    ['a package pending', () => post('/paquetes/compra', purchase, noWait)],
  ]
}

const anId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const exampleOf = (name: string, text: string): unknown => {
  const known = text.replaceAll(anId, (id) => idOfExample.get(id) ?? id)
  return name.endsWith('json') ? JSON.parse(known) : known
}

test('every answer of the contracts is given as declared, and as the document’s example shows', async () => {
  Object.assign(edge.fakes, {
    ledger,
    carriers: carrierStates,
    installation: operation.installation,
    settled: operation.settled,
    topup: sales.topup,
    sessionsOfSales: [day.sessionAtNoon],
    session: day.sessionAtNoon,
    floats: [day.floatAtNoon],
    caja: { caja: day.cajaAtNoon, sessions: [day.sessionAtNoon] },
    injections: { items: [day.injection], sessions: [day.sessionAtNoon] },
    cases: [sales.carrierCase],
    balance: {
      currency: 'BOB',
      at: day.on('04:00:00.000'),
      posted: 0,
      reserved: 0,
      incoming: 0,
    },
    report: statements.report,
    providers: { ageSeconds: 12, stale: false, providers: [provider] },
    page: { ageSeconds: 12, stale: false, offers: [offer], total: 1 },
    quote: { offer, enabled: true, ageSeconds: 12, stale: false },
  })
  for (const [, ask] of plan()) await ask()
  const documented = edge.routes.flatMap((route) =>
    route.contract.replies.map((reply) => replyName(route, reply)),
  )
  expect([...edge.documented.keys()].sort()).toEqual([...new Set(documented)].sort())
  const given = [...edge.documented].filter(
    ([name, text]) => text !== '' && !name.endsWith('octet-stream'),
  )
  expect(answerExamples).toEqual(
    Object.fromEntries(given.map(([name, text]) => [name, exampleOf(name, text)])),
  )
})
