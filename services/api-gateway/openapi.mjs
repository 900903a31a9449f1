/**
 * npm run openapi: writes this version's document to openapi.json, the reviewed snapshot from which the client's types are made.
 * It needs no running gateway: the routes are described, never called.
 */
import { writeFileSync } from 'node:fs'
import { openApiDocument } from './dist/openapi/document.js'
import { gatewayRoutes } from './dist/routes.js'

const document = openApiDocument(gatewayRoutes({ reads: {} }))
writeFileSync(new URL('openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`)
