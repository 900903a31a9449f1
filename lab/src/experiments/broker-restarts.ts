import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { quantile, sortedOf } from '../bench/measure/statistics.ts'
import { accepts } from '@recargas/stack/ports'
import { brokerTotals, type BrokerTotals } from '@recargas/stack/rabbitmq-management'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import type { Stack } from '@recargas/stack/supervisor'
import { eventually, newNumber, openShop } from '../till/shop.ts'

/** A broker that is restarted again and again under services that stay. */
export type BrokerRestarts = {
  readonly restarts: number
  /** From the port's opening until a service consumes everything again; the slowest service of each restart. */
  readonly consumingP50Ms: number
  readonly consumingMaxMs: number
  readonly consumingMsLimit: number
  readonly slowestByService: Readonly<Record<string, number>>
  /** From the port's opening to the first sale. */
  readonly soldAgainMaxMs: number
  /** Rejections and exceptions that no code caught, in any service's log. */
  readonly uncaught: number
  /** Processes that are not the ones of the beginning. */
  readonly ended: number
  readonly before: BrokerTotals
  readonly after: BrokerTotals
}

type Parts = {
  readonly stack: Pick<Stack, 'processes' | 'jwtSecret'>
  readonly rabbitmq: Rabbitmq
  /** Folder of the services' logs. */
  readonly logs: string
}

const consumingMsLimit = 5_000
const lookEveryMs = 25
const settleTimeoutMs = 30_000
const names = ['gateway', 'ledger', 'adapter'] as const

export const restartBroker = async (
  { stack, rabbitmq, logs }: Parts,
  restarts: number,
  onRestart: (count: number, slowestMs: number) => void = () => undefined,
): Promise<BrokerRestarts> => {
  const { gateway } = stack.processes
  const shop = await openShop(
    { url: () => gateway.url, jwtSecret: stack.jwtSecret },
    { cash: 5_000, float: 2_000 },
  )
  const soldAgain = () =>
    eventually(
      () => shop.sell(newNumber(), 1).catch(() => null),
      (answer) => answer?.status === 201,
    )
  await soldAgain()
  const { managementUrl } = rabbitmq
  const pids = pidsOf(stack)
  const before = await settledTotals(managementUrl, () => false)
  const slowest: number[] = []
  const byService: Record<string, number> = {}
  let soldAgainMaxMs = 0
  for (let count = 1; count <= restarts; count += 1) {
    await rabbitmq.stop()
    const started = rabbitmq.start()
    const openedAt = await portOpened(rabbitmq.ports.amqp)
    const took = await Promise.all(
      names.map(async (name) => {
        const ms = Math.round((await consuming(stack.processes[name].url)) - openedAt)
        byService[name] = Math.max(byService[name] ?? 0, ms)
        return ms
      }),
    )
    slowest.push(Math.max(...took))
    await soldAgain()
    soldAgainMaxMs = Math.max(soldAgainMaxMs, Math.round(performance.now() - openedAt))
    await started
    onRestart(count, Math.max(...took))
  }
  const after = await settledTotals(managementUrl, (totals) => isSame(totals, before))
  return {
    restarts,
    consumingP50Ms: quantile(sortedOf(slowest), 0.5),
    consumingMaxMs: Math.max(...slowest),
    consumingMsLimit,
    slowestByService: byService,
    soldAgainMaxMs,
    uncaught: await uncaughtIn(logs),
    ended: pidsOf(stack).filter((pid, index) => pid !== pids[index]).length,
    before,
    after,
  }
}

export const isGoodBrokerRestarts = (figure: BrokerRestarts): boolean =>
  figure.restarts > 0 &&
  figure.consumingMaxMs <= figure.consumingMsLimit &&
  figure.uncaught + figure.ended === 0 &&
  isSame(figure.before, figure.after)

const pidsOf = ({ processes }: Parts['stack']) => names.map((name) => processes[name].pid())

const portOpened = async (port: number): Promise<number> => {
  while (!(await accepts(port))) await pause(lookEveryMs)
  return performance.now()
}

type Ready = { readonly parts: readonly { readonly name: string; readonly ready: boolean }[] }

/** The time at which the service's /ready first reports that it consumes. */
const consuming = async (url: string): Promise<number> => {
  for (;;) {
    const response = await fetch(`${url}/ready`)
    const { parts } = (await response.json()) as Ready
    if (parts.some(({ name, ready }) => name === 'broker' && ready)) return performance.now()
    await pause(lookEveryMs)
  }
}

/** The broker's counts lag by some seconds: reads them until they are stable or as expected. */
const settledTotals = async (
  managementUrl: string,
  isHopedFor: (totals: BrokerTotals) => boolean,
): Promise<BrokerTotals> => {
  const endsAt = performance.now() + settleTimeoutMs
  let [last, sameFor] = [await brokerTotals(managementUrl), 0]
  while (performance.now() < endsAt && sameFor < standingLooks && !isHopedFor(last)) {
    await pause(totalsEveryMs)
    const now = await brokerTotals(managementUrl)
    sameFor = isSame(now, last) ? sameFor + 1 : 0
    last = now
  }
  return last
}

const totalsEveryMs = 1_000
const standingLooks = 6

const isSame = (one: BrokerTotals, other: BrokerTotals): boolean =>
  one.connections === other.connections &&
  one.channels === other.channels &&
  one.consumers === other.consumers &&
  one.queues === other.queues

const uncaughtIn = async (folder: string): Promise<number> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.join('\n').match(/unhandled rejection|uncaught exception/gi)?.length ?? 0
}
