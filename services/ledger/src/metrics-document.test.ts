import { expect, it } from '@jest/globals'
import { documentedFigures, notFromTheStart, registeredFigures } from '@recargas/runtime/testing'
import { Registry } from 'prom-client'
import { createFloatMetrics } from './metrics/float-metrics.ts'
import { createLedgerMetrics } from './metrics.ts'
import { createProofMetrics } from './audit/proof-metrics.ts'
import { createQuarantineMetrics } from './quarantine/quarantine-metrics.ts'
import { createStateMetrics } from './metrics/ledger-metrics.ts'
import { createReconcileMetrics } from './reconcile/reconcile-metrics.ts'
import { createSaleMetrics } from './metrics/sale-metrics.ts'

const ofService = (): Registry => {
  const registry = new Registry()
  createLedgerMetrics(registry)
  createReconcileMetrics(registry)
  createProofMetrics(registry)
  createFloatMetrics(registry)
  createQuarantineMetrics(registry, { read: () => Promise.reject(new Error()), now: () => 0 })
  const { onFloat } = createSaleMetrics(registry)
  onFloat({ merchant: 'principal', operator: 'Tigo' })
  createStateMetrics(registry, { read: () => Promise.reject(new Error()), now: () => 0, onFloat })
  return registry
}

it('docs/metrics.md lists every figure of this service with its type and labels, and no other', () => {
  expect([...registeredFigures(ofService())].sort()).toEqual(
    [...documentedFigures('ledger')].sort(),
  )
})

it('every figure that rises is there from the start, at 0', async () => {
  const { count, names } = await notFromTheStart(ofService())
  expect(count).toBeGreaterThan(0)
  expect(names).toEqual([])
})
