import { readFileSync } from 'node:fs'
import type { Registry } from 'prom-client'
import type { Express } from 'express'

export * from './eventually.ts'
export * from './test-servers.ts'

/** The rows of one section of docs/metrics.md: name, type and labels. */
export const documentedFigures = (section: string): readonly string[] => {
  const path = new URL('../../../../docs/metrics.md', import.meta.url)
  const text = readFileSync(path, 'utf8').split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...text.matchAll(/^\| `(\w+)` *\| (\w+) *\| ([^|]*?) *\|/gm)].map(
    ([, name = '', type = '', labels = '']) => `${name} ${type} ${labels === '-' ? '' : labels}`,
  )
}

/** The same of a registry. */
export const registeredFigures = (registry: Registry): readonly string[] =>
  registry.getMetricsAsArray().map((metric) => {
    const { name, type, labelNames } = metric as unknown as {
      readonly name: string
      readonly type: string
      readonly labelNames: readonly string[]
    }
    return `${name} ${type} ${labelNames.join(', ')}`
  })

/** The names of the rising figures that are not there from the start, at 0; `count` is of all that rise. */
export const notFromTheStart = async (
  registry: Registry,
): Promise<{ readonly count: number; readonly names: readonly string[] }> => {
  const rising = (await registry.getMetricsAsJSON()).filter(({ type }) => String(type) !== 'gauge')
  const missing = rising.filter(
    ({ values }) => values.length === 0 || values.some(({ value }) => value !== 0),
  )
  return { count: rising.length, names: missing.map(({ name }) => name) }
}

type Layer = {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** Every route of an application, as "get /path". Express does not expose a router's mount path, so it is left out. */
export const routesOf = (app: Express): readonly string[] =>
  within((app.router as unknown as { readonly stack: readonly Layer[] }).stack)

const within = (layers: readonly Layer[]): readonly string[] =>
  layers.flatMap(({ route, handle }) =>
    route === undefined
      ? within(handle.stack ?? [])
      : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
  )
