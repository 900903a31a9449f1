import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { closeServer, createMetrics, listen, opsRoutes } from '@recargas/runtime'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openApiDocument } from '../openapi/document.ts'
import { docsRoutes } from './docs-routes.ts'
import { createOperationsServer, shownRoutes } from './operations-server.ts'

const all = {
  opsRoutes: opsRoutes([], createMetrics('api-gateway')),
  docsRoutes: docsRoutes(() => openApiDocument([])),
}
const servers: Server[] = []
const start = async (shown: Parameters<typeof shownRoutes>[1]) => {
  const server = await listen(createOperationsServer(shownRoutes(all, shown)), 0, '127.0.0.1')
  servers.push(server)
  const { port } = server.address() as AddressInfo
  return async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' })).status
}
let open: Awaited<ReturnType<typeof start>>
let shut: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  open = await start({ docs: true, metrics: true })
  shut = await start({ docs: false, metrics: false })
})
afterAll(() => Promise.all(servers.map((server) => closeServer(server, { timeoutMs: 100 }))))

test.each(['/metrics', '/METRICS/', '/docs', '/docs/start.js', '/openapi.json'])(
  '%s is served where it is shown, and is not there where it is shut',
  async (path) => {
    expect([await open(path), await shut(path)]).toEqual([200, 404])
  },
)

test('/ leads to /docs where there is one', async () => {
  expect([await open('/'), await shut('/')]).toEqual([302, 404])
})

test('health is public on every port', async () => {
  for (const path of ['/live', '/ready'])
    expect([await open(path), await shut(path)]).toEqual([200, 200])
})
