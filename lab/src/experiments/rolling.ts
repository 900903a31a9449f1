import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceProcess } from '@recargas/stack/service-process'
import type { Stack } from '@recargas/stack/supervisor'
import type { Bounds } from '../runner/judge.ts'
import { onTills } from '../runner/load.ts'
import { progress, type Say } from '../runner/report.ts'
import { addOne, latencyOf, timed } from '../runner/statistics.ts'
import { codeOf, createPos, type Pos } from '../till/pos.ts'
import { openShop, saleOf } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

type Plan = {
  readonly restarts: number
  readonly tills: number
  /** Selling between one service's being ready and the next one's stop. */
  readonly betweenMs: number
}

const restartsUsual = 20
const usual = { tills: 8, betweenMs: 1_500 }
const tillPauseMs = 100

export const rolling = experiment({
  description: 'services stopped and started again in turn under sales, with two gateways',
  onlyNamed: true,
  load: async (system) => {
    const second = await system.another('gateway', 'second-gateway')
    await second.start()
    return second
  },
  faults: async (second, system, { restarts = restartsUsual }) => {
    try {
      return await restartInTurn(system, second, { ...usual, restarts }, progress)
    } finally {
      await second.stop()
    }
  },
  judge: (found) => ({ runs: { rolling: found }, bounds: boundsOfRolling(found) }),
  report: ({ rolling: found }) => console.log(found),
})

export type Rolling = Awaited<ReturnType<typeof restartInTurn>>

export const boundsOfRolling = ({ failed, sales, tookTheOther }: Rolling): Bounds => ({
  'no sale fails': Object.keys(failed).length === 0,
  'sales are made': sales > 0,
  'tills go to the other gateway': tookTheOther > 0,
})

/** Two gateways, one ledger, one adapter: each gets SIGTERM and is started again, in turn, while tills sell. */
export const restartInTurn = async (
  stack: Pick<Stack, 'processes' | 'jwtSecret'>,
  secondGateway: ServiceProcess,
  plan: Plan,
  tell: Say = () => undefined,
) => {
  const { gateway, ledger, adapter } = stack.processes
  const gateways = [gateway, secondGateway]
  const turns = [gateway, ledger, adapter, secondGateway, ledger, adapter]
  const shop = await openShop(
    { url: () => gateway.url, jwtSecret: stack.jwtSecret },
    { cash: 200_000, float: 100_000 },
  )
  const selling = startSelling(
    gateways.map(({ url }) => createPos(() => url, shop.token)),
    shop.sessionId,
    plan.tills,
  )
  let [stopMsMax, readyMsMax] = [0, 0]
  for (let count = 0; count < plan.restarts; count += 1) {
    await pause(plan.betweenMs)
    const service = turns[count % turns.length] ?? gateway
    // From the signal until the process has ended, and until its successor is ready.
    stopMsMax = Math.max(stopMsMax, Math.round((await timed(service.stop)).ms))
    readyMsMax = Math.max(readyMsMax, Math.round((await timed(() => service.start())).ms))
    await Promise.all(gateways.map((each) => each.waitReady()))
    tell(`${count + 1}/${plan.restarts} restarts`)
  }
  await pause(plan.betweenMs)
  const { failed, tookTheOther, tookMs } = await selling.stop()
  return {
    restarts: plan.restarts,
    tills: plan.tills,
    sales: tookMs.length,
    /** Counts of every answer but 201: a status with its code, or an error other than a refused connection. */
    failed,
    /** Presses that found a gateway's port shut, and so went to the other one. */
    tookTheOther,
    stopMsMax,
    readyMsMax,
    latencyMs: latencyOf(tookMs),
  }
}

const startSelling = (gateways: readonly Pos[], sessionId: number, tills: number) => {
  const failed: Record<string, number> = {}
  const tookMs: number[] = []
  let tookTheOther = 0
  let isOver = false
  const chosen = Array.from({ length: tills }, (_, till) => till)
  const press = async (till: number): Promise<void> => {
    const at = chosen[till] ?? 0
    const { result: ended, ms } = await timed(() =>
      sellAt(gateways[at % gateways.length], sessionId),
    )
    if (ended === 'refused connection') {
      tookTheOther += 1
      chosen[till] = at + 1
      return
    }
    if (ended === '201') tookMs.push(ms)
    else addOne(failed, ended)
    await pause(tillPauseMs)
  }
  const all = onTills(tills, () => !isOver, press)
  return {
    stop: async () => {
      isOver = true
      await all
      return { failed, tookTheOther, tookMs }
    },
  }
}

/** The outcome of one press. */
const sellAt = async (pos: Pos | undefined, sessionId: number): Promise<string> => {
  if (pos === undefined) throw new Error('no gateway')
  try {
    const { status, body } = await pos.post('/recargas/cliente', saleOf(sessionId, undefined, 1))
    return status === 201 ? '201' : `${status} ${String(body['code'] ?? body['estado'])}`
  } catch (error) {
    const code = codeOf(error)
    return code === 'ECONNREFUSED' ? 'refused connection' : (code ?? String(error))
  }
}
