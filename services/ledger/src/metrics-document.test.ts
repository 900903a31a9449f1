import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { createFloatMetrics } from './float/float-metrics.ts'
import { createLedgerMetrics } from './metrics.ts'
import { createStateMetrics } from './reads/ledger-metrics.ts'
import { createReconcileMetrics } from './reconcile/reconcile-metrics.ts'
import { createSaleMetrics } from './topups/sale-metrics.ts'

/** The rows of one section of docs/metrics.md: name, type and labels. */
const documented = (section: string): readonly string[] => {
  const path = new URL('../../../docs/metrics.md', import.meta.url)
  const text = readFileSync(path, 'utf8').split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...text.matchAll(/^\| `(\w+)` *\| (\w+) *\| ([^|]*?) *\|/gm)].map(
    ([, name = '', type = '', labels = '']) => `${name} ${type} ${labels === '-' ? '' : labels}`,
  )
}

const registered = (registry: Registry): readonly string[] =>
  registry.getMetricsAsArray().map((metric) => {
    const { name, type, labelNames } = metric as unknown as {
      readonly name: string
      readonly type: string
      readonly labelNames: readonly string[]
    }
    return `${name} ${type} ${labelNames.join(', ')}`
  })

const ofService = (): Registry => {
  const registry = new Registry()
  createLedgerMetrics(registry)
  createReconcileMetrics(registry)
  createFloatMetrics(registry)
  const { onFloat } = createSaleMetrics(registry)
  onFloat({ merchant: 'principal', operator: 'Tigo' })
  createStateMetrics(registry, { read: () => Promise.reject(new Error()), now: () => 0, onFloat })
  return registry
}

it('docs/metrics.md lists every figure of this service with its type and labels, and no other', () => {
  expect([...registered(ofService())].sort()).toEqual([...documented('ledger')].sort())
})

it('every figure that rises is there from the start, at 0', async () => {
  const rising = (await ofService().getMetricsAsJSON()).filter(
    ({ type }) => String(type) !== 'gauge',
  )
  expect(rising.length).toBeGreaterThan(0)
  for (const { name, values } of rising) {
    expect({ name, atStart: values.length > 0 }).toEqual({ name, atStart: true })
    expect(values.every(({ value }) => value === 0)).toBe(true)
  }
})
