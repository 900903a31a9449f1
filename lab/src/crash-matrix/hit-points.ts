import { setTimeout as pause } from 'node:timers/promises'
import type { CrashableService } from '@recargas/runtime'
import { describeExit, type Exit } from '@recargas/stack/child'
import type { Environment, ServiceProcess } from '@recargas/stack/service-process'
import type { ServiceName } from '@recargas/stack/service-names'
import { waitUntil } from '@recargas/stack/readiness'
import { forgetPartition } from '../runner/damage-ledger.ts'
import { countNames, sumOf } from '../runner/statistics.ts'
import type { System } from '../runner/system.ts'
import { moveBalance, readCalls } from '../till/carrier-control.ts'
import { eventually, openShop, succeeds, type Shop } from '../till/shop.ts'
import { crashAtOf, plan, type Drive } from './plan.ts'
import { openTill, type Ending, type Till } from './sales.ts'

/** Short times, so that the work after a crash ends within seconds. */
export const hurried: Partial<Readonly<Record<ServiceName, Environment>>> = {
  gateway: { POLL_AFTER_MS: '400', POLL_EVERY_MS: '400' },
  ledger: {
    SWEEP_EVERY_MS: '100',
    SWEEP_BACKOFF_MS_MIN: '300',
    RECONCILE_LEASE_MS: '300',
  },
  adapter: {
    TPAGA_CONNECT_TIMEOUT_MS: '1000',
    TPAGA_CALL_TIMEOUT_MS: '4000',
    LEASE_MS: '6000',
    CLOCK_SKEW_MS: '100',
    // Frequent and long: a sale whose attempts die with their adapters must not go in review.
    TOPUP_REPEAT_SECONDS: '0.5,1.5,3,6,9,12,16,20,25,30,40,50,60,80,100,120,150,180',
    REPEAT_EVERY_MS: '100',
    // Calls that are cut off must not stop the next point's sales.
    BREAKER_VOLUME: '1000',
  },
}
/** The first call and one for each time of the schedule. */
const callsMax = 19
/** A short schedule, after which a sale soon goes in review. */
const soonGivenUp: Environment = { TOPUP_REPEAT_SECONDS: '0.5,1.5' }

export type Matrix = Awaited<ReturnType<typeof judge>>

type Part = Pick<System, 'processes' | 'gateway' | 'administrationUri'> & {
  readonly urls: Pick<System['urls'], 'sandbox'>
}
type State = {
  readonly stack: Part
  readonly shop: Shop
  readonly till: Till
  readonly times: number
  readonly hits: string[]
  readonly decisions: Promise<unknown>[]
  differences: number
}

const cash = 9_000
const float = 6_000

/** Kills each service at each of its points, so many times in a row, on one stack that keeps selling. */
export const hitEveryPoint = async (
  stack: Part,
  times: number,
  onHit: (hit: string, tookMs: number) => void = () => undefined,
): Promise<Matrix> => {
  const shop = await openShop(stack.gateway, { cash, float })
  const till = await openTill(shop, stack.urls.sandbox)
  const state: State = { stack, shop, till, times, hits: [], decisions: [], differences: 0 }
  for (const service of ['gateway', 'ledger', 'adapter'] as const) {
    for (const [point, drive] of Object.entries(plan[service])) {
      for (let time = 1; time <= times; time += 1) {
        const startedAt = performance.now()
        await hit(state, service, point, drive, time)
        state.hits.push(`${service} ${point}`)
        onHit(`${service} ${point}`, performance.now() - startedAt)
      }
    }
    // This service runs without a crash point while the next one's points are hit.
    await settleWith(state, service)
  }
  return judge(state)
}

const reachedWithinMs = 40_000
const pressEveryMs = 1_000

const hit = async (
  state: State,
  service: CrashableService,
  point: string,
  drive: Drive,
  time: number,
): Promise<void> => {
  const process = state.stack.processes[service]
  await prepare(state, service, drive, time)
  await process.kill('SIGKILL')
  await absent(state, service, drive, time)
  // The process may die while it starts: the broker redelivers the work of earlier points at once.
  const crashAt = { ...drive.env, CRASH_AT: crashAtOf(point, drive, time) }
  const started = succeeds(process.start(crashAt))
  const over = new AbortController()
  const died = diedOf(process, started, over.signal)
  const pressing = keepPressing(state, service, drive, { started, signal: over.signal })
  try {
    const exit = await died
    if (exit.signal !== 'SIGKILL') {
      throw new Error(`${service} ended with ${describeExit(exit)}:\n${process.lastLines()}`)
    }
  } catch (error) {
    throw new Error(`${service} at ${point}: ${String(error)}`, { cause: error })
  } finally {
    over.abort()
    await pressing
  }
}

const diedOf = async (
  process: ServiceProcess,
  started: Promise<boolean>,
  signal: AbortSignal,
): Promise<Exit> => {
  const limit = pause(reachedWithinMs, null, { signal }).then(
    () => Promise.reject(new Error('the point was never reached')),
    () => Promise.reject(new Error('over')),
  )
  limit.catch(() => undefined)
  // Before the start has ended, `exited` is the exit of the process before.
  await Promise.race([started, limit])
  return Promise.race([process.exited(), limit])
}

const keepPressing = async (
  { till }: State,
  service: CrashableService,
  { sales }: Drive,
  { started, signal }: { readonly started: Promise<unknown>; readonly signal: AbortSignal },
): Promise<void> => {
  if (sales === 'none' || sales === 'late') return
  till.press(sales, service)
  await started
  while (!signal.aborted) {
    till.press(sales, service)
    await pause(pressEveryMs, null, { signal }).catch(() => undefined)
  }
}

/** Prepares the state before the process to kill is started. */
const prepare = async (
  state: State,
  service: CrashableService,
  { first, sales }: Drive,
  time: number,
): Promise<void> => {
  // A gateway without recent heartbeats would hold the sale until the service is back, and then the press is not late.
  if (sales === 'late') {
    await settleWith(state, service)
    await state.stack.processes.gateway.waitReady()
  }
  switch (first) {
    case undefined:
    case 'a-partition-is-new':
      return
    case 'carrier-balance-moves': {
      await settleWith(state, service)
      await moveBalance(state.stack.urls.sandbox, -500)
      state.differences += 1
      return
    }
    case 'decide':
      // The second time the broker delivers the same job again.
      if (time > 1) return
      await settleWith(state, service)
      await decide(state, service)
  }
}

/** Brings a sale without clear evidence in review, where a person decides it. */
const decide = async ({ stack, shop, till, decisions }: State, service: CrashableService) => {
  const process = stack.processes[service]
  await process.kill('SIGKILL')
  await process.start(soonGivenUp)
  till.pressUnanswerable(service)
  const [waiting] = await eventually(
    async () => (await shop.administrator.get('/recargas/revision')).list,
    (list) => list.length > 0,
  )
  await process.kill('SIGKILL')
  const path = `/recargas/cliente/${String(waiting?.['id_transaccion'])}/resolver`
  const decision = { resultado: 'RECHAZADA', evidencia: 'ticket 4711', nota: 'por teléfono' }
  decisions.push(shop.administrator.post(path, decision))
}

const lateMs = 1_200

/** Actions while the process is down. */
const absent = async (
  { stack, shop, till }: State,
  service: CrashableService,
  { sales, first }: Drive,
  time: number,
) => {
  if (first === 'a-partition-is-new') await forgetPartition(stack.administrationUri, time)
  if (sales !== 'late') return
  till.press(sales, service)
  await waitUntil('the late sale is reserved', reachedWithinMs, async () => {
    const { reserved } = await shop.float()
    return Number(reserved) > 0
  })
  await pause(lateMs)
}

/** Waits for every open sale and decision to end, with the service running without a crash point. */
const settleWith = async (state: State, service: CrashableService): Promise<void> => {
  const process = state.stack.processes[service]
  if (process.pid() === null) await process.start()
  await settle(state)
}

const settle = async ({ till, decisions }: State): Promise<void> => {
  await Promise.all(till.sales.map(({ ended }) => ended))
  await Promise.all(decisions)
}

const judge = async (state: State) => {
  const { stack, shop, till, hits, differences } = state
  await settle(state)
  const ended = await Promise.all(
    till.sales.map(async (sale) => ({ ...sale, ...(await sale.ended) })),
  )
  const inState = (wanted: Ending['state']) => ended.filter(({ state: is }) => is === wanted)
  const sold = inState('sold')
  const calls = countNames(
    (await readCalls(stack.urls.sandbox)).flatMap(({ token }) => token ?? []),
  )
  const cases = await eventually(
    async () => (await shop.administrator.get('/incidencias')).list,
    (list) => list.length >= differences,
  )
  const takenMinor = sumOf(sold.map(({ amount }) => Math.round(amount * 100)))
  const drawerMinor = Math.round(Number(await shop.drawer()) * 100)
  const callsAllowed = (during: string) => (during === 'adapter' ? callsMax : 1)
  return {
    /** Points hit, as "service point", once for each time. */
    hits,
    sales: ended.length,
    sold: sold.length,
    refused: inState('refused').length,
    /** Sales without an end long after all services were back. */
    open: inState('open').length,
    /** Sales called more often than the schedule allows, or more than once although the adapter never died. */
    calledTooOften: ended.filter(({ id, during }) => (calls[id] ?? 0) > callsAllowed(during))
      .length,
    /** Differences made in the carrier's balance, and the cases about them. */
    differences,
    cases: cases.length,
    /** The float's reserved amount at the end, and the drawer's difference from the sales. */
    reserved: Number((await shop.float()).reserved),
    drawerOff: drawerMinor - ((cash - float) * 100 + takenMinor),
  }
}
