import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { accepts } from '@recargas/stack/ports'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import { brokerTotals, type BrokerTotals } from '@recargas/stack/rabbitmq-management'
import type { Stack } from '@recargas/stack/supervisor'
import type { Bounds } from '../runner/judge.ts'
import { say, type Say } from '../runner/report.ts'
import { quantile, sortedOf } from '../runner/statistics.ts'
import { eventually, newNumber, openShop } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

const restartsUsual = 50
const consumingMsLimit = 5_000
const lookEveryMs = 25
const settleTimeoutMs = 30_000
const totalsEveryMs = 1_000
const standingLooks = 6
const names = ['gateway', 'ledger', 'adapter'] as const

export const brokerRestarts = experiment({
  description:
    'how soon every service consumes again after a broker’s restart, and what is left behind',
  onlyNamed: true,
  load: ({ servers: { native } }) => {
    if (native === null)
      throw new Error(
        'broker-restarts stops and starts the broker: it needs servers that the run has started itself',
      )
    return Promise.resolve(native.rabbitmq)
  },
  faults: (rabbitmq, system, { restarts = restartsUsual }) =>
    restartBroker(system, rabbitmq, restarts, say),
  judge: (found) => ({ runs: { 'broker restarts': found }, bounds: boundsOfRestarts(found) }),
  report: (runs) => console.log(runs['broker restarts']),
})

type Restarted = Pick<Stack, 'processes' | 'jwtSecret' | 'logFolder'>

export type BrokerRestarts = Awaited<ReturnType<typeof restartBroker>>

export const boundsOfRestarts = (found: BrokerRestarts): Bounds => ({
  'the broker is restarted': found.restarts > 0,
  'every service consumes again': found.consumingMaxMs <= found.consumingMsLimit,
  'every rejection is caught': found.uncaught === 0,
  'every process lives on': found.ended === 0,
  'the broker’s totals are as before': isDeepStrictEqual(found.before, found.after),
})

export const restartBroker = async (
  stack: Restarted,
  rabbitmq: Rabbitmq,
  restarts: number,
  tell: Say = () => undefined,
) => {
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
  const before = await settledTotals(managementUrl, null)
  const slowest: number[] = []
  const slowestByService: Record<string, number> = {}
  let soldAgainMaxMs = 0
  for (let count = 1; count <= restarts; count += 1) {
    await rabbitmq.stop()
    const started = rabbitmq.start()
    while (!(await accepts(rabbitmq.ports.amqp))) await pause(lookEveryMs)
    const openedAt = performance.now()
    const took = await Promise.all(
      names.map(async (name) => {
        const ms = Math.round((await consumingAt(stack.processes[name].url)) - openedAt)
        slowestByService[name] = Math.max(slowestByService[name] ?? 0, ms)
        return ms
      }),
    )
    slowest.push(Math.max(...took))
    await soldAgain()
    soldAgainMaxMs = Math.max(soldAgainMaxMs, Math.round(performance.now() - openedAt))
    await started
    tell(`${count}/${restarts}: all consume again after ${Math.max(...took)} ms`)
  }
  const after = await settledTotals(managementUrl, before)
  return {
    restarts,
    /** From the port's opening until a service consumes everything again; the slowest service of each restart. */
    consumingP50Ms: quantile(sortedOf(slowest), 0.5),
    consumingMaxMs: Math.max(...slowest),
    consumingMsLimit,
    slowestByService,
    /** From the port's opening to the first sale. */
    soldAgainMaxMs,
    /** Rejections and exceptions that no code caught, in any service's log. */
    uncaught: await uncaughtIn(stack.logFolder),
    /** Processes that ended during the run. */
    ended: pidsOf(stack).filter((pid, index) => pid !== pids[index]).length,
    before,
    after,
  }
}

const pidsOf = ({ processes }: Restarted) => names.map((name) => processes[name].pid())

type Ready = { readonly parts: readonly { readonly name: string; readonly ready: boolean }[] }

/** The time at which the service's /ready first reports that it consumes. */
const consumingAt = async (url: string): Promise<number> => {
  for (;;) {
    const response = await fetch(`${url}/ready`)
    const { parts } = (await response.json()) as Ready
    if (parts.some(({ name, ready }) => name === 'broker' && ready)) return performance.now()
    await pause(lookEveryMs)
  }
}

/** Reads the broker's counts, which lag by some seconds, until they are stable or as expected. */
const settledTotals = async (
  managementUrl: string,
  expected: BrokerTotals | null,
): Promise<BrokerTotals> => {
  const endsAt = performance.now() + settleTimeoutMs
  let [last, sameFor] = [await brokerTotals(managementUrl), 0]
  while (
    performance.now() < endsAt &&
    sameFor < standingLooks &&
    !isDeepStrictEqual(last, expected)
  ) {
    await pause(totalsEveryMs)
    const now = await brokerTotals(managementUrl)
    sameFor = isDeepStrictEqual(now, last) ? sameFor + 1 : 0
    last = now
  }
  return last
}

const uncaughtIn = async (folder: string): Promise<number> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.join('\n').match(/unhandled rejection|uncaught exception/gi)?.length ?? 0
}
