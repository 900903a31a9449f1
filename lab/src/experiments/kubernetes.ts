import { secondsSince } from '../runner/statistics.ts'
import type { Experiment } from '../runner/experiment.ts'
import type { Bounds } from '../runner/judge.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { changeInstallation, settled, watchPods, type Change } from './kubernetes/changes.ts'
import { startControlPlane, type Cluster } from './kubernetes/control-plane.ts'
import {
  components,
  inNamespace,
  installing,
  parts,
  prepareNamespace,
  readInstallation,
  release,
  secretCount,
  uninstall,
  valuesOf,
  type Installation,
} from './kubernetes/installation.ts'
import { nodeCount, zones } from './kubernetes/nodes.ts'
import { kubernetesPrograms, kubernetesVersion } from './kubernetes/programs.ts'
import { refuseInstallations, refuseUpgrade, type Refused } from './kubernetes/refusals.ts'

const installsWithinSeconds = 60

/** Installs, changes and removes the chart on a real control plane. No service runs, so there is no ledger to prove. */
export const kubernetes: Experiment = {
  description: 'the Helm chart on a real control plane with simulated nodes; three minutes',
  onlyNamed: true,
  run: ({ folder }) =>
    runScenario({
      stack: async () => {
        const programs = await kubernetesPrograms()
        const startedAt = performance.now()
        const cluster = await startControlPlane(programs, folder)
        return { ...cluster, readySeconds: secondsSince(startedAt) }
      },
      load: async (cluster) => {
        await prepareNamespace(cluster)
        const refused = await refuseInstallations(cluster)
        return { refused, ...(await install(cluster)) }
      },
      faults: async ({ watch, ...installed }, cluster) => {
        const works = await tryIts(cluster)
        const refused = [...installed.refused, await refuseUpgrade(cluster)]
        const changes = await changeInstallation(cluster, watch)
        await watch.stop()
        return { ...installed, works, refused, changes, ...(await uninstall(cluster)) }
      },
      judge: (found, { readySeconds }) => {
        const cluster = { kubernetesVersion, nodes: nodeCount, zones: zones.length, readySeconds }
        const runs = { kubernetes: { cluster, ...found } }
        return Promise.resolve({
          figures: { runs, proof: [] },
          bounds: boundsOf(found),
          ledgers: {},
        })
      },
      report: ({ runs }) => {
        const { installSeconds, refused, changes } = runs.kubernetes
        say(`  installed in ${installSeconds} s`)
        console.table(
          refused.map(({ asked, isRefused, saysWhy, leftAsItWas }) => ({
            asked,
            isRefused,
            saysWhy,
            leftAsItWas,
          })),
        )
        console.table(
          changes.map(({ change, seconds, fewestReady, leastReady, wrong, evictionsRefused }) => ({
            change,
            seconds,
            fewestReady: Object.values(fewestReady).join(' '),
            leastReady: Object.values(leastReady).join(' '),
            evictionsRefused,
            wrong: wrong.join(', '),
          })),
        )
      },
    }),
}

const install = async (cluster: Cluster) => {
  const startedAt = performance.now()
  await cluster.helm(...installing, ...valuesOf(parts))
  const installSeconds = secondsSince(startedAt)
  const watch = await watchPods(cluster)
  await settled(cluster, watch)
  return { installSeconds, watch, installed: await readInstallation(cluster) }
}

/** Runs `helm test` and an extra backup job. Their simulated pods only end. */
const tryIts = async (cluster: Cluster) => {
  const tested = await cluster.try('helm', 'test', release, ...inNamespace, '--timeout', '2m')
  const job = 'try-backup'
  const cronJob = `--from=cronjob/${release}-backup`
  await cluster.kubectl('create', 'job', job, cronJob, ...inNamespace)
  const completion = ['--for=condition=complete', `job/${job}`, '--timeout=120s']
  const backedUp = await cluster.try('kubectl', 'wait', ...completion, ...inNamespace)
  await cluster.kubectl('delete', 'job', job, ...inNamespace)
  return { helmTest: tested.isAccepted, backupJob: backedUp.isAccepted }
}

type Found = {
  readonly installSeconds: number
  readonly installed: Installation
  readonly works: Readonly<Record<string, boolean>>
  readonly refused: readonly Refused[]
  readonly changes: readonly Change[]
  readonly left: readonly string[]
  readonly secretsKept: number
}

export const boundsOf = ({
  installSeconds,
  installed,
  works,
  refused,
  changes,
  left,
  secretsKept,
}: Found): Bounds => ({
  [`installs in under ${installsWithinSeconds} s`]: installSeconds < installsWithinSeconds,
  'each pod is ready': components.every((component) => {
    const { pods, ready } = installed.services[component]
    return pods === installed.replicas[component] && ready === pods
  }),
  'pods of one service stand on nodes and in zones of their own': components.every((component) => {
    const { pods, nodes, zones: found } = installed.services[component]
    return nodes === pods && found === Math.min(pods, zones.length)
  }),
  'each disruption budget lets one pod go':
    installed.budgets.length === components.length &&
    installed.budgets.every(({ healthy, least, mayEnd }) => healthy === least + 1 && mayEnd === 1),
  'helm test and a backup job complete': Object.values(works).every(Boolean),
  ...Object.fromEntries(
    refused.map(({ asked, isRefused, saysWhy, leftAsItWas }) => [
      `refused with its reason, and nothing done: ${asked}`,
      isRefused && saysWhy && leftAsItWas,
    ]),
  ),
  ...Object.fromEntries(
    changes.flatMap(({ change, fewestReady, leastReady, wrong }) => [
      [
        `${change}: enough pods stay ready`,
        components.every((component) => fewestReady[component] >= leastReady[component]),
      ],
      [`${change}: ends as asked`, wrong.length === 0],
    ]),
  ),
  'an eviction waits for the budget': changes.some(({ evictionsRefused }) => evictionsRefused > 0),
  'uninstalling leaves nothing but the Secrets': left.length === 0 && secretsKept === secretCount,
})
