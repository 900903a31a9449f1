import type { CarrierState } from '@recargas/contracts'
import { closeServer, createMetrics, listen } from '@recargas/service'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttp } from './routes.ts'

let server: Server
const state: CarrierState = {
  available: false,
  reason: 'the carrier does not answer',
  breaker: 'open',
  offered: ['tigo'],
}

beforeAll(async () => {
  const http = createHttp({
    metrics: createMetrics('carrier-adapter'),
    checks: [{ name: 'broker', check: () => ({ ready: false, reason: 'no connection' }) }],
    serviceToken: 'a-token-of-many-characters',
    carrierState: () => state,
  })
  server = await listen(http, 0, '127.0.0.1')
})
afterAll(() => closeServer(server, 100))

const get = (path: string, token?: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

test("the carrier's state is told to those with the service token only", async () => {
  expect((await get('/internal/carrier')).status).toBe(401)
  expect((await get('/internal/carrier', 'another-token-of-characters')).status).toBe(401)
  const answer = await get('/internal/carrier', 'a-token-of-many-characters')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual(state)
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
