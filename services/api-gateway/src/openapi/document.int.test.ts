import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { startEdge } from '../testing/edge.ts'
import { openApiDocument } from './document.ts'
import type { Pages } from './public-operations.ts'

type DocumentedOperation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly 'x-roles'?: readonly string[]
  readonly description?: string
  readonly security: readonly unknown[]
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[]
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: object } }
  }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Readonly<
          Record<
            string,
            {
              readonly schema?: {
                readonly allOf?: readonly {
                  readonly properties?: { readonly code: { readonly enum: readonly string[] } }
                }[]
              }
            }
          >
        >
      }
    >
  >
}
type Document = {
  readonly openapi: string
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

let edge: Awaited<ReturnType<typeof startEdge>>
let document: Document
let operations: {
  readonly name: string
  readonly path: string
  readonly documented: DocumentedOperation
}[]
beforeAll(async () => {
  edge = await startEdge()
  document = JSON.parse((await edge.get('/openapi.json', { authorization: '' })).text) as Document
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, documented]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      documented,
    })),
  )
})
afterAll(() => edge.close())

type Layer = {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** Every route that the running server has, those of its routers too. */
const routesOf = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle }) =>
    route === undefined
      ? routesOf(handle.stack ?? [])
      : Object.keys(route.methods).map(
          (method) => `${method.toUpperCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`,
        ),
  )

const codesOf = ({ responses }: DocumentedOperation): string[] =>
  Object.entries(responses).flatMap(([status, { content }]) =>
    (content?.['application/json']?.schema?.allOf ?? []).flatMap(({ properties }) =>
      (properties?.code.enum ?? []).map((code) => `${code} ${status}`),
    ),
  )

test('the document has every route of the server, and no other', () => {
  const served = routesOf((edge.app.router as unknown as { readonly stack: Layer[] }).stack)
  expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort())
})

test('sales come first, and every operation is in one of the groups that are listed', () => {
  const groups = document.tags.map(({ name }) => name)
  expect(groups.slice(0, 2)).toEqual(['recargas', 'paquetes'])
  expect(Object.keys(document.paths)[0]).toBe('/recargas/cliente')
  const used = new Set(operations.map(({ documented }) => documented.tags.join()))
  expect([...used].sort()).toEqual([...groups].sort())
})

test('a page that this port does not show is not in its document', () => {
  const pathsOf = (pages: Pages) => Object.keys(openApiDocument(edge.routes, pages).paths)
  const all = Object.keys(document.paths)
  const without = (...names: readonly string[]) => all.filter((path) => !names.includes(path))
  expect(pathsOf({ docs: false, metrics: true })).toEqual(without('/docs', '/openapi.json'))
  expect(pathsOf({ docs: true, metrics: false })).toEqual(without('/metrics'))
})

test('every operation lists its roles, or is public', () => {
  for (const { name, documented } of operations) {
    const route = edge.routes.find(
      ({ method, path }) =>
        `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}` === name,
    )
    expect([name, documented['x-roles']]).toEqual([name, route?.roles])
    expect([name, documented.security]).toEqual([name, route === undefined ? [] : [{ token: [] }]])
    if (route !== undefined) expect(documented.description).toContain(route.roles.join(', '))
  }
})

test('the document and docs/errors.md have the same codes with the same statuses', () => {
  const text = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const listed = [...text.matchAll(/^\| (\d{3})\s*\| `([A-Z_]+)`/gm)].map(
    ([, status, code]) => `${code ?? ''} ${status ?? ''}`,
  )
  const documented = new Set(operations.flatMap((operation) => codesOf(operation.documented)))
  // No route has these codes: they report that there is no such route.
  expect([...documented, 'ROUTE_NOT_FOUND 404', 'METHOD_NOT_ALLOWED 405'].sort()).toEqual(
    listed.sort(),
  )
})

test('the answers of every guarded route are listed for each', () => {
  const guardedRoutes = operations.filter(({ documented }) => documented.security.length > 0)
  expect(guardedRoutes).toHaveLength(edge.routes.length)
  for (const { name, documented } of guardedRoutes) {
    const codes = codesOf(documented)
    expect([name, codes]).toEqual([
      name,
      expect.arrayContaining([
        'TOKEN_MISSING 401',
        'TOKEN_INVALID 401',
        'NOT_ACCEPTED 503',
        'TOO_MANY_REQUESTS 429',
        'URL_TOO_LONG 400',
        'QUERY_INVALID 400',
        'INTERNAL 500',
      ]),
    ])
    const isForAll = documented['x-roles']?.length === 3
    expect([name, codes.includes('FORBIDDEN 403')]).toEqual([name, !isForAll])
    expect([name, codes.includes('BODY_TOO_LARGE 413')]).toEqual([
      name,
      /^(POST|PATCH) /.test(name),
    ])
    expect(Object.keys(documented.responses)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^2\d\d$/)]),
    )
  }
})

test('it is OpenAPI 3.1: names are unique, references lead somewhere, paths name their parts', () => {
  expect(document.openapi).toBe('3.1.0')
  const ids = operations.map(({ documented }) => documented.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, pointer = ''] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
    expect([pointer, found]).toEqual([pointer, expect.any(Object)])
    // Not to itself, nor to another reference.
    expect([pointer, found]).not.toEqual([pointer, { $ref: expect.any(String) }])
  }
  for (const { name, path, documented } of operations) {
    const parts = (documented.parameters ?? []).filter((part) => part.in === 'path')
    expect([name, parts.map((part) => part.name)]).toEqual([
      name,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part),
    ])
  }
})

test('each field of a body is a choice or has an example', () => {
  type Field = { readonly examples?: readonly unknown[]; readonly anyOf?: readonly Field[] }
  type Body = { readonly properties?: Readonly<Record<string, Field & { readonly type?: string }>> }
  const isShown = (field: Field): boolean =>
    field.examples !== undefined || 'enum' in field || (field.anyOf ?? []).some(isShown)
  const bare = operations.flatMap(({ name, documented }) => {
    const schema = documented.requestBody?.content['application/json'].schema as Body | undefined
    return Object.entries(schema?.properties ?? {})
      .filter(([, field]) => field.type !== 'boolean' && !isShown(field))
      .map(([field]) => `${name} ${field}`)
  })
  expect(bare).toEqual([])
})

describe('a body', () => {
  const bodyOf = (name: string) => {
    const schema = operations.find((operation) => operation.name === name)?.documented.requestBody
    return z.fromJSONSchema(schema?.content['application/json'].schema as never)
  }
  const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
  const bodies: readonly (readonly [string, unknown, boolean])[] = [
    ['POST /recargas/cliente', sale, true],
    ['POST /recargas/cliente', { ...sale, monto: 0 }, false],
    ['POST /recargas/cliente', { ...sale, monto: -10 }, false],
    ['POST /recargas/cliente', { ...sale, monto: '10.50' }, false],
    ['POST /recargas/cliente', { ...sale, monto: undefined }, false],
    ['POST /recargas/cliente', { ...sale, x: 1 }, false],
    ['POST /cajas/abrir', { id_caja: 1, id_usuario: 'ana', arqueo: { 100: 5 } }, true],
    ['POST /cajas/abrir', { id_caja: 1, id_usuario: 2, monto_inicial: 0 }, true],
    ['POST /cajas/abrir', { id_usuario: 2 }, false],
    ['POST /cajas', { nombre: 'Caja 01', especialidad: 'MIXTA', saldo: 0 }, true],
    ['POST /cajas', { nombre: 'Caja 01', especialidad: 'OTRA', saldo: 0 }, false],
    ['POST /recargas/inyeccion', { operadora_destino: 'Tigo', monto: 1, id_caja_sesion: 1 }, true],
    [
      'POST /recargas/inyeccion',
      { operadora_destino: 'Tigo', monto: 0.99, id_caja_sesion: 1 },
      false,
    ],
  ]

  test.each(bodies)('of %s: %j fits the document as it fits the gateway: %s', (...row) => {
    const [name, body, fits] = row
    const path = name.split(' ')[1]
    const route = edge.routes.find((other) => other.method === 'post' && other.path === path)
    const asSent: unknown = JSON.parse(JSON.stringify(body))
    expect(route?.contract.body?.safeParse(asSent).success).toBe(fits)
    expect(bodyOf(name).safeParse(asSent).success).toBe(fits)
  })
})

test('an answer in a test that no contract declares fails that test', async () => {
  edge.fakes.session = null
  await expect(edge.get('/cajas/sesion-activa/2')).resolves.toMatchObject({ status: 404 })
  const route = edge.routes.find(({ path }) => path === '/cajas/sesion-activa/:id_usuario')
  const problems = (route?.contract.problems ?? []) as string[]
  problems.splice(problems.indexOf('NO_ACTIVE_SESSION'), 1)
  await expect(edge.get('/cajas/sesion-activa/2')).rejects.toThrow('its contract lacks')
  problems.push('NO_ACTIVE_SESSION')
})
