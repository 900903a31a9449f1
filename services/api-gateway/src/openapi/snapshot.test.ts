import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { openApiDocument } from './document.ts'

test('openapi.json is the document of these routes (after a change: npm run openapi)', () => {
  const snapshot = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')
  const routes = gatewayRoutes({ reads: {} } as GatewayDeps)
  expect(snapshot).toBe(`${JSON.stringify(openApiDocument(routes), null, 2)}\n`)
})
