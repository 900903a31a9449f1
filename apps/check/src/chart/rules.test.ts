import { expect, it } from '@jest/globals'
import { ruleProblems, type KubernetesObject } from './rules.ts'

const labels = { 'app.kubernetes.io/name': 'recargas', 'app.kubernetes.io/component': 'ledger' }
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
}
const container = {
  name: 'ledger',
  lifecycle: { preStop: { sleep: { seconds: 5 } } },
  securityContext: restricted,
  livenessProbe: { httpGet: { path: '/live', port: 'http' } },
  readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
  resources: { limits: { memory: '512Mi' } },
}
const podSpec = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 18,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname' }],
  containers: [container],
}
const object = (kind: string, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'shop-ledger' },
  spec,
})
const deployment = (pod: object = {}, more: object = {}): KubernetesObject =>
  object('Deployment', {
    ...more,
    template: { metadata: { labels }, spec: { ...podSpec, ...pod } },
  })
const budget = object('PodDisruptionBudget', { selector: { matchLabels: labels } })
const policy = object('NetworkPolicy', {
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'recargas' } },
  policyTypes: ['Ingress', 'Egress'],
})
const scaled = (metadata: object = {}, maxReplicaCount = 16): KubernetesObject =>
  object('ScaledObject', {
    scaleTargetRef: { name: 'shop-ledger' },
    maxReplicaCount,
    triggers: [
      {
        metadata: {
          mode: 'QueueLength',
          value: '9',
          useRegex: 'true',
          operation: 'sum',
          ...metadata,
        },
      },
    ],
  })

it('finds nothing wrong with a closed, restricted and scaled service', () => {
  expect(ruleProblems([deployment(), budget, policy, scaled()], 16)).toEqual([])
})

it.each([
  [
    'a root file system that can be written',
    { containers: [{ ...container, securityContext: {} }] },
  ],
  ['a pod that may run as root', { securityContext: {} }],
  ['a token of the API server', { automountServiceAccountToken: true }],
  ['addresses of other Services', { enableServiceLinks: true }],
  ['all pods on one node', { topologySpreadConstraints: [] }],
  ['an end before the shutdown is over', { terminationGracePeriodSeconds: 10 }],
  ['an end without a drain', { containers: [{ ...container, lifecycle: undefined }] }],
  ['no question for readiness', { containers: [{ ...container, readinessProbe: undefined }] }],
])('names %s', (_, pod) => {
  expect(ruleProblems([deployment(pod), budget, policy], 16)).not.toEqual([])
})

it('names a service without a disruption budget, and one that no policy closes', () => {
  expect(ruleProblems([deployment(), policy], 16)).toEqual([
    'shop-ledger: has no PodDisruptionBudget',
  ])
  expect(ruleProblems([deployment(), budget], 16)).toEqual([
    'ledger: no NetworkPolicy closes its Ingress',
    'ledger: no NetworkPolicy closes its Egress',
  ])
})

it('names replicas that KEDA owns, more ledgers than partitions, and a deprecated trigger', () => {
  const faults = ruleProblems(
    [deployment({}, { replicas: 2 }), budget, policy, scaled({ queueLength: '5' }, 17)],
    16,
  )
  expect(faults).toEqual([
    'shop-ledger gives replicas, which KEDA owns',
    'scales to more ledgers than 16 partitions',
    'uses the deprecated queueLength',
  ])
})

it('names a Secret: passwords stay out of the chart', () => {
  expect(ruleProblems([object('Secret', {})], 16)).toEqual([
    'Secret shop-ledger: the chart makes no Secret',
  ])
})
