import { afterEach, expect, test } from '@jest/globals'
import { request } from 'node:http'
import { eventually } from '@recargas/runtime/testing'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
afterEach(() => edge.close())

const wide = { windowMs: 600_000, subjectMax: 1_000, addressMax: 1_000 }
const as = (sub: number) => ({ authorization: `Bearer ${aToken({ sub })}` })

/** GET from an address of this machine's own. */
const getFrom = (localAddress: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(
      `${edge.url}${path}`,
      { localAddress, headers, agent: false },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.once('error', reject)
    sent.end()
  })

test('a person with too many requests gets Retry-After; no other person does', async () => {
  edge = await startEdge({ rates: { ...wide, subjectMax: 3 } })
  for (const left of [2, 1, 0]) {
    const { status, headers } = await edge.get('/operadoras', as(5))
    expect(status).toBe(200)
    const told = /"subject"; r=(\d+); t=(\d+)/.exec(headers.get('ratelimit') ?? '')
    expect(told?.[1]).toBe(String(left))
    // Whole seconds until the window ends, which began with the first request.
    expect(Number(told?.[2])).toBeLessThanOrEqual(600)
    expect(Number(told?.[2])).toBeGreaterThan(500)
    expect(headers.get('ratelimit-policy')).toContain('"subject"; q=3; w=600')
    expect(headers.get('ratelimit-policy')).toContain('"address"; q=1000; w=600')
  }
  const refused = await edge.get('/operadoras', as(5))
  expect(refused.status).toBe(429)
  expect(refused.body).toMatchObject({ code: 'TOO_MANY_REQUESTS', statusCode: 429 })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500)
  expect((await edge.get('/operadoras', as(6))).status).toBe(200)
  expect((await edge.get('/operadoras', asAdministrator)).status).toBe(200)
})

test('a sale beyond the limit is refused before anything is published', async () => {
  edge = await startEdge({ rates: { ...wide, subjectMax: 1 } })
  await edge.get('/operadoras')
  const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10, id_caja_sesion: 1 }
  expect((await edge.post('/recargas/cliente', sale)).status).toBe(429)
  expect(edge.published).toEqual([])
})

test('the window ends, and with it the refusals', async () => {
  edge = await startEdge({ rates: { ...wide, windowMs: 300, subjectMax: 1 } })
  const status = async () => (await edge.get('/operadoras')).status
  await eventually(status, (found) => found === 429)
  expect(await eventually(status, (found) => found === 200)).toBe(200)
})

test('an address that guesses tokens is stopped before they are looked at; another is not', async () => {
  edge = await startEdge({ rates: { ...wide, addressMax: 3 } })
  const forged = { authorization: 'Bearer x.y.z' }
  const statuses = []
  for (let asked = 0; asked < 4; asked += 1) {
    statuses.push(await getFrom('127.0.0.3', '/operadoras', forged))
  }
  expect(statuses).toEqual([401, 401, 401, 429])
  expect(await getFrom('127.0.0.3', '/openapi.json')).toBe(429)
  expect(await getFrom('127.0.0.4', '/operadoras', as(5))).toBe(200)
  // Monitoring of the gateway is never limited.
  expect(await getFrom('127.0.0.3', '/live')).toBe(200)
})

test('only a trusted proxy may name the client of a request', async () => {
  edge = await startEdge({ rates: { ...wide, addressMax: 1 } })
  const from = (client: string) => ({ ...as(5), 'x-forwarded-for': client })
  expect(await getFrom('127.0.0.2', '/operadoras', from('10.1.1.1'))).toBe(200)
  expect(await getFrom('127.0.0.2', '/operadoras', from('10.1.1.2'))).toBe(200)
  expect(await getFrom('127.0.0.2', '/operadoras', from('10.1.1.2'))).toBe(429)
  expect(await getFrom('127.0.0.3', '/operadoras', from('10.1.1.3'))).toBe(200)
  expect(await getFrom('127.0.0.3', '/operadoras', from('10.1.1.4'))).toBe(429)
})
