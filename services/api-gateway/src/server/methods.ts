import type { Route } from '../api/route.ts'
import { publicOperationsOf, type Pages } from '../openapi/public-operations.ts'

/**
 * The methods that a path has, none where there is no such path. A path that is named counts before one that only fits:
 * `/cajas/abrir` is not the caja `abrir`.
 */
export const createMethodsOf = (
  routes: readonly Pick<Route, 'method' | 'path'>[],
  pages: Pages,
): ((path: string) => readonly string[]) => {
  const shown = publicOperationsOf(pages).map(({ path }) => ({ method: 'get', path }) as const)
  const all = [...routes, ...shown]
  const named = new Map<string, string[]>()
  const fitting = new Map<string, { readonly pattern: RegExp; readonly methods: string[] }>()
  for (const { method, path } of all) {
    const methods = method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
    if (path.includes(':')) {
      const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`)
      const known = fitting.get(path)?.methods ?? []
      fitting.set(path, { pattern, methods: [...known, ...methods] })
    } else named.set(path, [...(named.get(path) ?? []), ...methods])
  }
  return (asked) => {
    const path = asked.replace(/\/$/, '').toLowerCase()
    const exact = named.get(path)
    if (exact !== undefined) return exact
    return [...fitting.values()].flatMap(({ pattern, methods }) =>
      pattern.test(path) ? methods : [],
    )
  }
}
