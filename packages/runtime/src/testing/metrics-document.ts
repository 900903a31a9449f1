import { readFileSync } from 'node:fs'
import type { Registry } from 'prom-client'

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
