import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer, createMetrics, listen, silentLog } from '@recargas/runtime'
import { routesOf } from '@recargas/runtime/testing'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Cases } from '../cases/ports.ts'
import type { Days } from '../days/close-day.ts'
import type { RunningQuarantine } from '../quarantine/start-quarantine.ts'
import type { LedgerReads, OperatorReads } from '../reads/ports.ts'
import type { SalesFreeze } from '../freeze/sales-freeze.ts'
import type { ProofReads } from './operator-routes.ts'
import { createHttp } from './server.ts'

const token = 'a-service-token-of-a-test'
const id = '01890000-0000-7000-8000-000000000001'

/** Each route with a path that it answers. */
const internal: Readonly<Record<string, string>> = {
  'get /internal/identity': '/internal/identity',
  'get /internal/held': '/internal/held?state=reserved',
  'get /internal/retired-cajas': '/internal/retired-cajas',
  'get /internal/overview': '/internal/overview',
  'get /internal/merchants/:merchant/operations/:id': `/internal/merchants/principal/operations/${id}`,
  'get /internal/merchants/:merchant/topups/:id': '/internal/merchants/principal/topups/1',
  'get /internal/merchants/:merchant/topups': '/internal/merchants/principal/topups',
  'get /internal/merchants/:merchant/injections': '/internal/merchants/principal/injections',
  'get /internal/merchants/:merchant/reviews': '/internal/merchants/principal/reviews',
  'get /internal/merchants/:merchant/cases': '/internal/merchants/principal/cases',
  'get /internal/merchants/:merchant/floats': '/internal/merchants/principal/floats',
  'get /internal/merchants/:merchant/floats/:operator/statement':
    '/internal/merchants/principal/floats/Tigo/statement',
  'get /internal/merchants/:merchant/floats/:operator/balance':
    '/internal/merchants/principal/floats/Tigo/balance?at=2026-01-01T00:00:00Z',
  'get /internal/merchants/:merchant/cajas': '/internal/merchants/principal/cajas',
  'get /internal/merchants/:merchant/cajas/:id': '/internal/merchants/principal/cajas/1',
  'get /internal/merchants/:merchant/sessions/active/:userId':
    '/internal/merchants/principal/sessions/active/1',
  'get /internal/merchants/:merchant/sessions/:id': '/internal/merchants/principal/sessions/1',
  'get /internal/merchants/:merchant/sessions/:id/statement':
    '/internal/merchants/principal/sessions/1/statement',
  'get /internal/merchants/:merchant/sessions/:id/balance':
    '/internal/merchants/principal/sessions/1/balance?at=2026-01-01T00:00:00Z',
  'get /internal/merchants/:merchant/sessions/:id/report':
    '/internal/merchants/principal/sessions/1/report',
  'get /internal/merchants/:merchant/days/:day':
    '/internal/merchants/principal/days/2026-01-05?timeZone=UTC',
  'post /internal/merchants/:merchant/days/:day/close':
    '/internal/merchants/principal/days/2026-01-05/close',
  'get /internal/merchants/:merchant/day-closings': '/internal/merchants/principal/day-closings',
  'get /internal/merchants/:merchant/day-closings/:number':
    '/internal/merchants/principal/day-closings/1',
  'post /internal/reconciliations/': '/internal/reconciliations',
  'get /internal/reconciliations/latest': '/internal/reconciliations/latest',
  'get /internal/quarantine/': '/internal/quarantine?limit=10',
  'get /internal/quarantine/groups': '/internal/quarantine/groups',
  'get /internal/quarantine/:id': '/internal/quarantine/x',
  'post /internal/quarantine/replay': '/internal/quarantine/replay',
  'post /internal/quarantine/discard': '/internal/quarantine/discard',
  'get /internal/proof': '/internal/proof',
  'get /internal/cases/': '/internal/cases',
  'get /internal/cases/:id': '/internal/cases/x',
  'post /internal/cases/:id/close': '/internal/cases/x/close',
  'get /internal/selling/': '/internal/selling',
  'post /internal/selling/accept': '/internal/selling/accept',
}

const asked: string[] = []
/** Answers every question with nothing found, and notes that it was asked. */
const reads = new Proxy({} as LedgerReads, {
  get: (_, name) => () => {
    asked.push(String(name))
    return Promise.resolve(null)
  },
})
/** Whatever is asked of it is noted. */
const noting = (part: string) =>
  new Proxy({} as RunningQuarantine & SalesFreeze & Days, {
    get: (_, name) => () => {
      asked.push(`${part} ${String(name)}`)
      return Promise.resolve({})
    },
  })
const app = createHttp({
  checks: [],
  metrics: createMetrics('ledger'),
  serviceToken: token,
  readsFrom: () => reads,
  operatorReads: reads as unknown as OperatorReads,
  reconciliation: {
    run: () => {
      asked.push('run')
      return Promise.resolve({ kind: 'running' })
    },
    casesOpen: () => Promise.resolve(0),
    latest: () => {
      asked.push('latest')
      return Promise.resolve(null)
    },
  },
  proof: noting('proof') as unknown as ProofReads,
  quarantine: noting('quarantine'),
  freeze: noting('selling'),
  cases: noting('cases') as unknown as Cases,
  days: noting('days'),
  log: silentLog,
})
let server: Server
beforeAll(async () => {
  server = await listen(app, 0, '127.0.0.1')
})
afterAll(() => closeServer(server, { timeoutMs: 100 }))

const ask = (route: string, authorization?: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${internal[route] ?? route}`, {
    method: route.split(' ')[0] === 'post' ? 'POST' : 'GET',
    headers: authorization === undefined ? {} : { authorization },
  })

test('every route is listed here: the operators’ and the internal ones', () => {
  const open = ['get /live', 'get /ready', 'get /metrics']
  const found = routesOf(app).filter((route) => !open.includes(route))
  expect(found).toHaveLength(Object.keys(internal).length)
  const unknown = found.filter((route) => {
    const [method = '', path = ''] = route.split(' ')
    const isIt = (known: string) => known.startsWith(`${method} /internal`) && known.endsWith(path)
    return !Object.keys(internal).some(isIt)
  })
  expect(unknown).toEqual([])
})

test.each(Object.keys(internal))('%s is answered only with the service token', async (route) => {
  for (const wrong of [
    undefined,
    'Bearer ',
    `Bearer ${token}x`,
    `bearer ${token}`,
    `Basic ${btoa(`recargas:${token}`)}`,
    token,
  ]) {
    const refused = await ask(route, wrong)
    expect([wrong, refused.status]).toEqual([wrong, 401])
    expect(await refused.json()).toEqual({ code: 'UNAUTHORIZED' })
  }
  expect(asked.splice(0)).toEqual([])
  const { status } = await ask(route, `Bearer ${token}`)
  expect(status).not.toBe(401)
  // Routes with a body check for it themselves.
  expect(asked.splice(0)).toHaveLength(status === 400 ? 0 : 1)
})

test('without it the internal paths stay unknown', async () => {
  expect((await ask('/internal/no-such-thing')).status).toBe(401)
  expect((await ask('/internal/no-such-thing', `Bearer ${token}`)).status).toBe(404)
})
