import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { shopDayOf } from '@recargas/contracts'
import { readLogLines } from '@recargas/stack/logs/lines'
import { createPos, tokenFor } from '../till/pos.ts'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { startOtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

type CatalogueFile = {
  readonly merchants: { readonly principal?: MerchantFile; readonly [other: string]: unknown }
}
type MerchantFile = {
  readonly currency: string
  readonly operators: readonly { readonly nombre: string; readonly maximo: number }[]
}
const shipped = JSON.parse(
  readFileSync(new URL('../../../catalogue.json', import.meta.url), 'utf8'),
) as CatalogueFile
/** The default merchant is a third shop: a gateway does not start without it, and `principal` leaves the catalogue. */
const defaultMerchant = 'otra'
const catalogue: CatalogueFile = {
  ...shipped,
  merchants: { ...shipped.merchants, [defaultMerchant]: shipped.merchants.principal },
}
const folder = mkdtempSync(join(tmpdir(), 'recargas-catalogue-'))
const cataloguePath = join(folder, 'catalogue.json')
/** The file as a shop edits it, for a gateway that starts anew. */
const sellBy = async (merchants: object): Promise<void> => {
  writeFileSync(cataloguePath, JSON.stringify({ ...catalogue, merchants }))
  await stack.processes.gateway.stop()
  await stack.processes.gateway.start()
  await stack.processes.gateway.waitReady()
}

let stack: TestStack
let shop: Shop
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>
beforeAll(async () => {
  writeFileSync(cataloguePath, JSON.stringify(catalogue))
  collector = await startOtlpReceiver()
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }
  const gateway = { ...traced, CATALOGUE_PATH: cataloguePath, DEFAULT_MERCHANT: defaultMerchant }
  stack = await openTestStack('sale', { env: { gateway, ledger: traced, adapter: traced } })
}, 60_000)
beforeEach(async () => {
  shop = await openShop(stack.gateway, { merchant: 'principal' })
})
afterAll(async () => {
  const proof = await stack.close()
  rmSync(folder, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
}, 60_000)

describe('a sale', () => {
  it('that the carrier authorizes is answered 201, and saldos, drawer and history show it', async () => {
    const before = await shop.float()
    const sold = await shop.sell(newNumber(), 10.5)
    expect(sold.status).toBe(201)
    expect(sold.body).toMatchObject({
      operadora: 'Tigo',
      monto: 10.5,
      id_caja_sesion: shop.sessionId,
      estado: 'AUTORIZADA',
      id_transaccion: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const after = await shop.float()
    expect(Number(before.available) - Number(after.available)).toBeCloseTo(10.5)
    expect(after.reserved).toBe('0.00')
    expect(await shop.drawer()).toBe('410.50')
    const history = await shop.cashier.get(
      `/recargas/historial/clientes?limit=1&id_caja_sesion=${shop.sessionId}`,
    )
    expect(history.list[0]).toMatchObject({ id: sold.body['id'], monto: '10.50' })
    const day = shopDayOf(Date.parse(String(sold.body['fecha_hora'])), 'America/La_Paz')
    for (const [period, isListed] of [
      [`fecha=${day}`, true],
      [`desde=${day}&hasta=${day}`, true],
      [`desde=${String(sold.body['fecha_hora'])}&hasta=9999-12-31`, true],
      [`hasta=${String(sold.body['fecha_hora'])}`, false],
    ] as const) {
      const { list } = await shop.cashier.get(`/recargas/historial/clientes?${period}`)
      expect([period, list.some(({ id }) => id === sold.body['id'])]).toEqual([period, isListed])
    }
    const found = await shop.cashier.get(`/recargas/cliente/${String(sold.body['id'])}`)
    expect(found.body).toMatchObject({ estado: 'AUTORIZADA' })
    expect(await stack.carrierCalls(String(sold.body['id_transaccion']))).toBe(1)
  })

  it('is told live by its ids, is found by its number and has a receipt, while it is unclear and once it is sold', async () => {
    const listening = new AbortController()
    const read = (path: string) =>
      fetch(`${stack.gateway.url()}${path}`, {
        headers: { authorization: `Bearer ${shop.token}` },
        signal: listening.signal,
      })
    const { body } = await read('/eventos')
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    let told = ''
    const hears = async (text: string) => {
      while (!told.includes(text)) {
        const part = await reader?.read()
        if (part?.done !== false) throw new Error(`the stream ended before ${text}:\n${told}`)
        told += part.value
      }
    }
    await hears('event: releer')
    const number = newNumber()
    const sold = await shop.sell(number, 10.5)
    await hears(`"id_transaccion":"${String(sold.body['id_transaccion'])}","estado":"AUTORIZADA"`)
    const pending = await shop.sell('3110004444', 3, { prefer: 'wait=1' })
    await hears(`"id_transaccion":"${String(pending.body['id_transaccion'])}","estado":"PENDIENTE"`)
    const { list } = await shop.cashier.get(`/recargas/historial/clientes?numero=${number}`)
    expect(list.map(({ id }) => id)).toEqual([sold.body['id']])
    const receiptOf = async (sale: typeof sold) =>
      (await read(`/recargas/cliente/${String(sale.body['id'])}/comprobante`)).text()
    expect(await receiptOf(sold)).toContain('Bs. 10.50')
    expect(await receiptOf(pending)).toContain('P E N D I E N T E')
    listening.abort()
  })

  it('that the carrier rejects gives the float back', async () => {
    const before = await shop.float()
    const refused = await shop.sell('3110005555', 5)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'CARRIER_REJECTED', statusCode: 422 })
    expect(await shop.float()).toEqual(before)
    expect(await shop.drawer()).toBe('400.00')
  })

  it('that the carrier leaves open is answered 202 and stays reserved', async () => {
    const before = await shop.float()
    const pending = await shop.sell('3110002222', 7, { prefer: 'wait=1' })
    expect(pending.status).toBe(202)
    expect(pending.body).toMatchObject({ estado: 'PENDIENTE' })
    const location = pending.headers.get('location') ?? ''
    expect((await shop.cashier.get(location)).body).toMatchObject({ estado: 'PENDIENTE' })
    const after = await shop.float()
    expect(Number(before.available) - Number(after.available)).toBeCloseTo(7)
    expect(Number(after.reserved) - Number(before.reserved)).toBeCloseTo(7)
    expect(await shop.drawer()).toBe('400.00')
  })

  it('beyond the float is refused and reserves nothing', async () => {
    const available = Number((await shop.float()).available)
    await shop.administrator.post('/recargas/inyeccion', {
      operadora_destino: 'Viva',
      monto: 1,
      id_caja_sesion: shop.sessionId,
    })
    const sold = await shop.cashier.post('/recargas/cliente', {
      operadora: 'Viva',
      numero_cliente: newNumber(),
      monto: 900,
      id_caja_sesion: shop.sessionId,
    })
    expect(sold.status).toBe(400)
    expect(sold.body).toMatchObject({ code: 'INSUFFICIENT_FLOAT' })
    expect(String(sold.body['message'])).toContain('Saldo insuficiente para la operadora Viva')
    expect(Number((await shop.float()).available)).toBe(available)
  })

  it('in a session that is unknown, closed or another’s is refused', async () => {
    const other = await openShop(stack.gateway)
    const sellIn = (session: number) =>
      shop.cashier.post('/recargas/cliente', {
        operadora: 'Tigo',
        numero_cliente: newNumber(),
        monto: 1,
        id_caja_sesion: session,
      })
    expect((await sellIn(999_999)).status).toBe(400)
    const foreign = await sellIn(other.sessionId)
    expect([foreign.status, foreign.body['code']]).toEqual([403, 'SESSION_OF_ANOTHER'])
    const closed = await shop.cashier.patch(`/cajas/sesion/${shop.sessionId}/cerrar`, {
      monto_final_real: 400,
    })
    expect(closed.body).toMatchObject({ estado_sesion: 'CERRADA', diferencia: 0 })
    const late = await sellIn(shop.sessionId)
    expect([late.status, late.body['message']]).toEqual([
      400,
      'La sesión de caja no existe o no está ABIERTA.',
    ])
  })

  it('pressed twice within the guard’s time is suspected, and sold again only when confirmed', async () => {
    const number = newNumber()
    expect((await shop.sell(number, 2)).status).toBe(201)
    const again = await shop.sell(number, 2)
    expect([again.status, again.body['code']]).toEqual([409, 'DUPLICATE_SUSPECTED'])
    expect((await shop.sell(number, 2, { 'x-confirmar-duplicado': 'true' })).status).toBe(201)
  })
})

describe('an Idempotency-Key', () => {
  it('sent twice sells once and gets the same answer', async () => {
    const [number, key] = [newNumber(), { 'idempotency-key': `twice-${newNumber()}` }]
    const first = await shop.sell(number, 3, key)
    const second = await shop.sell(number, 3, key)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body['id_transaccion']).toBe(first.body['id_transaccion'])
    expect(await shop.drawer()).toBe('403.00')
  })

  it('sent by twenty at once sells once', async () => {
    const [number, key] = [newNumber(), { 'idempotency-key': `parallel-${newNumber()}` }]
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.sell(number, 3, key)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => body['id_transaccion'])).size).toBe(1)
    expect(await shop.drawer()).toBe('403.00')
    expect(await stack.carrierCalls(String(answers[0]?.body['id_transaccion']))).toBe(1)
  })

  it('sent with another body is refused, and the first sale stands', async () => {
    const [number, key] = [newNumber(), { 'idempotency-key': `other-${newNumber()}` }]
    const first = await shop.sell(number, 3, key)
    const other = await shop.sell(number, 4, key)
    expect([first.status, other.status, other.body['code']]).toEqual([
      201,
      422,
      'IDEMPOTENCY_KEY_REUSED',
    ])
    expect(await shop.drawer()).toBe('403.00')
  })
})

describe('a key, after the catalogue has changed', () => {
  const key = (name: string) => ({ 'idempotency-key': `${name}-${newNumber()}` })
  const { principal, ...others } = catalogue.merchants
  const operators = principal?.operators ?? []

  it('answers its earlier sale, purchase or refusal, and refuses any new one for good', async () => {
    const [number, sold, bundled, injected, refused, gone] = [
      newNumber(),
      key('sold'),
      key('bundled'),
      key('injected'),
      key('refused'),
      key('gone'),
    ]
    const sale = {
      operadora: 'Tigo',
      numero_cliente: number,
      monto: 15,
      id_caja_sesion: shop.sessionId,
    }
    const { monto: _, ...purchase } = {
      ...sale,
      codigo_paquete: '002',
      numero_cliente: newNumber(),
    }
    const injection = { operadora_destino: 'Tigo', monto: 7, id_caja_sesion: shop.sessionId }
    const sell = (headers: Record<string, string>, changes: object = {}) =>
      shop.cashier.post('/recargas/cliente', { ...sale, ...changes }, headers)
    const press = async () => {
      const answers = [
        await sell(sold),
        await shop.cashier.post('/paquetes/compra', purchase, bundled),
        await shop.administrator.post('/recargas/inyeccion', injection, injected),
      ]
      return answers.map(({ status, body }) => [status, body['id_transaccion']])
    }
    const first = await press()
    expect(first.map(([status]) => status)).toEqual([201, 201, 201])
    const other = { numero_cliente: newNumber(), monto: 20 }
    const codesOf = async (...answers: readonly ReturnType<typeof sell>[]) =>
      (await Promise.all(answers)).map(({ status, body }) => `${status} ${String(body['code'])}`)

    const lower = operators.map((each) => ({ ...each, maximo: 1_000, slug: 'otro' }))
    await sellBy({ ...others, principal: { ...principal, currency: 'COP', operators: lower } })
    expect(await press()).toEqual(first)
    expect(await codesOf(sell(refused, other), sell(refused, other), sell({}, other))).toEqual([
      '422 AMOUNT_ABOVE_MAXIMUM',
      '422 AMOUNT_ABOVE_MAXIMUM',
      '422 AMOUNT_ABOVE_MAXIMUM',
    ])
    expect(await codesOf(sell(sold, { monto: 16 }))).toEqual(['422 IDEMPOTENCY_KEY_REUSED'])
    expect(await codesOf(sell(sold, { propina: 1 }))).toEqual(['400 FIELD_UNKNOWN'])

    const renamed = operators.map((each) => ({ ...each, nombre: `${each.nombre} Bolivia` }))
    await sellBy({ ...others, principal: { ...principal, operators: renamed } })
    expect(await press()).toEqual(first)
    expect(await codesOf(sell(gone, other))).toEqual(['400 OPERATOR_UNKNOWN'])
    const { list } = await shop.cashier.get('/recargas/operadoras/saldos')
    expect(list).toContainEqual(
      expect.objectContaining({ nombre_operadora: 'Tigo', disponible: false }),
    )

    await sellBy(others)
    expect(await press()).toEqual(first)
    expect(await codesOf(sell(key('new'), other), sell({}, other))).toEqual([
      '403 MERCHANT_NOT_CONFIGURED',
      '403 MERCHANT_NOT_CONFIGURED',
    ])
    const id = String(first[0]?.[1])
    expect((await shop.cashier.get(`/recargas/cliente/${id}`)).body).toMatchObject({ monto: 15 })
    expect((await shop.cashier.get('/recargas/historial/clientes?limit=1')).status).toBe(200)
    expect((await shop.float()).available).toMatch(/^\d/)

    await sellBy({ ...others, principal })
    expect(await press()).toEqual(first)
    expect(await codesOf(sell(refused, other), sell(gone, other))).toEqual([
      '422 AMOUNT_ABOVE_MAXIMUM',
      '400 OPERATOR_UNKNOWN',
    ])
    expect(await stack.carrierCallsTo(number)).toBe(1)
  }, 120_000)

  it('is not another press for the header that confirms a duplicate', async () => {
    const [number, first, second] = [newNumber(), key('first'), key('second')]
    const confirmed = { 'x-confirmar-duplicado': 'true' }
    expect((await shop.sell(number, 2, first)).status).toBe(201)
    expect((await shop.sell(number, 2, second)).body['code']).toBe('DUPLICATE_SUSPECTED')
    const again = await shop.sell(number, 2, { ...second, ...confirmed })
    expect(again.status).toBe(201)
    for (const headers of [{}, confirmed]) {
      const repeat = await shop.sell(number, 2, { ...second, ...headers })
      expect([repeat.status, repeat.body['id']]).toEqual([201, again.body['id']])
    }
    const found = await shop.cashier.get(
      `/recargas/cliente/${String(again.body['id_transaccion'])}`,
    )
    expect(found.body).toMatchObject({ estado: 'AUTORIZADA', id: again.body['id'] })
    expect(await stack.carrierCallsTo(number)).toBe(2)
  })

  it('means one number however it is written, to the guard and to the carrier', async () => {
    const number = newNumber()
    expect(
      (await shop.sell(`+591 ${number.slice(0, 4)}-${number.slice(4)}`, 2)).body,
    ).toMatchObject({
      estado: 'AUTORIZADA',
      numero_cliente: number,
    })
    expect((await shop.sell(`00591${number}`, 2)).body['code']).toBe('DUPLICATE_SUSPECTED')
    expect((await shop.sell(`+57${number}`, 2)).body['code']).toBe('NUMBER_NOT_OF_OPERATOR')
    expect(await stack.carrierCallsTo(number)).toBe(1)
  })
})

describe('cash', () => {
  it('that is not in the drawer cannot be injected', async () => {
    const before = await shop.float()
    const refused = await shop.administrator.post('/recargas/inyeccion', {
      operadora_destino: 'Tigo',
      monto: 400.01,
      id_caja_sesion: shop.sessionId,
    })
    expect([refused.status, refused.body['code']]).toEqual([400, 'INSUFFICIENT_DRAWER'])
    expect(await shop.float()).toEqual(before)
  })

  it('moved in and out is counted at the closing, pending cash apart', async () => {
    const move = (tipo: string, monto: number) =>
      shop.cashier.post('/cajas/movimiento', {
        tipo,
        monto,
        motivo: 'cambio',
        id_sesion_caja: shop.sessionId,
      })
    expect((await move('INGRESO', 20)).status).toBe(201)
    expect((await move('EGRESO', 5)).status).toBe(201)
    expect((await move('EGRESO', 500)).status).toBe(400)
    await shop.sell('3110003333', 6, { prefer: 'wait=1' })
    const close = (extra: object) =>
      shop.cashier.patch(`/cajas/sesion/${shop.sessionId}/cerrar`, {
        monto_final_real: 421,
        ...extra,
      })
    const refused = await close({})
    expect([refused.status, refused.body['code']]).toEqual([409, 'SESSION_HAS_PENDING'])
    expect((await close({ aceptar_pendientes: true })).body).toMatchObject({
      monto_final_teorico: 415,
      monto_final_real: 421,
      diferencia: 0,
    })
  })
})

describe('the door', () => {
  it('is shut to a missing, forged or expired token, and to another role', async () => {
    const url = stack.gateway.url
    const path = '/recargas/operadoras/saldos'
    expect((await fetch(`${url()}${path}`)).status).toBe(401)
    const forged = createPos(url, tokenFor('x'.repeat(32), { user: 1, role: 'Administrador' }))
    expect((await forged.get(path)).status).toBe(401)
    const reader = createPos(
      url,
      tokenFor(stack.gateway.jwtSecret, { user: 9, role: 'Usuario', merchant: 'principal' }),
    )
    expect((await reader.get(path)).status).toBe(200)
    const created = await reader.post('/cajas', {
      nombre: 'Caja X',
      especialidad: 'MIXTA',
      saldo: 1,
    })
    expect(created.status).toBe(403)
  })

  it('shows another merchant nothing of this one', async () => {
    const sold = await shop.sell(newNumber(), 1)
    const stranger = createPos(
      stack.gateway.url,
      tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador', merchant: 'bogota' }),
    )
    expect((await stranger.get('/recargas/operadoras/saldos')).list).toEqual([])
    expect((await stranger.get(`/recargas/cliente/${String(sold.body['id'])}`)).status).toBe(404)
    expect((await stranger.get(`/cajas/${shop.cajaId}`)).status).toBe(404)
  })
})

describe('the trace of a sale', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const till = '00f067aa0ba902b7'
  const sequence = [
    'api-gateway POST /recargas/cliente',
    'api-gateway publish RequestTopup',
    'ledger process RequestTopup',
    'ledger publish FundsReserved',
    'carrier-adapter process FundsReserved',
    'carrier-adapter publish CarrierVerdict',
    'ledger process CarrierVerdict',
    'ledger publish TopupSettled',
    'api-gateway process TopupSettled',
  ]
  const beside = [
    ['ledger append block', 'ledger process RequestTopup'],
    ['ledger project block', 'ledger process RequestTopup'],
    ['carrier-adapter carrier topup', 'carrier-adapter process FundsReserved'],
    ['ledger append block', 'ledger process CarrierVerdict'],
    ['ledger project block', 'ledger process CarrierVerdict'],
  ]
  const titleOf = ({ service, name }: ReceivedSpan) => `${service} ${name}`

  it('leads from the till to the carrier and back, and the logs name it', async () => {
    const number = newNumber()
    const traceparent = `00-${traceId}-${till}-01`
    const sold = await shop.sell(number, 10.5, { traceparent })
    expect(sold.status).toBe(201)
    const spans = await eventually(
      () => Promise.resolve(collector.spansOf(traceId)),
      (found) => found.length >= sequence.length + beside.length,
    )
    const parents = spans.map((span) => {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
      return [titleOf(span), parent === undefined ? '' : titleOf(parent)]
    })
    const expected = sequence.map((title, index) => [title, sequence[index - 1] ?? ''])
    expect(parents.sort()).toEqual([...expected, ...beside].sort())
    const root = spans.find((span) => titleOf(span) === sequence[0])
    expect(root?.links).toMatchObject([{ spanId: till }])
    expect(spans.filter(({ status }) => status.code === 2)).toEqual([])
    expect(collector.text()).toContain(String(sold.body['id_transaccion']))
    expect(collector.text()).not.toContain(number)
    const lines = await eventually(
      () => readLogLines(stack.traces.logFolder, { correlations: [traceId] }, 1_000),
      (found) => new Set(found.map(({ service }) => service)).size === 3,
    )
    expect(new Set(lines.map(({ fields }) => fields['trace_id']))).toEqual(new Set([traceId]))
  })

  it('marks what the carrier left open, and follows it up in the same trace', async () => {
    const id = '7d3f8b1e-52a4-4c0e-9d36-0a1b2c3d4e5f'
    const pending = await shop.sell('3110002222', 8, { prefer: 'wait=1', 'x-request-id': id })
    expect(pending.status).toBe(202)
    const spans = await eventually(
      () => Promise.resolve(collector.spansOf(id.replaceAll('-', ''))),
      (found) => found.some((span) => titleOf(span) === 'carrier-adapter follow sale up'),
    )
    expect(spans.find((span) => titleOf(span) === 'carrier-adapter carrier topup')).toMatchObject({
      status: { code: 2 },
    })
  }, 60_000)

  it('costs no sale where the collector is away', async () => {
    await collector.stop()
    for (let sales = 0; sales < 3; sales += 1) {
      expect((await shop.sell(newNumber(), 1)).status).toBe(201)
    }
  })
})
