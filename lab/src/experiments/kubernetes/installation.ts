import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { z } from 'zod'
import type { Cluster } from './control-plane.ts'
import { operatorsKinds } from './operators-kinds.ts'

export const namespace = 'recargas'
export const release = 'recargas'
export const components = ['api-gateway', 'ledger', 'carrier-adapter'] as const
export type Component = (typeof components)[number]

export const inNamespace = ['--namespace', namespace]
const ofRelease = ['--selector', `app.kubernetes.io/instance=${release}`]
const helmTimeout = ['--wait', '--timeout', '3m']

/** Every part of the chart but KEDA, which decides the replicas itself. */
export const parts = ['ingress', 'monitoring', 'backup', 'smoke-sale'] as const
type ValueFile = (typeof parts)[number] | 'minimal' | 'keda'

/** Arguments of `helm install` and `helm upgrade`. */
export const valuesOf = (
  files: readonly ValueFile[],
  set: readonly string[] = [],
): readonly string[] => [
  ...['minimal' as const, ...files].flatMap((file) => [
    '--values',
    join(repository, `ops/helm/values/${file}.yaml`),
  ]),
  ...['--set-file', `catalogue.text=${join(repository, 'catalogue.json')}`],
  ...set.flatMap((each) => ['--set', each]),
]

export const chart = join(repository, 'ops/helm/recargas')
export const installing = ['install', release, chart, ...inNamespace, ...helmTimeout]
export const upgrading = ['upgrade', release, chart, ...inNamespace, ...helmTimeout]
export const rollingBack = ['rollback', release, '1', ...inNamespace, ...helmTimeout]

/** The keys of docs/kubernetes.md. Nothing ever reads the values. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  recargas: [
    'service-token',
    'jwt-secret',
    'tpaga-api-key',
    'amqp-url-gateway',
    'amqp-url-ledger',
    'amqp-url-adapter',
    'mongodb-uri-ledger',
    'mongodb-uri-adapter',
  ],
  'recargas-backup': ['mongodb-uri-auditor-ledger', 'mongodb-uri-auditor-adapter', 'rclone.conf'],
  'recargas-keda': ['rabbitmq-management-url'],
  'recargas-smoke-sale': ['token'],
  'recargas-tls': ['tls.crt', 'tls.key'],
}

export const secretCount = Object.keys(secrets).length

const secretNamed = (name: string, keys: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  stringData: Object.fromEntries(keys.map((key) => [key, randomBytes(16).toString('hex')])),
})

/** Makes the Secrets that the values name, but for a key that is left out. */
export const makeSecrets = async (cluster: Cluster, without?: string): Promise<void> => {
  const items = Object.entries(secrets).map(([name, keys]) =>
    secretNamed(
      name,
      keys.filter((key) => key !== without),
    ),
  )
  await cluster.hand('apply', 'secrets', items)
}

/** A namespace that admits restricted pods only and bounds the sum of what they ask for, and the kinds of two operators. */
export const prepareNamespace = async (cluster: Cluster): Promise<void> => {
  const items = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'shop-chain', namespace },
      spec: {
        hard: {
          'requests.cpu': '8',
          'requests.memory': '8Gi',
          'limits.memory': '12Gi',
          pods: '20',
        },
      },
    },
    ...operatorsKinds(),
  ]
  await cluster.hand('create', 'namespace', items)
  await cluster.kubectl('wait', '--for=condition=Established', 'customresourcedefinitions', '--all')
  // Pods need the account that the control plane makes in each namespace.
  const account = 'serviceaccount/default'
  await cluster.kubectl('wait', '--for=create', account, ...inNamespace, '--timeout=60s')
}

const kindsOfChart = [
  ...['deployments', 'replicasets', 'pods', 'services', 'serviceaccounts', 'configmaps', 'jobs'],
  ...['cronjobs', 'poddisruptionbudgets', 'networkpolicies', 'ingresses', 'servicemonitors'],
  ...['prometheusrules', 'scaledobjects', 'triggerauthentications'],
].join(',')

export const objectsLeft = async (cluster: Cluster): Promise<readonly string[]> => {
  const named = ['--output', 'name', ...inNamespace]
  const objects = await cluster.kubectl('get', kindsOfChart, ...ofRelease, ...named)
  const records = await cluster.kubectl('get', 'secrets', '--selector', 'owner=helm', ...named)
  return `${objects}\n${records}`.split('\n').filter((line) => line !== '')
}

const leaveTimeoutMs = 60_000

/** Removes the release. @returns what is left of it, once what it owned has had its time to go, and the Secrets that are there */
export const uninstall = async (cluster: Cluster) => {
  await cluster.helm('uninstall', release, ...inNamespace, ...helmTimeout)
  let left: readonly string[] = []
  const isGone = async () => (left = await objectsLeft(cluster)).length === 0
  await waitUntil('nothing is left', leaveTimeoutMs, isGone).catch(() => undefined)
  const secretsKept = await cluster.kubectl('get', 'secrets', ...inNamespace, '--output', 'name')
  return { left, secretsKept: secretsKept.trim().split('\n').length }
}

const Condition = z.object({ type: z.string(), status: z.string() })
const Objects = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
      }),
      spec: z
        .looseObject({ nodeName: z.string().optional(), replicas: z.int().optional() })
        .default({}),
      status: z
        .looseObject({
          phase: z.string().optional(),
          conditions: z.array(Condition).default([]),
          currentHealthy: z.int().optional(),
          desiredHealthy: z.int().optional(),
          disruptionsAllowed: z.int().optional(),
        })
        .default({ conditions: [] }),
    }),
  ),
})

export const byComponent = <Value>(read: (component: Component) => Value) =>
  Object.fromEntries(components.map((each) => [each, read(each)])) as Record<Component, Value>

const componentLabel = 'app.kubernetes.io/component'

/** The release as the API server has it. */
export const readInstallation = async (cluster: Cluster) => {
  const kinds = 'deployments,pods,poddisruptionbudgets,networkpolicies,cronjobs'
  const get = ['get', kinds, ...ofRelease, ...inNamespace, '--output', 'json']
  const { items } = Objects.parse(JSON.parse(await cluster.kubectl(...get)))
  const ofKind = (kind: string) => items.filter((item) => item.kind === kind)
  const pods = ofKind('Pod').map(({ metadata, spec, status }) => ({
    component: metadata.labels[componentLabel] ?? '',
    node: spec.nodeName ?? '',
    zone: (spec.nodeName ?? '').replace(/^node-(\w).*$/, '$1'),
    isReady: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  }))
  const spreadOf = (component: Component) => {
    const own = pods.filter((pod) => pod.component === component)
    return {
      pods: own.length,
      ready: own.filter(({ isReady }) => isReady).length,
      nodes: new Set(own.map(({ node }) => node)).size,
      zones: new Set(own.map(({ zone }) => zone)).size,
    }
  }
  return {
    services: byComponent(spreadOf),
    replicas: byComponent(
      (component) =>
        ofKind('Deployment').find(({ metadata }) => metadata.labels[componentLabel] === component)
          ?.spec.replicas ?? 0,
    ),
    nodes: byComponent((component) =>
      pods.filter((pod) => pod.component === component).map(({ node }) => node),
    ),
    budgets: ofKind('PodDisruptionBudget').map(({ status }) => ({
      healthy: status.currentHealthy ?? 0,
      least: status.desiredHealthy ?? 0,
      mayEnd: status.disruptionsAllowed ?? 0,
    })),
    networkPolicies: ofKind('NetworkPolicy').length,
    cronJobs: ofKind('CronJob').length,
  }
}
export type Installation = Awaited<ReturnType<typeof readInstallation>>
