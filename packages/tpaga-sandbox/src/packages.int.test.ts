import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { packageBody, startSandbox } from './testing/caller.ts'

let carrier: Awaited<ReturnType<typeof startSandbox>>

beforeAll(async () => {
  carrier = await startSandbox({ balance: 1_000_000 })
})
beforeEach(async () => {
  await carrier.control('POST', '/_reset')
})
afterAll(async () => {
  await carrier.close()
})

type Listed = { package_code: string; provider_code: string; name: string; amount: number }
const packagesOf = async (query: string) =>
  (await carrier.get(`/packages${query}`)).body['packages'] as readonly Listed[]

describe('the catalogue', () => {
  test('has the four package providers of the document', async () => {
    const { body } = await carrier.get('/mobile_package_service_providers_list')
    const providers = body['service_providers'] as Readonly<Record<string, unknown>>[]
    expect(providers.map((each) => each['provider_code'])).toEqual(['3', '58', '72', '30'])
    expect(providers[0]).toEqual({
      name: 'TIGO',
      provider_code: '3',
      operator_logo_url: 'https://storage.googleapis.com/bucket-faas/suppliers/3.webp',
      enabled: true,
    })
  })

  test('gives 200 packages a page unless asked for fewer, and every package once', async () => {
    const first = await packagesOf('')
    expect(first).toHaveLength(200)
    const pages = await Promise.all([1, 2, 3, 4].map((page) => packagesOf(`?page=${page}`)))
    const codes = pages.flat().map((each) => each.package_code)
    expect(codes.length).toBeGreaterThan(400)
    expect(new Set(codes).size).toBe(codes.length)
    expect(pages[3]).toEqual([])
    expect(await packagesOf('?page=2&per_page=3')).toEqual(first.slice(3, 6))
  })

  test('gives one provider by itself, the documented examples first', async () => {
    const of58 = await packagesOf('?provider_identifier=58')
    expect(of58.slice(0, 4).map((each) => each.package_code)).toEqual(['024', '353', '767', '939'])
    expect(of58.every((each) => each.provider_code === '58')).toBe(true)
    expect(await packagesOf('?provider_identifier=58&page=2')).toHaveLength(44)
    expect(await packagesOf('?provider_identifier=999')).toEqual([])
  })

  test.each([
    ['per_page', '?per_page=201'],
    ['per_page', '?per_page=0'],
    ['page', '?page=0'],
    ['page', '?page=x'],
  ])('refuses a wrong %s: %s', async (field, query) => {
    const reply = await carrier.get(`/packages${query}`)
    expect([reply.status, reply.body['field']]).toEqual([422, field])
  })
})

describe('a purchase', () => {
  test('answers as documented, once, and can be looked up', async () => {
    const bought = await carrier.buyPackage({})
    expect(bought.status).toBe(200)
    expect(bought.body).toEqual({
      ...packageBody({ provider_code: '58', package_code: '767' }),
      route: 'PUNTORED',
      external_gateway_auth_code: expect.stringMatching(/^\d{9}$/),
      status: 'AUTHORIZED',
      result_code: 0,
    })
    expect((await carrier.buyPackage({})).body).toEqual(bought.body)
    const lookup = await carrier.get('/package_buy/2022111817513334794X305120')
    expect([lookup.status, lookup.body]).toEqual([200, bought.body])
    expect(await carrier.balance()).toBe(992_500)
  })

  test('finds "024" as a string and as the integer 24, but not as the string "24"', async () => {
    const fields = { amount: 9900, provider_code: '58' }
    const asString = { ...fields, package_code: '024', idempotency_token: 'a' }
    const asInteger = { ...fields, package_code: 24, idempotency_token: 'b' }
    expect((await carrier.buyPackage(asString)).body['package_code']).toBe('024')
    expect((await carrier.buyPackage(asInteger)).body['package_code']).toBe('024')
    const cut = await carrier.buyPackage({ ...fields, package_code: '24', idempotency_token: 'c' })
    expect([cut.status, cut.body['field']]).toEqual([422, 'package_code'])
  })

  test('counts an integer and a string code as the same sale', async () => {
    await carrier.buyPackage({})
    const repeat = await carrier.buyPackage({ provider_code: '58', package_code: '767' })
    expect(repeat.status).toBe(200)
    expect(await carrier.balance()).toBe(992_500)
  })

  test.each([
    ['provider_code', { provider_code: 59 }],
    ['package_code', { package_code: 9_999 }],
    ['amount', { amount: 7_499 }],
    ['amount', { amount: '7500' }],
    ['destination_number', { destination_number: '' }],
  ])('is refused with 422 for a wrong %s', async (field, wrong) => {
    const reply = await carrier.buyPackage(wrong)
    expect([reply.status, reply.body['field']]).toEqual([422, field])
    expect(await carrier.balance()).toBe(1_000_000)
  })

  test.each([
    ['3110001111', [200, 'AUTHORIZED'], [200, 'AUTHORIZED'], 1],
    ['3110007777', [200, 'in-progress'], [200, 'in-progress'], 0],
    ['3110006666', [503, undefined], [502, 'UNKNOWN'], 0],
    ['3110000000', [502, undefined], [503, 'REJECTED'], 0],
    // The numbers of the top-up section mean nothing to a package.
    ['3110005555', [200, 'AUTHORIZED'], [200, 'AUTHORIZED'], 1],
  ])('to %s has the codes of the document', async (number, bought, lookedUp, debits) => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const reply = await carrier.buyPackage({ destination_number: number })
      expect([reply.status, reply.body['status']]).toEqual(bought)
      const lookup = await carrier.get('/package_buy/2022111817513334794X305120')
      expect([lookup.status, lookup.body['status']]).toEqual(lookedUp)
    }
    expect(await carrier.balance()).toBe(1_000_000 - 7_500 * debits)
  })

  test('is 404 when its token is unknown, unreadable or that of a top-up', async () => {
    await carrier.topUp({ idempotency_token: 'top-up' })
    for (const token of ['nobody', 'top-up', '%E0%A4%A']) {
      expect((await carrier.get(`/package_buy/${token}`)).status).toBe(404)
    }
  })
})
