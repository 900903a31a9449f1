import { z } from 'zod'

const Labels = z.record(z.string(), z.string()).default({})
const Selector = z.object({ matchLabels: Labels })
const Security = z.looseObject({}).default({})

const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })
const Container = z.object({
  name: z.string(),
  securityContext: Security,
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.int() }) }) }).optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  resources: z.object({ limits: z.object({ memory: z.string() }) }),
})
const Pod = z.object({
  metadata: z.object({ labels: Labels }),
  spec: z.object({
    automountServiceAccountToken: z.boolean(),
    enableServiceLinks: z.boolean(),
    securityContext: Security,
    terminationGracePeriodSeconds: z.int().optional(),
    topologySpreadConstraints: z.array(z.object({ topologyKey: z.string() })).default([]),
    containers: z.array(Container),
  }),
})
const Template = z.object({ spec: z.object({ template: Pod }) })
const Deployment = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ replicas: z.int().optional(), template: Pod }),
})
const CronJob = z.object({ spec: z.object({ jobTemplate: Template }) })
const Selecting = z.object({ spec: z.object({ selector: Selector }) })
const Policy = z.object({
  spec: z.object({ podSelector: Selector, policyTypes: z.array(z.string()) }),
})
const Scaled = z.object({
  spec: z.object({
    scaleTargetRef: z.object({ name: z.string() }),
    maxReplicaCount: z.int(),
    triggers: z.array(z.object({ metadata: z.record(z.string(), z.string()) })),
  }),
})

export const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
export type KubernetesObject = z.infer<typeof KubernetesObject>

const restrictedPod = {
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
}
const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
}

const differs = (found: Readonly<Record<string, unknown>>, wanted: object): readonly string[] =>
  Object.entries(wanted)
    .filter(([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value))
    .map(([name]) => name)

const podsOf = (objects: readonly KubernetesObject[]): readonly z.infer<typeof Pod>[] =>
  objects.flatMap((each) => {
    switch (each.kind) {
      case 'Deployment':
        return [Template.parse(each).spec.template]
      case 'CronJob':
        return [CronJob.parse(each).spec.jobTemplate.spec.template]
      case 'Pod':
        return [Pod.parse(each)]
      default:
        return []
    }
  })

type Selected = z.infer<typeof Selector>
const selects = ({ matchLabels }: Selected, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value)

const podProblems = ({ spec, metadata }: z.infer<typeof Pod>, policies: readonly Policies[]) => [
  ...differs(spec.securityContext, restrictedPod).map((name) => `pod ${name} is not restricted`),
  ...spec.containers.flatMap(({ securityContext }) =>
    differs(securityContext, restrictedContainer).map(
      (name) => `container ${name} is not restricted`,
    ),
  ),
  ...(spec.automountServiceAccountToken ? ['mounts a token of the API server'] : []),
  ...(spec.enableServiceLinks ? ['gets the addresses of other Services as settings'] : []),
  ...['Ingress', 'Egress']
    .filter(
      (type) =>
        !policies.some(
          ({ spec: { podSelector, policyTypes } }) =>
            policyTypes.includes(type) && selects(podSelector, metadata.labels),
        ),
    )
    .map((type) => `no NetworkPolicy closes its ${type}`),
]
type Policies = z.infer<typeof Policy>

/** The shortest time that a service gives its own shutdown, by default. */
const shutdownSecondsMin = 8

const serviceProblems = (
  { spec: { template } }: z.infer<typeof Deployment>,
  budgets: readonly Selected[],
): readonly string[] => {
  const { labels } = template.metadata
  const {
    containers,
    topologySpreadConstraints: spread,
    terminationGracePeriodSeconds: graceSeconds = 0,
  } = template.spec
  const [container] = containers
  const drainSeconds = container?.lifecycle?.preStop.sleep.seconds ?? 0
  return [
    ...(drainSeconds > 0 ? [] : ['ends before proxies forget it']),
    ...(graceSeconds >= drainSeconds + shutdownSecondsMin
      ? []
      : [`is killed ${graceSeconds - drainSeconds} s after its SIGTERM`]),
    ...(container?.livenessProbe?.httpGet.path === '/live' ? [] : ['does not ask /live']),
    ...(container?.readinessProbe?.httpGet.path === '/ready' ? [] : ['does not ask /ready']),
    ...(spread.some(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname')
      ? []
      : ['may have all its pods on one node']),
    ...(budgets.some((budget) => selects(budget, labels)) ? [] : ['has no PodDisruptionBudget']),
  ]
}

const scalingProblems = (
  { spec: { scaleTargetRef, maxReplicaCount, triggers } }: z.infer<typeof Scaled>,
  deployments: readonly z.infer<typeof Deployment>[],
  partitions: number,
): readonly string[] => {
  const target = deployments.find(({ metadata }) => metadata.name === scaleTargetRef.name)
  return [
    ...(target === undefined ? [`scales ${scaleTargetRef.name}, which is not there`] : []),
    ...(target?.spec.replicas === undefined
      ? []
      : [`${scaleTargetRef.name} gives replicas, which KEDA owns`]),
    ...(scaleTargetRef.name.endsWith('-ledger') && maxReplicaCount > partitions
      ? [`scales to more ledgers than ${partitions} partitions`]
      : []),
    ...triggers.flatMap(({ metadata }) => [
      ...('queueLength' in metadata ? ['uses the deprecated queueLength'] : []),
      ...(metadata['mode'] === 'QueueLength' && metadata['value'] !== undefined
        ? []
        : ['gives no mode and value']),
      ...(metadata['useRegex'] === 'true' && metadata['operation'] === 'sum'
        ? []
        : ['does not add its queues up']),
    ]),
  ]
}

const ofKind = <Schema extends z.ZodType>(
  objects: readonly KubernetesObject[],
  kind: string,
  schema: Schema,
): readonly z.output<Schema>[] =>
  objects.filter((each) => each.kind === kind).map((each) => schema.parse(each))

/** @returns the faults of one rendered chart that no schema of Kubernetes names */
export const ruleProblems = (
  objects: readonly KubernetesObject[],
  partitions: number,
): readonly string[] => {
  const policies = ofKind(objects, 'NetworkPolicy', Policy)
  const deployments = ofKind(objects, 'Deployment', Deployment)
  const budgets = ofKind(objects, 'PodDisruptionBudget', Selecting).map(({ spec }) => spec.selector)
  const component = ({ metadata }: { readonly metadata: { readonly labels: unknown } }): string =>
    String(Labels.parse(metadata.labels)['app.kubernetes.io/component'])
  return [
    ...objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata }) => `Secret ${metadata.name}: the chart makes no Secret`),
    ...podsOf(objects).flatMap((pod) =>
      podProblems(pod, policies).map((problem) => `${component(pod)}: ${problem}`),
    ),
    ...deployments.flatMap((each) =>
      serviceProblems(each, budgets).map((problem) => `${each.metadata.name}: ${problem}`),
    ),
    ...ofKind(objects, 'ScaledObject', Scaled).flatMap((each) =>
      scalingProblems(each, deployments, partitions),
    ),
  ]
}
