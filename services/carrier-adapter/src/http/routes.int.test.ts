import {
  BundlePage,
  BundleProviders,
  BundleQuote,
  CarrierBalance,
  type BundleOffer,
  type BundleQuery,
  type CarrierState,
} from '@recargas/contracts'
import { closeServer, createMetrics, listen } from '@recargas/runtime'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { routesOf } from '@recargas/runtime/testing'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttp } from './routes.ts'

let server: Server
const token = 'a-token-of-many-characters'
const age = { ageSeconds: 3, stale: false }
const offer: BundleOffer = {
  provider: '58',
  code: '024',
  name: '200 MINUTOS',
  description: '',
  carrierAmount: 9_900,
  validity: '20 DÍAS',
  category: 'HABLAR',
  sku: null,
}
const at = '2026-01-01T00:00:00.000Z'
const balance = { balance: 1_000, maxLoanAmount: 0, askedAt: at, answeredAt: at }
const pagesAsked: BundleQuery[] = []
/** True once the carrier's list has been read. */
let isKnown = true
const known = <Value>(value: Value): Value | null => (isKnown ? value : null)
const state: CarrierState = {
  available: false,
  reason: 'the carrier does not answer',
  breaker: 'open',
  bundles: { available: true, reason: null, breaker: 'closed' },
  offered: ['tigo'],
}

const http = createHttp({
  metrics: createMetrics('carrier-adapter'),
  checks: [{ name: 'broker', check: () => ({ ready: false, reason: 'no connection' }) }],
  serviceToken: 'a-token-of-many-characters',
  carrierStates: () => ({ tpaga: state }),
  reads: {
    bundles: {
      providers: () => Promise.resolve(known({ ...age, providers: [] })),
      page: (query) => {
        pagesAsked.push(query)
        return Promise.resolve(known({ ...age, offers: [offer], total: 7 }))
      },
      quote: (provider, code) =>
        Promise.resolve(
          provider === '58' && code === '024'
            ? known({ ...age, offer, enabled: true })
            : 'no-such-bundle',
        ),
    },
    readBalance: () => Promise.resolve(known(balance)),
  },
})
beforeAll(async () => {
  server = await listen(http, 0, '127.0.0.1')
})
afterEach(() => {
  isKnown = true
  pagesAsked.length = 0
})
afterAll(() => closeServer(server, { timeoutMs: 100 }))

const get = (path: string, token?: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

test("the carrier's state is told to those with the service token only", async () => {
  expect((await get('/internal/carriers')).status).toBe(401)
  expect((await get('/internal/carriers', 'another-token-of-characters')).status).toBe(401)
  const answer = await get('/internal/carriers', 'a-token-of-many-characters')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual({ tpaga: state })
})

test('operators see life, readiness with its parts, and metrics', async () => {
  expect((await get('/live')).status).toBe(200)
  const ready = await get('/ready')
  expect(ready.status).toBe(503)
  expect(await ready.json()).toEqual({
    ready: false,
    parts: [{ name: 'broker', ready: false, reason: 'no connection' }],
  })
  expect(await (await get('/metrics')).text()).toContain('process_cpu')
  expect((await get('/elsewhere')).status).toBe(404)
})

const reads = [
  ['/internal/bundles/providers', BundleProviders],
  ['/internal/bundles?providers=3,58', BundlePage],
  ['/internal/bundles/58/024', BundleQuote],
  ['/internal/balance', CarrierBalance],
] as const

test.each(reads)('%s is answered to those with the service token only', async (path, schema) => {
  expect((await get(path)).status).toBe(401)
  const answer = await get(path, token)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(schema.safeParse(await answer.json())).toMatchObject({ success: true })
})

test.each(reads.map(([path]) => path))(
  '%s is 503 with a time to come back while nothing is known',
  async (path) => {
    isKnown = false
    const answer = await get(path, token)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toEqual({ code: 'UNAVAILABLE' })
  },
)

test('a page is asked for with its providers in their order, 200 to a page unless told', async () => {
  await get('/internal/bundles?providers=58,3', token)
  await get('/internal/bundles?providers=3&page=2&perPage=10', token)
  expect(pagesAsked).toEqual([
    { providers: ['58', '3'], page: 1, perPage: 200 },
    { providers: ['3'], page: 2, perPage: 10 },
  ])
})

test.each([
  '',
  '?providers=',
  '?providers=3,,58',
  '?providers=../x',
  '?providers=3&page=0',
  '?providers=3&perPage=201',
  '?providers=3&providers=58',
  '?providers=3&else=1',
])('a page asked for by "%s" is refused', async (query) => {
  const answer = await get(`/internal/bundles${query}`, token)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code: 'BAD_REQUEST' })
  expect(pagesAsked).toEqual([])
})

test('a bundle the carrier does not list is not found', async () => {
  for (const path of ['58/24', '3/024', '58/024/x', '58']) {
    expect([path, (await get(`/internal/bundles/${path}`, token)).status]).toEqual([path, 404])
  }
})

const internal: Readonly<Record<string, string>> = {
  'get /internal/carriers': '/internal/carriers',
  'get /internal/bundles/providers': '/internal/bundles/providers',
  'get /internal/bundles': '/internal/bundles?limit=5',
  'get /internal/bundles/:provider/:code': '/internal/bundles/58/024',
  'get /internal/balance': '/internal/balance',
}

test('every route is listed here: the operators’ and the internal ones', () => {
  const open = ['get /live', 'get /ready', 'get /metrics']
  const found = routesOf(http).filter((route) => !open.includes(route))
  expect(found).toHaveLength(Object.keys(internal).length)
  const unknown = found.filter((route) => {
    const [method = '', path = ''] = route.split(' ')
    const isIt = (known: string) => known.startsWith(`${method} /internal`) && known.endsWith(path)
    return !Object.keys(internal).some(isIt)
  })
  expect(unknown).toEqual([])
})

test.each(Object.values(internal))('%s is answered only with the service token', async (path) => {
  for (const wrong of [undefined, '', `${token}x`, token.slice(1)]) {
    const refused = await get(path, wrong)
    expect([wrong, refused.status]).toEqual([wrong, 401])
    expect(await refused.json()).toEqual({ code: 'UNAUTHORIZED' })
  }
  expect((await get(path, token)).status).not.toBe(401)
})

test('without it the internal paths stay unknown', async () => {
  expect((await get('/internal/no-such-thing')).status).toBe(401)
  expect((await get('/internal/no-such-thing', token)).status).toBe(404)
})
