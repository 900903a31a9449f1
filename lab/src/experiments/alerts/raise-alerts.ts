import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { prometheusProgram } from '@recargas/stack/debian-prometheus'
import type { Experiment } from '../../runner/experiment.ts'
import { verificationOf, type Bounds } from '../../runner/judge.ts'
import { loadAverage, say } from '../../runner/report.ts'
import { runScenario } from '../../runner/scenario.ts'
import { startServers } from '../../runner/servers.ts'
import { secondsSince } from '../../runner/statistics.ts'
import { startSystem } from '../../runner/system.ts'
import { openShop } from '../../till/shop.ts'
import { faultGroups, patientRepeats, shopBegins, type Broken, type Fault } from './faults.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'

/** One fault, and the times until a real Prometheus fired its alert and resolved it. */
type RaisedAlert = {
  readonly fault: string
  readonly alert: string
  /** Null: not within the time that was waited. */
  readonly raisedAfterSeconds: number | null
  readonly clearedAfterSeconds: number | null
  /** Other alerts that fired meanwhile. */
  readonly alsoRang: readonly string[]
}

const raisedWithinSeconds = 120
const clearedWithinSeconds = 300
/** Alerts are awaited somewhat longer than allowed, so that a late one has a figure too. */
const waitedFactor = 1.5
const lookEveryMs = 1_000
const faultCount = 10

/** Breaks two systems on servers of their own at once, and waits each time for the alert to fire and to end. */
export const alerts: Experiment = {
  description:
    'ten faults, each until a real Prometheus fires its alert and resolves it; about ten minutes',
  onlyNamed: true,
  run: ({ folder }) =>
    runScenario({
      stack: async () => {
        const program = await prometheusProgram(say)
        const starts = await Promise.allSettled(
          faultGroups.map((_, index) => startGroup(program, join(folder, `alerts-${index + 1}`))),
        )
        const groups = starts.flatMap((start) => (start.status === 'fulfilled' ? start.value : []))
        const stop = async () => {
          await Promise.all(groups.map((each) => each.stop()))
        }
        const failed = starts.find(({ status }) => status === 'rejected')
        if (failed?.status === 'rejected') {
          // The other group may run: without its folder it would fail too and hide the reason.
          await stop()
          throw failed.reason
        }
        return { groups, stop }
      },
      load: ({ groups }) => Promise.resolve(groups),
      faults: async (groups) => {
        const startedAt = performance.now()
        const loadBefore = loadAverage()
        const raised = await Promise.all(
          groups.map(({ broken, prometheus }, index) =>
            raiseEach(prometheus, faultGroups[index]?.(broken) ?? []),
          ),
        )
        return {
          raisedWithinSeconds,
          clearedWithinSeconds,
          seconds: secondsSince(startedAt),
          /** Load average of the last minute, before and after. */
          loadAverage: [loadBefore, loadAverage()],
          faults: raised.flat(),
        }
      },
      judge: async (alerting, { groups }) => {
        const proof = []
        for (const { broken } of groups) proof.push(await broken.system.prove())
        return {
          figures: { runs: { alerting }, proof },
          bounds: boundsOf(alerting.faults),
          ledgers: { proof: verificationOf(proof) },
        }
      },
      report: ({ runs }) => console.table(runs.alerting.faults),
    }),
}

const boundsOf = (faults: readonly RaisedAlert[]): Bounds => ({
  'every fault is made': faults.length === faultCount,
  'every alert fires in time': faults.every(
    ({ raisedAfterSeconds }) => (raisedAfterSeconds ?? Infinity) <= raisedWithinSeconds,
  ),
  'every alert ends in time': faults.every(
    ({ clearedAfterSeconds }) => (clearedAfterSeconds ?? Infinity) <= clearedWithinSeconds,
  ),
})

const vhost = 'alerts'
const env = {
  ledger: { LOG_LEVEL: 'warn' },
  gateway: { LOG_LEVEL: 'warn' },
  adapter: {
    LOG_LEVEL: 'error',
    TOPUP_REPEAT_SECONDS: patientRepeats,
    TOPUP_REPEAT_JITTER_PERCENT: '0',
  },
}

const startGroup = async (program: string, folder: string) => {
  await mkdir(folder, { recursive: true })
  const servers = await startServers(folder, say, 'native')
  const { native, guard } = servers
  if (native === null) throw new Error('alerts are raised on servers of this machine only')
  try {
    const system = await startSystem(servers, vhost, { env })
    const shop = await openShop(system.gateway, shopBegins)
    const broken: Broken = { system, ...native, vhost, shop }
    const prometheus = await startPrometheus({
      program,
      folder,
      targets: targetsOf(broken),
      guard,
    })
    const stop = async () => {
      await prometheus.stop()
      await system.stop()
      await servers.stop()
    }
    return { broken, prometheus, stop }
  } catch (error) {
    await servers.stop()
    throw error
  }
}

const targetsOf = ({ system: { urls }, rabbitmq }: Broken) => ({
  'api-gateway:3000': new URL(urls.gateway).host,
  'ledger:3001': new URL(urls.ledger).host,
  'carrier-adapter:3002': new URL(urls.adapter).host,
  'rabbitmq:15692': `127.0.0.1:${rabbitmq.ports.prometheus}`,
})

const raiseEach = async (prometheus: Prometheus, faults: readonly Fault[]) => {
  const raised: RaisedAlert[] = []
  for (const fault of faults) raised.push(await raise(prometheus, fault))
  return raised
}

const raise = async (
  prometheus: Prometheus,
  { name, alert, prepare, begin }: Fault,
): Promise<RaisedAlert> => {
  if ((await prometheus.firing()).has(alert))
    throw new Error(`${alert} fires before the fault "${name}" begins`)
  const others = new Set<string>()
  const waitFor = async (wanted: boolean, since: number, seconds: number) => {
    while (secondsSince(since) < seconds * waitedFactor) {
      const firing = await prometheus.firing()
      for (const each of firing) if (each !== alert) others.add(each)
      if (firing.has(alert) === wanted) return secondsSince(since)
      await pause(lookEveryMs)
    }
    return null
  }
  say(`${name} …`)
  await prepare?.()
  const begunAt = performance.now()
  const heal = await begin()
  const raisedAfterSeconds = await waitFor(true, begunAt, raisedWithinSeconds)
  const healedAt = performance.now()
  await heal()
  const clearedAfterSeconds = await waitFor(false, healedAt, clearedWithinSeconds)
  say(`${name}: ${alert} after ${raisedAfterSeconds} s, cleared after ${clearedAfterSeconds} s`)
  return { fault: name, alert, raisedAfterSeconds, clearedAfterSeconds, alsoRang: [...others] }
}
