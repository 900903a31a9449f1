import { readFileSync } from 'node:fs'
import type { Route } from '../api/route.ts'
import { ProblemBody } from '../api/wire.ts'
import { problemExamples } from './problem-examples.ts'
import { replyHeaders, requestHeaders } from './headers.ts'
import { jsonSchemaOf, type Components, type JsonSchema } from './json-schema.ts'
import { operationOf, pathTemplate } from './operation.ts'
import {
  everyPage,
  publicOperationsOf,
  type Pages,
  type PublicOperation,
} from './public-operations.ts'

export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
  readonly [member: string]: unknown
}

const packageFile = new URL('../../package.json', import.meta.url)
/** The one version of packages, changelog and this document. */
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string }

const about =
  'Prepaid top-ups at the till. Every route needs `Authorization: Bearer <token>` unless it says otherwise; the role ' +
  'in the token decides what its holder may do. Every error has one body: decide on `code`, show `message`. A 202 is no ' +
  'error: the sale is held until the carrier has decided. After a 503 OUTCOME_UNKNOWN ask `Location` before selling ' +
  'again. Any other path answers 404 ROUTE_NOT_FOUND. Every answer carries X-Request-Id; one that the request brings ' +
  '(1 to 64 letters, digits, `.`, `_`, `-`), else the trace id of its `traceparent`, is kept.'

/** The groups of the page at /docs, sales first. */
const groups = [
  'recargas',
  'paquetes',
  'operadoras',
  'cajas',
  'dias',
  'cierres',
  'comercio',
  'incidencias',
  'eventos',
  'operacion',
  'públicas',
]

/**
 * The API as OpenAPI 3.1, made of the route table and of the very schemas that parse requests.
 * @param pages those that the API's own port shows
 */
export const openApiDocument = (
  routes: readonly Route[],
  pages: Pages = everyPage,
): OpenApiDocument => {
  const components: Components = new Map()
  const paths = new Map<string, Record<string, JsonSchema>>()
  for (const route of routes) {
    const path = pathTemplate(route.path)
    const operations = { ...paths.get(path), [route.method]: operationOf(route, components) }
    paths.set(path, operations)
  }
  for (const operation of publicOperationsOf(pages)) {
    paths.set(operation.path, { get: publicOperation(operation) })
  }
  jsonSchemaOf(ProblemBody, 'received', components)
  return {
    openapi: '3.1.0',
    info: { title: 'Recargas', version, description: about, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    tags: groups.map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      parameters: Object.fromEntries(
        Object.entries(requestHeaders).map(([name, header]) => [
          name,
          { name, in: 'header', required: false, ...header },
        ]),
      ),
      headers: replyHeaders,
      examples: problemExamples(routes),
      schemas: Object.fromEntries([...components].sort(([a], [b]) => a.localeCompare(b))),
    },
  }
}

const publicOperation = ({
  path,
  summary,
  type,
  replies,
  examples = {},
}: PublicOperation): JsonSchema => ({
  operationId: `get${path.replaceAll(/\W+(\w)?/g, (_, letter: string) => letter.toUpperCase())}`,
  tags: ['públicas'],
  summary,
  security: [],
  responses: Object.fromEntries(
    Object.entries(replies).map(([status, description]) => [
      status,
      { description, content: { [type]: exampleOf(examples[Number(status)]) } },
    ]),
  ),
})

const exampleOf = (example: object | undefined) => (example === undefined ? {} : { example })
