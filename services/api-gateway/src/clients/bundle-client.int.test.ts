import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { BundleReads } from '../sales/bundle-shop.ts'
import { anOffer, aQuote } from '../testing/samples.ts'
import { createBundleClient } from './bundle-client.ts'

const serviceToken = 'a-service-token-of-a-test'
type Answer = { readonly status: number; readonly body: unknown } | 'silence'
let adapter: Server
let client: BundleReads & { readonly close: () => Promise<void> }
let answer: Answer = 'silence'
let asked: string[] = []

beforeAll(async () => {
  adapter = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`)
    if (answer === 'silence') return
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => adapter.listen(0, '127.0.0.1', resolve))
  client = createBundleClient({
    url: `http://127.0.0.1:${(adapter.address() as AddressInfo).port}`,
    serviceToken,
    connections: 2,
    timeoutMs: 3_000,
  })
})
afterAll(async () => {
  await client.close()
  adapter.closeAllConnections()
  await new Promise((resolve) => adapter.close(resolve))
})
beforeEach(() => {
  asked = []
})

const unavailable = { name: 'Problem', code: 'CARRIER_UNAVAILABLE' }

test('asks for each with the service token, by the adapter’s own paths', async () => {
  answer = { status: 200, body: { ageSeconds: 1, stale: false, providers: [] } }
  await client.providers()
  answer = { status: 200, body: { ageSeconds: 1, stale: false, offers: [anOffer()], total: 1 } }
  await client.page({ providers: ['3', '58'], page: 2, perPage: 50 })
  answer = { status: 200, body: aQuote() }
  expect(await client.quote('3', '024')).toEqual(aQuote())
  expect(asked).toEqual([
    `Bearer ${serviceToken} /internal/bundles/providers`,
    `Bearer ${serviceToken} /internal/bundles?providers=3%2C58&page=2&perPage=50`,
    `Bearer ${serviceToken} /internal/bundles/3/024`,
  ])
})

test('a package the adapter does not know is no error; a list it does not have is', async () => {
  answer = { status: 404, body: {} }
  expect(await client.quote('3', '999')).toBeNull()
  await expect(client.providers()).rejects.toMatchObject(unavailable)
})

test.each<readonly [string, Answer]>([
  ['has nothing to say', { status: 503, body: { code: 'UNAVAILABLE', secret: 'carrier' } }],
  ['answers something else', { status: 200, body: { packages: [] } }],
  ['quotes another package', { status: 200, body: aQuote({ offer: anOffer({ code: '24' }) }) }],
  ['is silent', 'silence'],
])('an adapter that %s is the carrier unavailable, with nothing of its body', async (_, given) => {
  answer = given
  const quoted = client.quote('3', '024')
  await expect(quoted).rejects.toMatchObject(unavailable)
  await expect(quoted).rejects.toMatchObject({
    wording: expect.not.stringContaining('carrier'),
    extra: expect.not.objectContaining({ members: expect.anything() }),
  })
})
