import { mkdir } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { acquireServers } from '@recargas/stack/backend'
import { prometheusProgram } from '@recargas/stack/debian-prometheus'
import { createGuard, type Guard } from '@recargas/stack/guard'
import { createVhost } from '@recargas/stack/rabbitmq-management'
import { startStack, type Stack } from '@recargas/stack/supervisor'
import { proveStack, type Proof } from '../../till/proof.ts'
import { openShop } from '../../till/shop.ts'
import { faultGroups, patientRepeats, shopBegins, type Broken, type Fault } from './faults.ts'
import { startPrometheus, type Prometheus } from './prometheus.ts'

/** One fault, and the times until a real Prometheus fired its alert and resolved it. */
export type RaisedAlert = {
  readonly fault: string
  readonly alert: string
  /** Null: not within the time that was waited. */
  readonly raisedAfterSeconds: number | null
  readonly clearedAfterSeconds: number | null
  /** Other alerts that fired meanwhile. */
  readonly alsoRang: readonly string[]
}

export type Alerting = {
  readonly raisedWithinSeconds: number
  readonly clearedWithinSeconds: number
  readonly seconds: number
  /** Load average of the last minute, before and after. */
  readonly loadAverage: readonly [number, number]
  readonly faults: readonly RaisedAlert[]
}

const raisedWithinSeconds = 120
const clearedWithinSeconds = 300
/** Waited somewhat longer, so that a miss has a figure too. */
const waitedFactor = 1.5
const lookEveryMs = 1_000

/** Breaks a system in ten ways, in two groups at once, and waits each time for its alert to ring and to end. */
export const raiseAlerts = async (
  folder: string,
  log: (line: string) => void,
): Promise<{ readonly alerting: Alerting; readonly proofs: readonly Proof[] }> => {
  const startedAt = performance.now()
  const load = () => Math.round((loadavg()[0] ?? 0) * 10) / 10
  const loadBefore = load()
  const program = await prometheusProgram(log)
  const groups = await Promise.all(
    faultGroups.map((faultsOf, index) =>
      breakGroup({ program, folder: join(folder, `alerts-${index + 1}`), faultsOf, log }),
    ),
  )
  return {
    alerting: {
      raisedWithinSeconds,
      clearedWithinSeconds,
      seconds: secondsSince(startedAt),
      loadAverage: [loadBefore, load()],
      faults: groups.flatMap(({ raised }) => raised),
    },
    proofs: groups.map(({ proof }) => proof),
  }
}

export const isGoodAlerting = ({ faults }: Alerting): boolean =>
  faults.length === 10 &&
  faults.every(
    ({ raisedAfterSeconds, clearedAfterSeconds }) =>
      (raisedAfterSeconds ?? Infinity) <= raisedWithinSeconds &&
      (clearedAfterSeconds ?? Infinity) <= clearedWithinSeconds,
  )

type Group = {
  readonly program: string
  readonly folder: string
  readonly faultsOf: (broken: Broken) => readonly Fault[]
  readonly log: (line: string) => void
}

const vhost = 'alerts'

const breakGroup = async ({ program, folder, faultsOf, log }: Group) => {
  await mkdir(folder, { recursive: true })
  const guard = createGuard()
  const servers = await acquireServers({ folder, log, guard, backend: 'native' })
  const { native } = servers
  if (native === null) throw new Error('alerts are raised on servers of this machine only')
  let stack: Stack | null = null
  let prometheus: Prometheus | null = null
  try {
    await createVhost(native.rabbitmq.managementUrl, vhost)
    stack = await startServices(folder, servers.mongodbUri, servers.amqpUrl, guard)
    const { urls, jwtSecret } = stack
    const shop = await openShop({ url: () => urls.gateway, jwtSecret }, shopBegins)
    const broken: Broken = { stack, ...native, vhost, shop }
    prometheus = await startPrometheus({ program, folder, targets: targetsOf(broken), guard })
    const raised: RaisedAlert[] = []
    for (const fault of faultsOf(broken)) raised.push(await raise(prometheus, fault, log))
    return { raised, proof: await proveStack(stack.ledgerUri, urls.sandbox) }
  } finally {
    await prometheus?.stop()
    await stack?.stop()
    await servers.stop()
    await guard.close()
  }
}

const startServices = (
  folder: string,
  mongodbUri: string,
  amqpUrl: string,
  guard: Guard,
): Promise<Stack> =>
  startStack({
    folder,
    guard,
    mongodbUri,
    amqpUrl: `${amqpUrl}/${vhost}`,
    env: {
      ledger: { LOG_LEVEL: 'warn' },
      gateway: { LOG_LEVEL: 'warn' },
      adapter: {
        LOG_LEVEL: 'error',
        TOPUP_REPEAT_SECONDS: patientRepeats,
        TOPUP_REPEAT_JITTER_PERCENT: '0',
      },
    },
  })

const targetsOf = ({ stack: { urls }, rabbitmq }: Broken) => ({
  'api-gateway:3000': new URL(urls.gateway).host,
  'ledger:3001': new URL(urls.ledger).host,
  'carrier-adapter:3002': new URL(urls.adapter).host,
  'rabbitmq:15692': `127.0.0.1:${rabbitmq.ports.prometheus}`,
})

const raise = async (
  prometheus: Prometheus,
  { name, alert, prepare, inject, heal }: Fault,
  log: (line: string) => void,
): Promise<RaisedAlert> => {
  if ((await prometheus.firing()).has(alert)) throw new Error(`${alert} rings before ${name}`)
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
  log(`${name} …`)
  await prepare?.()
  const injectedAt = performance.now()
  await inject()
  const raisedAfterSeconds = await waitFor(true, injectedAt, raisedWithinSeconds)
  const healedAt = performance.now()
  await heal()
  const clearedAfterSeconds = await waitFor(false, healedAt, clearedWithinSeconds)
  log(`${name}: ${alert} after ${raisedAfterSeconds} s, cleared after ${clearedAfterSeconds} s`)
  return { fault: name, alert, raisedAfterSeconds, clearedAfterSeconds, alsoRang: [...others] }
}

const secondsSince = (instant: number): number => Math.round((performance.now() - instant) / 1_000)
