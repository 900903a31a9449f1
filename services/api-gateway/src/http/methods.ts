import type { Route } from '../edge/route.ts'
import { publicOperations } from '../openapi/public-operations.ts'

/** The methods that a path has, none where there is no such path: to tell a wrong method from a wrong path. */
export const createMethodsOf = (
  routes: readonly Pick<Route, 'method' | 'path'>[],
): ((path: string) => readonly string[]) => {
  const patterns = [
    ...routes,
    ...publicOperations.map(({ path }) => ({ method: 'get', path }) as const),
  ].map(({ method, path }) => ({
    methods: method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i'),
  }))
  return (path) => [
    ...new Set(patterns.flatMap(({ methods, pattern }) => (pattern.test(path) ? methods : []))),
  ]
}
