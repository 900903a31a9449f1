import { setTimeout as pause } from 'node:timers/promises'
import { latencyOf, type Latency } from '../bench/measure/statistics.ts'
import type { ServiceProcess } from '@recargas/stack/service-process'
import type { Stack } from '@recargas/stack/supervisor'
import { createPos } from '../till/pos.ts'
import { newNumber, openShop } from '../till/shop.ts'

/** Services that are restarted one after the other while tills go on selling. */
export type Rolling = {
  readonly restarts: number
  readonly tills: number
  readonly sales: number
  /** Counts of every answer but 201: a status with its code, or an error other than a refused connection. */
  readonly failed: Readonly<Record<string, number>>
  /** Presses that found a gateway's port shut, and so went to the other one. */
  readonly tookTheOther: number
  /** Longest from the signal until the process had ended, and until its successor was ready. */
  readonly stopMsMax: number
  readonly readyMsMax: number
  readonly latencyMs: Latency
}

type RollingPlan = {
  readonly restarts: number
  readonly tills: number
  /** Selling between one service's being ready and the next one's stop. */
  readonly betweenMs: number
}

const tillPauseMs = 100
const amount = 1

/** Two gateways, one ledger, one adapter: each gets SIGTERM and is started again, in turn. */
export const restartInTurn = async (
  stack: Pick<Stack, 'processes' | 'jwtSecret'>,
  secondGateway: ServiceProcess,
  plan: RollingPlan,
  onRestart: (count: number) => void = () => undefined,
): Promise<Rolling> => {
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
    const stoppedAt = performance.now()
    await service.stop()
    stopMsMax = Math.max(stopMsMax, Math.round(performance.now() - stoppedAt))
    const startedAt = performance.now()
    await service.start()
    readyMsMax = Math.max(readyMsMax, Math.round(performance.now() - startedAt))
    await Promise.all(gateways.map((each) => each.waitReady()))
    onRestart(count + 1)
  }
  await pause(plan.betweenMs)
  const { failed, tookTheOther, tookMs } = await selling.stop()
  return {
    restarts: plan.restarts,
    tills: plan.tills,
    sales: tookMs.length,
    failed,
    tookTheOther,
    stopMsMax,
    readyMsMax,
    latencyMs: latencyOf(tookMs),
  }
}

export const isGoodRolling = (rolling: Rolling): boolean =>
  Object.keys(rolling.failed).length === 0 && rolling.sales > 0 && rolling.tookTheOther > 0

type Poses = readonly ReturnType<typeof createPos>[]

const startSelling = (poses: Poses, sessionId: number, tills: number) => {
  const failed: Record<string, number> = {}
  const tookMs: number[] = []
  let tookTheOther = 0
  let isOver = false
  const till = async (first: number): Promise<void> => {
    let at = first
    while (!isOver) {
      const startedAt = performance.now()
      const ended = await sellAt(poses[at % poses.length], sessionId)
      if (ended === 'refused connection') {
        tookTheOther += 1
        at += 1
        continue
      }
      if (ended === '201') tookMs.push(performance.now() - startedAt)
      else failed[ended] = (failed[ended] ?? 0) + 1
      await pause(tillPauseMs)
    }
  }
  const all = Promise.all(Array.from({ length: tills }, (_, index) => till(index)))
  return {
    stop: async () => {
      isOver = true
      await all
      return { failed, tookTheOther, tookMs }
    },
  }
}

/** The outcome of one press. */
const sellAt = async (pos: Poses[number] | undefined, sessionId: number): Promise<string> => {
  if (pos === undefined) throw new Error('no gateway')
  try {
    const { status, body } = await pos.post('/recargas/cliente', {
      operadora: 'Tigo',
      numero_cliente: newNumber(),
      monto: amount,
      id_caja_sesion: sessionId,
    })
    return status === 201 ? '201' : `${status} ${String(body['code'] ?? body['estado'])}`
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: string }
    return code === 'ECONNREFUSED' ? 'refused connection' : (code ?? String(error))
  }
}
