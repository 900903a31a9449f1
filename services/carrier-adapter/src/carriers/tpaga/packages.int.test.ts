import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createSandbox, type Sandbox, type ScenarioName } from '@recargas/tpaga-sandbox'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBundles } from '../../bundles/read-bundles.ts'
import { apiKey } from '../../testing/worker.ts'
import { readBalance } from './balance.ts'
import { createCarrierClient, type CarrierClient } from './client.ts'
import { createPackages, type Packages } from './packages.ts'

let sandbox: Sandbox
const opened: { client: CarrierClient; packages: Packages }[] = []

beforeAll(async () => {
  sandbox = await createSandbox({ apiKey, latencyMs: 0 })
})
beforeEach(async () => {
  await fetch(`${sandbox.url}/_reset`, { method: 'POST', body: '{}' })
})
afterEach(async () => {
  for (const { client, packages } of opened.splice(0)) {
    packages.close()
    await client.close()
  }
})
afterAll(() => sandbox.close())

const open = (url = sandbox.url, volume = 1_000) => {
  const client = createCarrierClient({
    baseUrl: `${url}/api/gateway_topup/v1`,
    apiKey,
    connectTimeoutMs: 500,
    callTimeoutMs: 1_000,
    connections: 4,
    answerBytesMax: 2 * 1024 * 1024,
  })
  const results: string[] = []
  const leftOut: [string, number][] = []
  const packages = createPackages({
    client,
    breaker: { errorPercent: 50, volume, windowMs: 10_000, resetMs: 60_000 },
    observer: {
      called: ({ operation, result }) => void results.push(`${operation} ${result}`),
      circuitChanged: () => undefined,
    },
    countLeftOut: (...count) => void leftOut.push(count),
  })
  opened.push({ client, packages })
  const clock = { nowMs: 0 }
  const bundles = createBundles({
    carrier: packages,
    now: () => clock.nowMs,
    limits: {
      freshMs: 300_000,
      staleMs: 86_400_000,
      firstWaitMs: 5_000,
      renewWaitMs: 5_000,
      pauseMs: 0,
    },
  })
  return { client, packages, bundles, clock, results, leftOut }
}
const meet = (scenario: ScenarioName, endpoint: string) =>
  fetch(`${sandbox.url}/_scenario`, {
    method: 'POST',
    body: JSON.stringify({ scenario, match: { endpoint } }),
  })
const callsOf = async (endpoint: string): Promise<number> => {
  const answer = await fetch(`${sandbox.url}/_calls`)
  const { calls } = (await answer.json()) as { calls: { endpoint: string }[] }
  return calls.filter((call) => call.endpoint === endpoint).length
}

describe('the bundles of the carrier', () => {
  test('are read to the last page and handed out in pages, in the order of the providers named', async () => {
    const { bundles } = open()
    const query = { providers: ['58', '3'], page: 1, perPage: 200 }
    const first = await bundles.page(query)
    const second = await bundles.page({ ...query, page: 2 })
    expect(first).toMatchObject({ total: 244 + 80, stale: false, ageSeconds: 0 })
    expect(first?.offers).toHaveLength(200)
    expect(first?.offers[0]).toEqual({
      provider: '58',
      code: '024',
      name: '200 MINUTOS A TODO OPERADOR',
      description: '200 MNTS O 20DIAS',
      carrierAmount: 9_900,
      validity: '20 DÍAS',
      category: 'HABLAR',
      sku: '50015',
    })
    expect(second?.offers.map(({ provider }) => provider).join()).toBe(
      [...Array<string>(44).fill('58'), ...Array<string>(80).fill('3')].join(),
    )
    expect(await bundles.page({ ...query, page: 3 })).toMatchObject({ offers: [], total: 324 })
    // Two pages of the one, one of the other, and nothing again for the three questions.
    expect(await callsOf('packages')).toBe(3)
  })

  test('are quoted as they can be bought now', async () => {
    const { bundles } = open()
    expect(await bundles.quote('58', '024')).toMatchObject({
      offer: { code: '024', carrierAmount: 9_900 },
      enabled: true,
    })
    expect(await bundles.quote('58', '24')).toBe('no-such-bundle')
  })

  test('of a provider the carrier does not list are none, and the carrier is not asked', async () => {
    const { bundles } = open()
    const page = await bundles.page({ providers: ['999'], page: 1, perPage: 10 })
    expect(page).toMatchObject({ offers: [], total: 0 })
    expect(await bundles.quote('999', '024')).toBe('no-such-bundle')
    expect(await callsOf('packages')).toBe(0)
  })

  test('stay as they were, and are said to be old, while the carrier does not answer', async () => {
    const { bundles, clock } = open()
    const query = { providers: ['58'], page: 1, perPage: 1 }
    const before = await bundles.page(query)
    await meet('error-500', 'any')
    clock.nowMs = 400_000
    expect(await bundles.page(query)).toEqual({ ...before, ageSeconds: 400, stale: true })
    expect(await bundles.providers()).toMatchObject({ ageSeconds: 400, stale: true })
    clock.nowMs = 86_400_001
    expect(await bundles.page(query)).toBeNull()
    expect(await bundles.quote('58', '024')).toBeNull()
    await fetch(`${sandbox.url}/_scenario`, { method: 'DELETE' })
    expect(await bundles.page(query)).toMatchObject({ stale: false, total: 244 })
  })

  test('are not half a list: a page that fails leaves none', async () => {
    const { packages } = open()
    await fetch(`${sandbox.url}/_scenario`, {
      method: 'POST',
      body: JSON.stringify({ scenario: 'error-500', count: 1, match: { endpoint: 'packages' } }),
    })
    expect(await packages.readOffers('58')).toBeNull()
    expect(await packages.readOffers('58')).toHaveLength(244)
  })

  test.each(['huge-body', 'deep-json', 'redirect', 'truncated-json', 'error-500'] as const)(
    'are not read out of an answer that is %s',
    async (scenario) => {
      const { packages } = open()
      await meet(scenario, 'any')
      expect(await packages.readOffers('58')).toBeNull()
      expect(await packages.readProviders()).toBeNull()
    },
  )

  test('are asked for no more for a while once the carrier fails again and again', async () => {
    const { packages, results } = open(sandbox.url, 3)
    await meet('error-500', 'any')
    for (let round = 0; round < 6; round += 1) await packages.readProviders()
    expect(results).toEqual(Array.from({ length: 3 }, () => 'packages bad'))
    expect(await callsOf('package_providers')).toBe(3)
  })
})

describe('a carrier that lists what no reader knows', () => {
  let server: Server
  let pages: unknown[][] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://carrier')
      const page = Number(searchParams.get('page'))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ packages: pages[page - 1] ?? pages.at(-1) ?? [] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const entry = (code: number, changes: object = {}) => ({
    name: 'x'.repeat(300),
    description: 'y'.repeat(300),
    amount: 1_000,
    validity: '1 DÍA',
    package_code: String(code),
    sku: null,
    category_code: '1',
    category_description: 'z'.repeat(100),
    provider_code: '58',
    ...changes,
  })
  const full = (from: number) => Array.from({ length: 200 }, (_, index) => entry(from + index))

  test('loses the odd entries only, and they are counted', async () => {
    pages = [[entry(1), entry(2, { amount: 'free' }), 'odd', entry(3)]]
    const { packages, leftOut } = open(url())
    const offers = await packages.readOffers('58')
    expect(offers?.map(({ code }) => code)).toEqual(['1', '3'])
    expect(leftOut).toEqual([['packages', 2]])
  })

  test('in pages far longer than the answer to a sale is still read', async () => {
    pages = [full(1), full(201), [entry(401), entry(401)]]
    const { packages } = open(url())
    expect(await packages.readOffers('58')).toHaveLength(401)
  })

  test('without an end is asked for fifty pages and no more', async () => {
    pages = [full(1)]
    const { packages, results } = open(url())
    expect(await packages.readOffers('58')).toHaveLength(200)
    expect(results).toHaveLength(50)
  })
})

describe('the balance at the carrier', () => {
  test('is what the carrier says now', async () => {
    const { client } = open()
    await fetch(`${sandbox.url}/_balance`, { method: 'POST', body: '{"balance":123}' })
    const read = () => readBalance(client, { called: () => undefined })
    expect(await read()).toEqual({ balance: 123, maxLoanAmount: 0 })
  })

  test.each(['error-500', 'truncated-json', 'redirect', 'deep-json'] as const)(
    'is unknown when the answer is %s',
    async (scenario) => {
      const { client } = open()
      await meet(scenario, 'balance')
      const results: string[] = []
      const read = readBalance(client, { called: ({ result }) => void results.push(result) })
      expect([await read, results]).toEqual([null, ['bad']])
    },
  )

  test.each([
    { balance: '123', max_loan_amount: 0 },
    { balance: 1.5, max_loan_amount: 0 },
    { balance: 123 },
    { balance: 123, max_loan_amount: -1 },
  ])('is unknown when the carrier says %j', async (value) => {
    const client = {
      call: () =>
        Promise.resolve({
          kind: 'answer' as const,
          httpStatus: 200,
          body: { kind: 'json' as const, value },
        }),
    }
    expect(await readBalance(client, { called: () => undefined })).toBeNull()
  })
})
