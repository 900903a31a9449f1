import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createPos, tokenFor, type Answer } from '../till/pos.ts'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

type MerchantFile = { readonly operators: readonly { readonly nombre: string }[] }
const shipped = JSON.parse(
  readFileSync(new URL('../../../catalogue.json', import.meta.url), 'utf8'),
) as { readonly merchants: { readonly principal: MerchantFile } }
/** A shop that sells Tigo on Tigo's own phone. */
const onThePhone = (confirmation: object) => {
  const { principal } = shipped.merchants
  const byPhone = { carrier: 'manual', proveedor_paquetes: undefined, ...confirmation }
  return { ...principal, operators: principal.operators.map((row) => ({ ...row, ...byPhone })) }
}
const folder = mkdtempSync(join(tmpdir(), 'recargas-review-'))
const cataloguePath = join(folder, 'catalogue.json')

let stack: TestStack
let shop: Shop
beforeAll(async () => {
  const merchants = {
    ...shipped.merchants,
    telefono: onThePhone({}),
    kiosco: onThePhone({ confirmacion: 'inmediata' }),
  }
  writeFileSync(cataloguePath, JSON.stringify({ merchants }))
  stack = await openTestStack('review', {
    env: {
      adapter: {
        MANUAL_REVIEW_SECONDS: '10',
        TOPUP_REPEAT_SECONDS: '0.5,1.5',
        TPAGA_CALL_TIMEOUT_MS: '2000',
        TPAGA_CONNECT_TIMEOUT_MS: '2000',
        // Sales that fail on purpose must not stop the next test's.
        BREAKER_VOLUME: '1000',
      },
      gateway: { RESOLVE_FOUR_EYES: 'false', CATALOGUE_PATH: cataloguePath },
    },
  })
}, 60_000)
beforeEach(async () => {
  shop = await openShop(stack.gateway)
})
afterAll(async () => {
  const proof = await stack.close()
  rmSync(folder, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 60_000)

/** A number the carrier debits at once and never answers for: the repeat of the token finds it sold. */
const soldInSilence = '3119000001'

const pendingSale = async (number: string) => {
  const pending = await shop.sell(number, 5, {
    prefer: 'wait=0',
    'x-confirmar-duplicado': 'true',
  })
  expect(pending.status).toBe(202)
  return `/recargas/cliente/${String(pending.body['id_transaccion'])}`
}
const untilState = (path: string, state: string, pos = shop.administrator): Promise<Answer> =>
  eventually(
    () => pos.get(path),
    ({ body }) => body['estado'] === state,
  )
const inReview = async () => {
  const path = await pendingSale('3110002222')
  await untilState(path, 'EN_REVISION')
  return path
}
const resolve = (path: string, resultado: string, pos = shop.administrator) =>
  pos.post(`${path}/resolver`, { resultado, evidencia: 'ticket 4711', nota: 'por teléfono' })

describe('a sale whose answer never came', () => {
  it('is asked about with the same token and found sold, debited once', async () => {
    const path = await pendingSale(soldInSilence)
    const sold = await untilState(path, 'AUTORIZADA')
    expect(await stack.carrierCalls(String(sold.body['id_transaccion']))).toBe(2)
    expect(await shop.drawer()).toBe('405.00')
  })

  it('goes in review when the schedule is over, with everything that was tried', async () => {
    const path = await inReview()
    const { list } = await shop.administrator.get('/recargas/revision')
    const { body } = await shop.administrator.get(path)
    expect(list.map(({ id }) => id)).toContain(body['id'])
    const tried = await stack.carrierCalls(String(body['id_transaccion']))
    expect(tried).toBeGreaterThanOrEqual(2)
    expect(body['intentos']).toHaveLength(tried)
    expect((await shop.cashier.get('/recargas/revision')).status).toBe(403)
  })
})

describe('a person', () => {
  it('a rejection gives float and cash back', async () => {
    const before = await shop.float()
    const path = await inReview()
    const resolved = await resolve(path, 'RECHAZADA')
    expect([resolved.status, resolved.body['estado']]).toEqual([200, 'RECHAZADA'])
    expect((await shop.float()).available).toBe(before.available)
    expect(await shop.drawer()).toBe('400.00')
    expect((await resolve(path, 'AUTORIZADA')).body['code']).toBe('TOPUP_NOT_IN_REVIEW')
  })

  it('an authorization takes the cash and the float', async () => {
    const path = await inReview()
    const resolved = await resolve(path, 'AUTORIZADA')
    expect([resolved.status, resolved.body['estado']]).toEqual([200, 'AUTORIZADA'])
    expect(await shop.drawer()).toBe('405.00')
    const { body } = await shop.administrator.get(path)
    expect(JSON.stringify(body)).toContain('ticket 4711')
  })

  it('needs an Administrador of this shop, and a reason', async () => {
    const path = await inReview()
    expect((await resolve(path, 'RECHAZADA', shop.cashier)).status).toBe(403)
    const stranger = createPos(
      stack.gateway.url,
      tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador', merchant: 'bogota' }),
    )
    expect((await resolve(path, 'RECHAZADA', stranger)).status).toBe(404)
    const silent = await shop.administrator.post(`${path}/resolver`, { resultado: 'RECHAZADA' })
    expect(silent.status).toBe(400)
    expect((await shop.administrator.get(path)).body['estado']).toBe('EN_REVISION')
  })
})

describe('a sale that a person carries out on a phone', () => {
  const code = { resultado: 'AUTORIZADA', codigo: '0041873' }
  let dealer: Shop
  beforeEach(async () => {
    dealer = await openShop(stack.gateway, { merchant: 'telefono' })
  })
  const reserved = async () => {
    const pending = await dealer.sell(newNumber(), 5)
    expect([pending.status, pending.body['estado']]).toEqual([202, 'PENDIENTE'])
    return `/recargas/cliente/${String(pending.body['id'])}`
  }
  const codeOf = ({ status, body }: Answer) => [status, body['code']]

  it('is held until its cashier confirms it by the code, once and for all', async () => {
    const path = await reserved()
    expect(await dealer.drawer()).toBe('400.00')
    const confirmed = await dealer.cashier.post(`${path}/confirmar`, code)
    expect([confirmed.status, confirmed.body['estado']]).toEqual([200, 'AUTORIZADA'])
    expect(await dealer.drawer()).toBe('405.00')
    expect((await dealer.cashier.post(`${path}/confirmar`, code)).status).toBe(200)
    const another = { ...code, codigo: '0041874' }
    expect(codeOf(await dealer.cashier.post(`${path}/confirmar`, another))).toEqual([
      409,
      'TOPUP_NOT_CONFIRMABLE',
    ])
    expect(await dealer.drawer()).toBe('405.00')
  })

  it('is confirmed by its own cashier only, with a code, and denied by an Administrador only', async () => {
    const neighbour = await openShop(stack.gateway, { merchant: 'telefono' })
    const path = await reserved()
    const no = { resultado: 'RECHAZADA' }
    expect(codeOf(await neighbour.cashier.post(`${path}/confirmar`, code))).toEqual([
      403,
      'SESSION_OF_ANOTHER',
    ])
    const silent = { resultado: 'AUTORIZADA' }
    expect((await dealer.cashier.post(`${path}/confirmar`, silent)).status).toBe(400)
    expect(codeOf(await dealer.cashier.post(`${path}/confirmar`, no))).toEqual([403, 'FORBIDDEN'])
    expect((await dealer.cashier.get(path)).body['estado']).toBe('PENDIENTE')
    const denied = await dealer.administrator.post(`${path}/confirmar`, no)
    expect([denied.status, denied.body['codigo']]).toEqual([200, 'CARRIER_REJECTED'])
    expect(await dealer.drawer()).toBe('400.00')
  })

  it('that nobody confirms goes in review, and is an Administrador’s from there on', async () => {
    const path = await reserved()
    await untilState(path, 'EN_REVISION', dealer.administrator)
    expect(codeOf(await dealer.cashier.post(`${path}/confirmar`, code))).toEqual([
      409,
      'TOPUP_NOT_CONFIRMABLE',
    ])
    expect((await resolve(path, 'AUTORIZADA', dealer.administrator)).body['estado']).toBe(
      'AUTORIZADA',
    )
  }, 60_000)

  it('counts at once where the catalogue says so; one of a network carrier is never confirmed', async () => {
    const kiosk = await openShop(stack.gateway, { merchant: 'kiosco' })
    const sold = await kiosk.sell(newNumber(), 5)
    expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
    expect(await kiosk.drawer()).toBe('405.00')
    const pending = await pendingSale('3110002222')
    expect(codeOf(await shop.cashier.post(`${pending}/confirmar`, code))).toEqual([
      409,
      'TOPUP_NOT_CONFIRMABLE',
    ])
  })
})

describe('a sale that stays undecided over two shifts', () => {
  const count = (sessionId: number, counted: number, extra: object = {}) =>
    shop.administrator.patch(`/cajas/sesion/${sessionId}/cerrar`, {
      monto_final_real: counted,
      ...extra,
    })
  const open = async (extra: object = {}) => {
    const user = 900
    const opened = await shop.administrator.post('/cajas/abrir', {
      id_caja: shop.cajaId,
      id_usuario: user,
      ...extra,
    })
    expect(opened.status).toBe(201)
    return opened.body
  }
  const figures = (esperado: number, own: number, earlier: number, contado: number) => ({
    esperado,
    pendiente_sesion: own,
    pendiente_anteriores: earlier,
    contado,
    diferencia: 0,
  })

  it.each([
    ['AUTORIZADA', 405],
    ['RECHAZADA', 400],
  ])('makes no exact count over or short: %s', async (resultado, cash) => {
    const path = await inReview()
    const first = await count(shop.sessionId, 405)
    expect([first.status, first.body['code']]).toEqual([409, 'SESSION_HAS_PENDING'])
    const closed = await count(shop.sessionId, 405, { aceptar_pendientes: true })
    expect(closed.body['cuadre']).toEqual(figures(400, 5, 0, 405))
    const second = await open({ conteo_inicial: 405 })
    expect(second).toMatchObject({
      conteo_inicial: 405,
      diferencia_apertura: 0,
      monto_inicial: 400,
      pendiente_anteriores: 5,
    })
    const exact = await count(Number(second['id']), 405)
    expect([exact.status, exact.body['cuadre']]).toEqual([200, figures(400, 0, 5, 405)])
    const retired = await shop.administrator.delete(`/cajas/${shop.cajaId}`)
    expect([retired.status, retired.body['code']]).toEqual([409, 'CAJA_NOT_EMPTY'])
    expect(retired.body).toMatchObject({ saldo: 400, pendiente: 5 })

    // Between two sessions: the next one's opening answers for it.
    expect((await resolve(path, resultado)).body['estado']).toBe(resultado)
    const third = Number((await open())['id'])
    const { body: arqueo } = await shop.administrator.get(`/cajas/sesion/${third}/arqueo`)
    expect(arqueo['detalle_apertura']).toMatchObject({
      saldo_anterior: 400,
      ventas_entre_sesiones: cash - 400,
    })
    const { body: extracto } = await shop.administrator.get(`/cajas/sesion/${third}/extracto`)
    expect(extracto['movimientos']).toMatchObject([
      { id_sesion_origen: shop.sessionId, saldo: `${cash}.00`, pendiente: '0.00' },
    ])
    const last = await count(third, cash)
    expect(last.body['cuadre']).toEqual(figures(cash, 0, 0, cash))
  })

  it('is an income of the next session, or cash handed back in it', async () => {
    const paths = [await inReview(), await inReview()] as const
    await count(shop.sessionId, 410, { aceptar_pendientes: true })
    const session = Number((await open())['id'])
    await resolve(paths[0], 'AUTORIZADA')
    await resolve(paths[1], 'RECHAZADA')
    const { body: extracto } = await shop.administrator.get(`/cajas/sesion/${session}/extracto`)
    expect(extracto['movimientos']).toMatchObject([
      { tipo: 'INGRESO', entrada: '5.00', saldo: '405.00', id_sesion_origen: shop.sessionId },
      { tipo: 'LIBERACION', entrada: '0.00', saldo: '405.00', pendiente: '0.00' },
    ])
    expect((await count(session, 405)).body['cuadre']).toEqual(figures(405, 0, 0, 405))
    const short = await open({ conteo_inicial: 385 })
    expect(short).toMatchObject({ monto_inicial: 385, diferencia_apertura: -20 })
    const closed = await count(Number(short['id']), 385)
    expect(closed.body).toMatchObject({ diferencia: 0, diferencia_apertura: -20 })
  }, 60_000)
})

describe('a closing count that was mistyped', () => {
  const correct = (pos: typeof shop.cashier, sessionId: number, counted: number) =>
    pos.post(`/cajas/sesion/${sessionId}/corregir`, {
      monto_final_real: counted,
      motivo: 'un cero de más',
    })

  it('is corrected by an Administrador until the caja is closed again', async () => {
    const { sessionId } = shop
    const close = (id: number, counted: number) =>
      shop.administrator.patch(`/cajas/sesion/${id}/cerrar`, { monto_final_real: counted })
    expect((await close(sessionId, 4_000)).body).toMatchObject({ diferencia: 3_600 })
    const opened = await shop.administrator.post('/cajas/abrir', {
      id_caja: shop.cajaId,
      id_usuario: 901,
    })
    const next = Number(opened.body['id'])
    expect((await correct(shop.cashier, sessionId, 400)).status).toBe(403)
    expect((await correct(shop.administrator, next, 400)).body['code']).toBe('SESSION_NOT_CLOSED')

    const corrected = await correct(shop.administrator, sessionId, 400)
    const correction = { conteo_anterior: 4_000, conteo_corregido: 400, diferencia: -3_600 }
    expect(corrected).toMatchObject({
      status: 200,
      body: { monto_final_real: 4_000, diferencia: 3_600, correcciones: [correction] },
    })
    const { body: arqueo } = await shop.administrator.get(`/cajas/sesion/${sessionId}/arqueo`)
    expect(arqueo).toMatchObject({ contado: '4000.00', sesion: { correcciones: [correction] } })
    const { body: extracto } = await shop.administrator.get(`/cajas/sesion/${next}/extracto`)
    expect(extracto['movimientos']).toMatchObject([
      { tipo: 'CORRECCION', salida: '3600.00', saldo: '400.00' },
    ])
    expect((await close(next, 400)).body).toMatchObject({ diferencia: 0 })
    const late = await correct(shop.administrator, sessionId, 401)
    expect([late.status, late.body['code']]).toEqual([409, 'CAJA_CLOSED_SINCE'])
  })
})
