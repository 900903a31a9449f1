import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  fingerprintOf,
  RecordRefusal,
  type BundleProvider,
  type GatewayRefusal,
  type TillPayload,
  type TillPayloads,
} from '@recargas/contracts'
import type { SerializedCommand } from '../commands/serialize-command.ts'
import { startEdge } from '../testing/edge.ts'
import {
  aBundle,
  aCarrierStates,
  anOffer,
  aQuote,
  aTopup,
  operationId,
  refusedEvent,
  settledEvent,
} from '../testing/samples.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
const buying = '/paquetes/compra'
/** 9,900 of the carrier's unit are 99.00 in a shop that counts in that unit's centavos. */
const purchase = {
  operadora: 'Tigo',
  codigo_paquete: '024',
  numero_cliente: '78945612',
  id_caja_sesion: 1,
}
const keyed = { 'idempotency-key': 'k-1' }
const bogota = { authorization: `Bearer ${aToken({ merchant: 'bogota' })}` }
const sold = () => aTopup({ bundle: aBundle })

beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
  Object.assign(edge.fakes, {
    isLedgerDown: false,
    isAdapterDown: false,
    topup: null,
    fingerprint: null,
    carriers: aCarrierStates(),
    quote: aQuote(),
    bundlesAsked: [],
    providers: { ageSeconds: 0, stale: false, providers: [] },
    page: { ageSeconds: 0, stale: false, offers: [], total: 0 },
    ledger: (serialized: Parameters<typeof settledEvent>[0]) =>
      settledEvent(serialized, Date.now(), { bundle: aBundle }),
  })
})

const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${String(body['code'])}`

describe('the providers', () => {
  const provider = (changes: Partial<BundleProvider> = {}): BundleProvider => ({
    provider: '3',
    name: 'TIGO',
    logoUrl: 'https://carrier.example/3.webp',
    enabled: true,
    ...changes,
  })

  test('are those of the shop, a bare array with its age in the headers', async () => {
    edge.fakes.providers = {
      ageSeconds: 7,
      stale: true,
      providers: [provider(), provider({ provider: '72', name: 'VIRGIN' })],
    }
    const answer = await edge.get('/paquetes/proveedores')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual([
      {
        proveedor: '3',
        nombre: 'TIGO',
        operadora: 'Tigo',
        logo: 'https://carrier.example/3.webp',
        habilitado: true,
        disponible: true,
        motivo: null,
      },
    ])
    expect(answer.headers.get('age')).toBe('7')
    expect(answer.headers.get('x-desactualizado')).toBe('true')
  })

  test('are not available when the carrier disabled them or its purchases fail', async () => {
    edge.fakes.providers = {
      ageSeconds: 0,
      stale: false,
      providers: [provider({ enabled: false })],
    }
    expect(JSON.parse((await edge.get('/paquetes/proveedores')).text)).toMatchObject([
      { habilitado: false, disponible: false, motivo: expect.stringContaining('no ofrece') },
    ])
    edge.fakes.providers = { ageSeconds: 0, stale: false, providers: [provider()] }
    edge.fakes.carriers = aCarrierStates({
      bundles: { available: false, reason: 'breaker open', breaker: 'open' },
    })
    expect(JSON.parse((await edge.get('/paquetes/proveedores')).text)).toMatchObject([
      { habilitado: true, disponible: false, motivo: expect.stringContaining('no responde') },
    ])
  })

  test('are 503 with Retry-After while they are unknown', async () => {
    edge.fakes.isAdapterDown = true
    const answer = await edge.get('/paquetes/proveedores')
    expect(codeOf(answer)).toBe('503 CARRIER_UNAVAILABLE')
    expect(answer.headers.get('retry-after')).not.toBeNull()
  })
})

describe('the packages', () => {
  test('are listed with the shop’s price, their code as text, and how old the list is', async () => {
    edge.fakes.page = { ageSeconds: 301, stale: true, offers: [anOffer()], total: 3 }
    const answer = await edge.get('/paquetes?page=2&per_page=1')
    expect(answer.body).toEqual({
      paquetes: [
        {
          operadora: 'Tigo',
          proveedor: '3',
          codigo: '024',
          nombre: '200 minutos',
          descripcion: '200 min, 20 días',
          precio: 99,
          vigencia: '20 DÍAS',
          categoria: 'HABLAR',
          sku: '50015',
        },
      ],
      pagina: 2,
      por_pagina: 1,
      total: 3,
      edad_segundos: 301,
      desactualizado: true,
    })
    expect(answer.headers.get('link')).toBe('</paquetes?page=3&per_page=1>; rel="next"')
    expect(answer.headers.get('x-total-count')).toBe('3')
    expect(edge.fakes.bundlesAsked).toEqual([{ providers: ['3'], page: 2, perPage: 1 }])
  })

  test('have no next page after the last', async () => {
    edge.fakes.page = { ageSeconds: 0, stale: false, offers: [anOffer()], total: 1 }
    expect((await edge.get('/paquetes?per_page=1')).headers.get('link')).toBeNull()
  })

  test('cost what the carrier asks, in the shop’s own currency', async () => {
    edge.fakes.page = {
      ageSeconds: 0,
      stale: false,
      offers: [anOffer({ provider: '30', carrierAmount: 7_500 })],
      total: 1,
    }
    const { body } = await edge.get('/paquetes?operadora=Movistar', bogota)
    expect(body['paquetes']).toMatchObject([{ operadora: 'Movistar', precio: 7_500 }])
    expect(edge.fakes.bundlesAsked).toEqual([{ providers: ['30'], page: 1, perPage: 200 }])
  })

  test.each([
    ['provider_identifier=30', '404 BUNDLE_PROVIDER_UNKNOWN'],
    ['provider_identifier=3&operadora=Entel', '400 OPERATOR_WITHOUT_BUNDLES'],
    ['provider_identifier=a%20b', '400 QUERY_INVALID'],
    ['operadora=Entel', '400 OPERATOR_WITHOUT_BUNDLES'],
    ['operadora=Claro', '400 OPERATOR_UNKNOWN'],
    ['per_page=201', '400 QUERY_INVALID'],
    ['per_page=0', '400 QUERY_INVALID'],
    ['page=10001', '400 QUERY_INVALID'],
    ['page=2&page=3', '400 QUERY_INVALID'],
    ['pagina=2', '400 QUERY_INVALID'],
  ])('asked for with %s are refused as %s, and the adapter is not asked', async (query, code) => {
    expect(codeOf(await edge.get(`/paquetes?${query}`))).toBe(code)
    expect(edge.fakes.bundlesAsked).toEqual([])
  })
})

describe('a purchase', () => {
  test('goes out at the list’s price with the code as it was sent, and is answered like a sale', async () => {
    const answer = await edge.post(buying, purchase)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      estado: 'AUTORIZADA',
      operadora: 'Tigo',
      paquete: { proveedor: '3', codigo: '024', nombre: '200 minutos' },
    })
    expect(edge.fakes.bundlesAsked).toEqual(['3/024'])
    expect(edge.published).toHaveLength(1)
    expect(edge.published[0]?.command).toMatchObject({
      type: 'RequestBundle.v1',
      data: {
        operator: 'Tigo',
        slug: 'tigo',
        number: '78945612',
        sessionId: 1,
        amount: 990_000 / 100,
        carrierAmount: 9_900,
        confirmDuplicate: false,
        bundle: aBundle,
      },
    })
  })

  test('is in the carrier’s unit there and in the shop’s minor units here', async () => {
    edge.fakes.quote = aQuote({ offer: anOffer({ provider: '30', carrierAmount: 7_500 }) })
    const body = { ...purchase, operadora: 'Movistar', numero_cliente: '3101234567' }
    await edge.post(buying, { ...body, monto: 7_500 }, bogota)
    expect(edge.published[0]?.command.data).toMatchObject({
      currency: 'COP',
      amount: 750_000,
      carrierAmount: 7_500,
    })
  })

  test('still under way is 202 with the Location to ask at', async () => {
    edge.fakes.ledger = () => {
      edge.fakes.topup = aTopup({ state: 'reserved', bundle: aBundle })
      return null
    }
    const answer = await edge.post(buying, purchase, { prefer: 'wait=0' })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/paquetes/compra/${operationId}`)
    expect(answer.headers.get('preference-applied')).toBe('wait=0')
  })

  test('that is confirmed as no duplicate is published as confirmed', async () => {
    await edge.post(buying, purchase, { 'x-confirmar-duplicado': 'true' })
    expect(edge.published[0]?.command.data).toMatchObject({ confirmDuplicate: true })
  })

  test.each<readonly [string, object, string]>([
    ['a code as a number', { codigo_paquete: 24 }, '400 FIELD_INVALID'],
    ['a code with a slash', { codigo_paquete: '../3/024' }, '400 FIELD_INVALID'],
    ['no code', { codigo_paquete: undefined }, '400 FIELD_MISSING'],
    ['a field nobody knows', { proveedor: '3' }, '400 FIELD_UNKNOWN'],
    ['an operator without packages', { operadora: 'Entel' }, '400 OPERATOR_WITHOUT_BUNDLES'],
    ['an operator nobody sells', { operadora: 'Claro' }, '400 OPERATOR_UNKNOWN'],
    ['a number of nobody', { numero_cliente: '7894561' }, '422 NUMBER_NOT_OF_OPERATOR'],
    ['a price as text', { monto: '99' }, '400 FIELD_INVALID'],
    ['a price that is null', { monto: null }, '400 FIELD_INVALID'],
    ['a negative price', { monto: -1 }, '400 AMOUNT_NEGATIVE'],
  ])('with %s is refused before anybody is asked', async (_, changes, code) => {
    expect(codeOf(await edge.post(buying, { ...purchase, ...changes }))).toBe(code)
    expect(edge.fakes.bundlesAsked).toEqual([])
    expect(edge.published).toEqual([])
  })

  test('with a code as a number is refused with the reason: its leading zero would be lost', async () => {
    const { body } = await edge.post(buying, { ...purchase, codigo_paquete: 24 })
    expect(body['message']).toEqual(['El paquete debe ser un texto.'])
    expect(body['detail']).toContain('entre comillas')
  })

  test('like one a moment ago is recognized by its package, not its price', async () => {
    const details = { id: 6, topupId: operationId, state: 'committed' }
    edge.fakes.ledger = (serialized) =>
      refusedEvent(serialized, Date.now(), { code: 'DUPLICATE_SUSPECTED', details })
    const answer = await edge.post(buying, purchase)
    expect(codeOf(answer)).toBe('409 DUPLICATE_SUSPECTED')
    expect(answer.body['message']).toContain('mismo número y paquete')
    expect(answer.body['operacion_anterior']).toMatchObject({ id: 6, estado: 'AUTORIZADA' })
  })

  test('needs a role of the till', async () => {
    const authorization = `Bearer ${aToken({ roleName: 'Usuario', roleId: 3 })}`
    expect(codeOf(await edge.post(buying, purchase, { authorization }))).toBe('403 FORBIDDEN')
  })
})

/** The refusal that the gateway asked the ledger to record; fails the test when the gateway published a sale instead. */
const refusalOf = (serialized: SerializedCommand | undefined): GatewayRefusal => {
  if (serialized?.command.type !== 'RecordRefusal.v1') throw new Error('asked to be sold')
  // As the ledger's queue reads it.
  const { refusal, ...rest } = RecordRefusal.parse(serialized.command.data)
  expect(rest).toMatchObject({ operation: 'RequestBundle', operator: 'Tigo', keyed: true })
  return refusal
}
const refuseAsAsked = (serialized: SerializedCommand) =>
  refusedEvent(serialized, Date.now(), refusalOf(serialized))

type Cause = readonly [string, () => void, object, string]
const causes: readonly Cause[] = [
  ['unknown to the carrier', () => (edge.fakes.quote = null), {}, '404 BUNDLE_UNKNOWN'],
  [
    'of a provider that is disabled',
    () => (edge.fakes.quote = aQuote({ enabled: false })),
    {},
    '409 BUNDLE_NOT_OFFERED',
  ],
  [
    'whose price is stale',
    () => (edge.fakes.quote = aQuote({ stale: true, ageSeconds: 301 })),
    {},
    '503 BUNDLE_PRICE_UNCONFIRMED',
  ],
  ['at another price than was seen', () => undefined, { monto: 98 }, '409 BUNDLE_PRICE_CHANGED'],
  ['that nobody can quote', () => (edge.fakes.isAdapterDown = true), {}, '503 CARRIER_UNAVAILABLE'],
]

describe.each(causes)('a package %s', (_, arrange, changes, code) => {
  beforeEach(() => {
    arrange()
    // The ledger publishes nothing, so the gateway must ask it.
    edge.fakes.ledger = () => null
  })
  const press = (headers: Record<string, string> = {}) =>
    edge.post(buying, { ...purchase, ...changes }, headers)

  test(`is refused as ${code}, and nothing is published`, async () => {
    const answer = await press()
    expect(codeOf(answer)).toBe(code)
    expect(answer.body).not.toHaveProperty('id_transaccion')
    expect(edge.published).toEqual([])
  })

  test(`is refused as ${code} under a key by the ledger, which keeps it for every other press`, async () => {
    edge.fakes.ledger = refuseAsAsked
    const answer = await press(keyed)
    expect(codeOf(answer)).toBe(code)
    expect(answer.body['id_transaccion']).toBe(edge.published[0]?.operationId)
    // Another gateway's answer to a later press: the ledger's word alone.
    const kept = refusalOf(edge.published[0])
    edge.fakes.ledger = (serialized) => refusedEvent(serialized, Date.now(), kept)
    const { timestamp: _, ...documented } = answer.body
    expect((await press(keyed)).body).toMatchObject(documented)
  })

  test('was sold before with this key: its own answer, at the price it had', async () => {
    edge.fakes.topup = sold()
    const answer = await press(keyed)
    expect([answer.status, answer.body['monto']]).toEqual([201, 10.5])
    expect(answer.body['paquete']).toMatchObject({ codigo: '024' })
    expect(edge.published.map(refusalOf)).toHaveLength(1)
  })

  test('is still being sold under this key: 202, and no second sale', async () => {
    edge.fakes.topup = aTopup({ state: 'reserved', bundle: aBundle })
    const answer = await press({ ...keyed, prefer: 'wait=0' })
    expect(answer.status).toBe(202)
    expect(edge.published.map(refusalOf)).toHaveLength(1)
  })

  const bought: TillPayloads['RequestBundle'] = {
    operator: purchase.operadora,
    code: purchase.codigo_paquete,
    number: purchase.numero_cliente,
    sessionId: purchase.id_caja_sesion,
    seenPrice: null,
  }
  test.each<readonly [string, TillPayload]>([
    ['another package', { kind: 'RequestBundle', ...bought, code: '24' }],
    ['a plain top-up', { kind: 'RequestTopup', ...bought, amount: 99 }],
    ['another number', { kind: 'RequestBundle', ...bought, number: '78945613' }],
    ['another operator', { kind: 'RequestBundle', ...bought, operator: 'Entel' }],
  ])('does not pass for %s of the same key', async (_name, other) => {
    edge.fakes.topup = sold()
    edge.fakes.fingerprint = fingerprintOf(other)
    expect(codeOf(await press(keyed))).toBe('422 IDEMPOTENCY_KEY_REUSED')
  })

  test('under a key that cannot be looked up may have been sold: the answer names where to ask', async () => {
    edge.fakes.isLedgerDown = true
    const answer = await press(keyed)
    expect(codeOf(answer)).toBe('503 OUTCOME_UNKNOWN')
    expect(answer.headers.get('location')).toBe(
      `/paquetes/compra/${String(answer.body['id_transaccion'])}`,
    )
    expect(edge.published.length).toBeGreaterThan(0)
    expect(edge.published.map(refusalOf)).toHaveLength(edge.published.length)
  })
})

test('a changed price is in the answer, so that the cashier can ask the customer', async () => {
  const { body } = await edge.post(buying, { ...purchase, monto: 98.5 })
  expect(body).toMatchObject({ campo: 'monto', precio: 99 })
  expect(body['message']).toContain('99.00')
})

test('a number with separators and the country code is dialled without them', async () => {
  const { status } = await edge.post(buying, { ...purchase, numero_cliente: '+591 7894-5612' })
  expect(status).toBe(201)
  expect(edge.published[0]?.command.data).toMatchObject({ number: '78945612' })
})

test('the price the cashier saw is the list’s: sold', async () => {
  expect((await edge.post(buying, { ...purchase, monto: 99 })).status).toBe(201)
})

test('a price that changed between two presses of one key is the same operation', async () => {
  await edge.post(buying, purchase, keyed)
  edge.fakes.quote = aQuote({ offer: anOffer({ carrierAmount: 10_900, name: 'otro nombre' }) })
  await edge.post(buying, purchase, keyed)
  await edge.post(buying, { ...purchase, codigo_paquete: '24' }, keyed)
  const [first, again, other] = edge.published.map(({ command }) => command.id)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})

describe('GET of a purchase', () => {
  test.each(['7', operationId])('by %s shows it', async (id) => {
    edge.fakes.topup = sold()
    const { status, body } = await edge.get(`${buying}/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 7, paquete: { codigo: '024' } })
  })

  test('does not know plain top-ups, and does not wait for them', async () => {
    edge.fakes.topup = aTopup({ state: 'reserved' })
    expect(codeOf(await edge.get(`${buying}/7?wait=20`))).toBe('404 BUNDLE_SALE_NOT_FOUND')
    edge.fakes.topup = null
    expect(codeOf(await edge.get(`${buying}/7`))).toBe('404 BUNDLE_SALE_NOT_FOUND')
  })

  test('is there by the top-ups’ path and in their lists too', async () => {
    edge.fakes.topup = sold()
    expect((await edge.get('/recargas/cliente/7')).body).toMatchObject({
      paquete: { codigo: '024' },
    })
    expect(JSON.parse((await edge.get('/recargas/historial/clientes')).text)).toMatchObject([
      { paquete: { codigo: '024', nombre: '200 minutos' } },
    ])
  })
})
