import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { everyRole } from '../api/route.ts'
import { startEdge } from '../testing/edge.ts'
import { aToken } from '../testing/token.ts'
import { everyPage, publicOperationsOf } from './public-operations.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())

/** docs/routes.md, line by line: the roles of each route. */
const table = [
  ...readFileSync(new URL('../../../../docs/routes.md', import.meta.url), 'utf8').matchAll(
    /^\| `([A-Z]+) (\S+)` *\| ([^|]+?) *\| ([^|]+?) *\|$/gm,
  ),
].map(([, method = '', path = '', who = '', summary = '']) => ({ method, path, who, summary }))
const guardedRoutes = table.filter(({ who }) => who !== 'anybody')
/** Claims that grant nothing, whatever their shape. */
const otherScopes = [null, 'openid', 'operaciones', ['otra'], { operacion: true }]
const nameOf = (method: string, path: string) => `${method.toUpperCase()} ${path}`

test('docs/routes.md is the route table: every route, its roles, and its purpose', () => {
  const routes = edge.routes.map(({ method, path, roles, scope, contract: { summary } }) => ({
    method: method.toUpperCase(),
    path,
    who: `${roles.join(', ')}${scope === undefined ? '' : ` (\`${scope}\`)`}`,
    summary,
  }))
  const open = publicOperationsOf(everyPage).map(({ path, summary }) => ({
    method: 'GET',
    path,
    who: 'anybody',
    summary,
  }))
  expect(table).toEqual([...routes, ...open])
})

describe.each(guardedRoutes)('$method $path', ({ method, path, who }) => {
  const [roles = '', scope] = who.replaceAll(/[`)]/g, '').split(' (')
  const ask = (authorization: string) =>
    edge.send(
      method,
      path.replaceAll(/:\w+/g, '7'),
      method === 'POST' || method === 'PATCH' ? {} : undefined,
      { authorization },
    )

  test('without a token is 401', async () => {
    const { status, body } = await ask('')
    expect([status, body['code']]).toEqual([401, 'TOKEN_MISSING'])
  })

  test.each(everyRole)('is for %s as in the table', async (roleName) => {
    const { status, body } = await ask(`Bearer ${aToken({ roleName, sub: 7, scope })}`)
    if (roles.split(', ').includes(roleName)) expect([401, 403]).not.toContain(status)
    else expect([status, body['code']]).toEqual([403, 'FORBIDDEN'])
  })

  test.each(scope === undefined ? ['openid'] : otherScopes)(
    'asks the scope %j for its own',
    async (other) => {
      const token = aToken({ roleName: 'Administrador', sub: 7, scope: other })
      const { body } = await ask(`Bearer ${token}`)
      expect(body['code'] === 'SCOPE_MISSING').toBe(scope !== undefined)
    },
  )
})

test.each(publicOperationsOf(everyPage))('GET $path needs no token', async ({ path, replies }) => {
  const { status, headers } = await edge.get(path, { authorization: '' })
  expect(Object.keys(replies)).toContain(String(status))
  expect(headers.get('www-authenticate')).toBeNull()
})

test('an undeclared route is not there', async () => {
  const known = new Set(table.map(({ method, path }) => nameOf(method, path)))
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'PUT']) {
    for (const { path } of table) {
      if (known.has(nameOf(method, path))) continue
      const answer = await edge.send(method, path.replaceAll(/:\w+/g, '7'))
      expect([method, path, answer.body['code']]).toEqual([method, path, 'METHOD_NOT_ALLOWED'])
      const allowed = table.filter((other) => other.path === path).map((other) => other.method)
      expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allowed))
    }
  }
})
