import { writeFileSync } from 'node:fs'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { openApiDocument } from './document.ts'

/**
 * Writes this version's document to openapi.json, the reviewed snapshot from which the client's types are made. It needs
 * no running gateway: the routes are described, never called.
 */
const routes = gatewayRoutes({ reads: {} } as GatewayDeps)
writeFileSync(
  new URL('../../openapi.json', import.meta.url),
  `${JSON.stringify(openApiDocument(routes), null, 2)}\n`,
)
