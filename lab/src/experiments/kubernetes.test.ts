import { expect, it } from '@jest/globals'
import { exceededOf } from '../runner/judge.ts'
import { boundsOf } from './kubernetes.ts'
import { secretCount } from './kubernetes/installation.ts'

type Found = Parameters<typeof boundsOf>[0]

const each = <Value>(value: Value) => ({
  'api-gateway': value,
  ledger: value,
  'carrier-adapter': value,
})
const budget = { healthy: 2, least: 1, mayEnd: 1 }
const refused = {
  asked: 'a wrong value',
  isRefused: true,
  saysWhy: true,
  says: '',
  leftAsItWas: true,
}
const drain = {
  change: 'drain',
  seconds: 5,
  fewestReady: each(1),
  leastReady: each(1),
  wrong: [],
  evictionsRefused: 1,
}
const good: Found = {
  installSeconds: 8,
  installed: {
    services: each({ pods: 2, ready: 2, nodes: 2, zones: 2 }),
    replicas: each(2),
    nodes: each(['node-a1', 'node-b1']),
    budgets: [budget, budget, budget],
    networkPolicies: 6,
    cronJobs: 1,
  },
  works: { helmTest: true, backupJob: true },
  refused: [refused],
  changes: [drain],
  left: [],
  secretsKept: secretCount,
}
const servicesWith = (ledger: Partial<Found['installed']['services']['ledger']>) => {
  const { services } = good.installed
  return {
    installed: {
      ...good.installed,
      services: { ...services, ledger: { ...services.ledger, ...ledger } },
    },
  }
}

it('is content with a chart that installs, changes and goes', () => {
  expect(exceededOf(boundsOf(good))).toEqual([])
})

it.each<[string, Partial<Found>]>([
  ['installs in under 60 s', { installSeconds: 60 }],
  ['each pod is ready', servicesWith({ ready: 1 })],
  ['pods of one service stand on nodes and in zones of their own', servicesWith({ nodes: 1 })],
  ['pods of one service stand on nodes and in zones of their own', servicesWith({ zones: 1 })],
  [
    'each disruption budget lets one pod go',
    { installed: { ...good.installed, budgets: [budget] } },
  ],
  ['helm test and a backup job complete', { works: { helmTest: true, backupJob: false } }],
  [
    'refused with its reason, and nothing done: a wrong value',
    { refused: [{ ...refused, leftAsItWas: false }] },
  ],
  ['drain: enough pods stay ready', { changes: [{ ...drain, fewestReady: each(0) }] }],
  ['drain: ends as asked', { changes: [{ ...drain, wrong: ['pods are on node-a1'] }] }],
  ['an eviction waits for the budget', { changes: [{ ...drain, evictionsRefused: 0 }] }],
  ['uninstalling leaves nothing but the Secrets', { left: ['pod/recargas-smoke-sale'] }],
  ['uninstalling leaves nothing but the Secrets', { secretsKept: 0 }],
])('misses "%s"', (bound, found) => {
  expect(exceededOf(boundsOf({ ...good, ...found }))).toEqual([bound])
})
