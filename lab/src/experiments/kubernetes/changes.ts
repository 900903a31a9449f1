import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '@recargas/stack/readiness'
import { secondsSince } from '../../runner/statistics.ts'
import { say } from '../../runner/report.ts'
import type { Cluster } from './control-plane.ts'
import {
  byComponent,
  components,
  inNamespace,
  parts,
  readInstallation,
  release,
  rollingBack,
  upgrading,
  valuesOf,
  type Component,
} from './installation.ts'
import {
  fewestServing,
  podEventsOf,
  podEventTemplate,
  podsAfter,
  type PodEvent,
} from './pod-events.ts'

/** A change of the installation, as an operator makes it. */
export type Change = {
  readonly change: string
  readonly seconds: number
  /** The fewest ready pods of each service at any moment of it. */
  readonly fewestReady: Readonly<Record<Component, number>>
  /** Fewer would break its promise. */
  readonly leastReady: Readonly<Record<Component, number>>
  /** Differences from what was asked for, at its end. */
  readonly wrong: readonly string[]
  readonly evictionsRefused: number
}

const settleTimeoutMs = 60_000
const stopTimeoutMs = 2_000
const rolloutTimeout = '--timeout=120s'
const oldTag = '0.1.0'
const newTag = '0.2.0'

export const watchPods = async (cluster: Cluster) => {
  const logFile = join(cluster.folder, 'pod-events.tsv')
  const child = await cluster.follow(
    logFile,
    ...['get', 'pods', ...inNamespace, '--selector', `app.kubernetes.io/instance=${release}`],
    ...['--watch', '--output-watch-events', '--output', podEventTemplate],
  )
  return {
    events: () => podEventsOf(readFileSync(logFile, 'utf8')),
    stop: async () => {
      await child.stop(stopTimeoutMs)
    },
  }
}
type Watch = Awaited<ReturnType<typeof watchPods>>

/** Waits until each service has all its pods, and the watch has seen it. */
export const settled = async (cluster: Cluster, watch: Watch): Promise<void> => {
  for (const component of components) {
    const deployment = `deployment/${release}-${component}`
    await cluster.kubectl('rollout', 'status', deployment, ...inNamespace, rolloutTimeout)
  }
  await waitUntil('each pod serves', settleTimeoutMs, async () => {
    const { replicas } = await readInstallation(cluster)
    const pods = podsAfter(watch.events())
    return components.every((component) => {
      const own = pods.filter((pod) => pod.component === component)
      return own.length === replicas[component] && own.every(({ serves }) => serves)
    })
  })
}

const tagsOf = (pods: readonly PodEvent[], component: Component): string =>
  [...new Set(pods.filter((pod) => pod.component === component).map(({ image }) => image))]
    .map((image) => image.replace(/^.*:/, ''))
    .join(' and ')

type Wanted = {
  readonly replicas?: Partial<Record<Component, number>>
  readonly tags?: Partial<Record<Component, string>>
  readonly emptyNodes?: readonly string[]
}

const usualReplicas = 2

const differences = (
  { replicas = {}, tags = {}, emptyNodes = [] }: Wanted,
  pods: readonly PodEvent[],
): readonly string[] => [
  ...components.flatMap((component) => {
    const wanted = replicas[component] ?? usualReplicas
    const found = pods.filter((pod) => pod.component === component).length
    return found === wanted ? [] : [`${component} has ${found} pods instead of ${wanted}`]
  }),
  ...components.flatMap((component) => {
    const [wanted, found] = [tags[component] ?? oldTag, tagsOf(pods, component)]
    return found === wanted ? [] : [`${component} runs ${found} instead of ${wanted}`]
  }),
  ...emptyNodes
    .filter((node) => pods.some((pod) => pod.node === node))
    .map((node) => `pods are on ${node}`),
]

const refusedEvictionsOf = (says: string): number =>
  says.match(/would violate the pod's disruption budget/g)?.length ?? 0

type Act = () => Promise<{ readonly says: string }>
/** Makes a change and judges it. One pod of a service may be missing while nodes are drained, none during a rollout. */
type Make = (change: string, missingMax: 0 | 1, wanted: Wanted, act: Act) => Promise<void>

const makerOf =
  (cluster: Cluster, watch: Watch, changes: Change[]): Make =>
  async (change, missingMax, wanted, act) => {
    const { replicas: before } = await readInstallation(cluster)
    const from = watch.events().length
    const startedAt = performance.now()
    const { says } = await act()
    await settled(cluster, watch)
    const seconds = secondsSince(startedAt)
    const { replicas: after } = await readInstallation(cluster)
    const events = watch.events()
    changes.push({
      change,
      seconds,
      fewestReady: byComponent((component) => fewestServing(events, component, from)),
      leastReady: byComponent(
        (component) => Math.min(before[component], after[component]) - missingMax,
      ),
      wrong: differences(wanted, podsAfter(events)),
      evictionsRefused: refusedEvictionsOf(says),
    })
    say(`  ${change}: ${seconds} s`)
  }

const allOf = (tag: string) => ({ 'api-gateway': tag, ledger: tag, 'carrier-adapter': tag })
const upgraded = { tags: allOf(newTag) }
const gatewaysKeptBack = { tags: { ...upgraded.tags, 'api-gateway': oldTag } }
const scaledByValues = { ...upgraded, replicas: { ledger: 4, 'carrier-adapter': 3 } }
const scaledByHand = { replicas: { ledger: 3, 'carrier-adapter': 3 } }
const scaledByKeda = { replicas: { ledger: 5, 'carrier-adapter': 5 } }

/** Upgrades, scales, drains, rolls back and hands the replicas over to an autoscaler, while each pod is watched. */
export const changeInstallation = async (
  cluster: Cluster,
  watch: Watch,
): Promise<readonly Change[]> => {
  const changes: Change[] = []
  const make = makerOf(cluster, watch, changes)
  await upgradeAndScale(cluster, make)
  await drainNodes(cluster, make)
  await make('roll back', 0, {}, () => helm(cluster, rollingBack))
  await handReplicasOver(cluster, make)
  return changes
}

const helm = async (cluster: Cluster, ...args: readonly (readonly string[])[]) => ({
  says: await cluster.helm(...args.flat()),
})

const upgradeAndScale = async (cluster: Cluster, make: Make): Promise<void> => {
  const upgrade = (...set: readonly string[]) =>
    helm(cluster, upgrading, ['--reuse-values'], ...set.map((value) => ['--set', value]))
  await make('upgrade ledger and adapter', 0, gatewaysKeptBack, () =>
    upgrade(`image.tag=${newTag}`, `gateway.tag=${oldTag}`),
  )
  await make('upgrade the gateway', 0, upgraded, () =>
    upgrade(`image.tag=${newTag}`, 'gateway.tag='),
  )
  await make('scale by values', 0, scaledByValues, () =>
    upgrade('ledger.replicas=4', 'adapter.replicas=3'),
  )
}

const drainOptions = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=180s']

const drainNodes = async (cluster: Cluster, make: Make): Promise<void> => {
  const drain = async (nodes: readonly string[]) => {
    const answers = await Promise.all(
      nodes.map((node) => cluster.try('kubectl', 'drain', node, ...drainOptions)),
    )
    const says = answers.map((answer) => answer.says).join('\n')
    if (answers.some(({ isAccepted }) => !isAccepted)) throw new Error(`drain: ${says}`)
    return { says }
  }
  const drainThem = async (change: string, nodes: readonly string[]) => {
    const wanted = { ...scaledByValues, emptyNodes: nodes }
    await make(change, 1, wanted, () => drain(nodes))
    await cluster.kubectl('uncordon', ...nodes)
  }
  const before = await readInstallation(cluster)
  await drainThem('drain a node', before.nodes['api-gateway'].slice(0, 1))
  // Those of both gateways: only the budget keeps one of them.
  const { nodes } = await readInstallation(cluster)
  await drainThem('drain two nodes at once', nodes['api-gateway'])
}

const handReplicasOver = async (cluster: Cluster, make: Make): Promise<void> => {
  const scale = async (replicas: number) => {
    const deployments = ['ledger', 'carrier-adapter'].map((name) => `deployment/${release}-${name}`)
    const count = `--replicas=${replicas}`
    return { says: await cluster.kubectl('scale', ...deployments, count, ...inNamespace) }
  }
  const withKeda = [...parts, 'keda' as const]
  await make('scale by hand', 0, scaledByHand, () => scale(3))
  await make('turn KEDA on', 0, scaledByHand, () => helm(cluster, upgrading, valuesOf(withKeda)))
  await make('scale as KEDA does', 0, scaledByKeda, () => scale(5))
  await make('upgrade what KEDA scales', 0, { ...scaledByKeda, ...upgraded }, () =>
    helm(cluster, upgrading, valuesOf(withKeda, [`image.tag=${newTag}`])),
  )
  // Without the force Helm refuses to take the number from its new owner.
  await make('turn KEDA off', 0, {}, () =>
    helm(cluster, upgrading, valuesOf(parts), ['--force-conflicts']),
  )
}
