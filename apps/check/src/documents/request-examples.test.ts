import { expect, test } from '@jest/globals'
import { textOf } from '../repository-files.ts'

/** Every route of docs/routes.md, which another test holds to the server, as a pattern of paths. */
const routes = [...textOf('docs/routes.md').matchAll(/^\| `([A-Z]+) (\/\S+)`/gm)].map(
  ([, method = '', path = '']) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
  }),
)
const isRoute = (method: string, path: string) =>
  routes.some((route) => route.method === method && route.pattern.test(path))

const requests = textOf('requests.http')
  .split('###')
  .flatMap((request) => {
    const [, method = '', path = ''] =
      /^(GET|POST|PATCH) \{\{gateway\}\}([^?\s]+)/m.exec(request) ?? []
    return method === '' ? [] : [{ name: `${method} ${path}`, method, path, request }]
  })

test('requests.http asks for routes that there are', () => {
  expect(requests.length).toBeGreaterThan(10)
  expect(
    requests.filter(({ method, path }) => !isRoute(method, path)).map(({ name }) => name),
  ).toEqual([])
})

test('each of its bodies is JSON', () => {
  for (const { name, method, request } of requests) {
    const [, body = ''] = /\n\n(\{.*\})/s.exec(request) ?? []
    expect([name, body !== '']).toEqual([name, method !== 'GET'])
    if (body !== '')
      expect(JSON.parse(body.replaceAll(/\{\{\w+\}\}/g, '1'))).toEqual(expect.any(Object))
  }
})

test('docs/integrating.md names routes that there are', () => {
  const named = [
    ...textOf('docs/integrating.md').matchAll(/`(GET|POST|PATCH) (\/[^?`]+)(?:\?[^`]*)?`/g),
  ]
  expect(named.length).toBeGreaterThan(10)
  expect(
    named.filter(([, method = '', path = '']) => !isRoute(method, path)).map(([whole]) => whole),
  ).toEqual([])
})
