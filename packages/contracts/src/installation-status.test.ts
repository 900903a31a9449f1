import { describe, expect, it } from '@jest/globals'
import {
  areHeldSalesWell,
  areVersionsOne,
  isProofWell,
  isReconciliationWell,
  provenAt,
  readInstallation,
  type StatusReads,
} from './installation-status.ts'

const now = Date.parse('2026-11-29T12:00:00.000Z')
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

const answers: Readonly<Record<string, unknown>> = {
  '/ready': { ready: false, parts: [{ name: 'broker', ready: false, reason: 'away' }] },
  '/live': { live: true, version: '1 abc' },
  '/internal/selling': { open: true, reason: null },
  '/internal/overview': { held: [], lowFloats: [], openCases: [] },
  '/internal/retired-cajas': [],
  '/internal/quarantine/groups': [],
  '/internal/proof': [{ partition: 1, block: 9, at: ago(1), finding: null }],
}
const reads = (changes: Readonly<Record<string, unknown>> = {}): StatusReads => {
  const all = { ...answers, ...changes }
  return {
    probe: (_, path) => Promise.resolve(all[path]),
    ask: (_, path, schema) =>
      Promise.resolve(path in all ? (schema.parse(all[path]) as never) : null),
  }
}

describe('the status of an installation', () => {
  it('holds what each service says, and that nothing was reconciled yet', async () => {
    const { services, reconciliation, carriers } = await readInstallation(reads())
    expect(services).toHaveLength(3)
    expect(services[1]).toEqual({
      service: 'ledger',
      parts: { kind: 'answered', value: [{ name: 'broker', ready: false, reason: 'away' }] },
      version: '1 abc',
    })
    expect(reconciliation).toEqual({ kind: 'answered', value: null })
    expect(carriers).toEqual({ kind: 'silent', reason: 'the adapter does not tell' })
  })

  it('names the reason of a part that is away, or of another version, beside the others', async () => {
    const { selling, money, services } = await readInstallation({
      ...reads({ '/internal/overview': { held: 1 } }),
      probe: (service) =>
        service === 'adapter' ? Promise.reject(new Error('refused')) : Promise.resolve({}),
    })
    expect(selling.kind).toBe('answered')
    expect(money.kind).toBe('silent')
    expect(services.map(({ parts }) => parts.kind)).toEqual(['silent', 'silent', 'silent'])
    expect(services[2]?.parts).toEqual({ kind: 'silent', reason: 'refused' })
  })

  it('is of one version, or of several', async () => {
    const status = await readInstallation(reads())
    expect(areVersionsOne(status)).toBe(true)
    const [first, ...others] = status.services
    if (first === undefined) throw new Error('no service')
    expect(areVersionsOne({ services: [{ ...first, version: '2' }, ...others] })).toBe(false)
  })
})

it.each([
  [null, true],
  [ago(2), true],
  [ago(2.1), false],
])('sales that are held since %s are well: %j', (oldestAt, well) => {
  expect(areHeldSalesWell(oldestAt, now)).toBe(well)
})

it.each([
  [null, false],
  [{ run: 1, status: 'equal', to: ago(180), uncertain: 0 }, true],
  [{ run: 1, status: 'equal', to: ago(181), uncertain: 0 }, false],
  [{ run: 1, status: 'different', to: ago(1), uncertain: 0 }, false],
])('the reconciliation %j is well: %j', (run, well) => {
  expect(isReconciliationWell(run, now)).toBe(well)
})

it('the proof is as old as its oldest partition, and well while none stands at a difference', () => {
  const proven = { partition: 1, block: 9, at: ago(1), finding: null }
  const finding = { code: 'CHAIN', block: 9, entry: null, detail: 'cut', found: 1, at: ago(1) }
  expect([provenAt([]), isProofWell([])]).toEqual([null, true])
  expect(provenAt([proven, { ...proven, partition: 2, at: ago(5) }])).toBe(ago(5))
  expect([isProofWell([proven]), isProofWell([proven, { ...proven, finding }])]).toEqual([
    true,
    false,
  ])
})
