import { setTimeout as pause } from 'node:timers/promises'
import { runRounds } from '@recargas/runtime'
import type { Environment, ServiceProcess } from '@recargas/stack/service-process'
import type { Service } from './plan.ts'

/** One process of a service. Only one caller at a time may end or start it, by `alone`. */
export type Instance = {
  readonly service: Service
  readonly name: string
  readonly process: ServiceProcess
  readonly alone: <Result>(use: () => Promise<Result>) => Promise<Result>
  /** Starts it, repeatedly if need be, until it is ready: a service ends while one of its servers is away. */
  readonly revive: () => Promise<void>
  readonly isBusy: () => boolean
}

const reviveLimitMs = 90_000
const revivePauseMs = 300
const liveTimeoutMs = 1_000
const watchEveryMs = 500

export const createInstance = (
  service: Service,
  process: ServiceProcess,
  settings: () => Environment,
): Instance => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    service,
    name: process.name,
    process,
    isBusy: () => waiting > 0,
    alone: (use) => {
      waiting += 1
      const next = last.then(use).finally(() => (waiting -= 1))
      last = next.catch(() => undefined)
      return next
    },
    revive: async () => {
      const deadline = performance.now() + reviveLimitMs
      for (;;) {
        try {
          if (process.pid() === null) await process.start(settings())
          else await process.waitReady()
          return
        } catch (error) {
          if (performance.now() > deadline) throw error
          await pause(revivePauseMs)
        }
      }
    },
  }
}

export const isLive = (url: string): Promise<boolean> =>
  fetch(`${url}/live`, { signal: AbortSignal.timeout(liveTimeoutMs) }).then(
    ({ ok }) => ok,
    () => false,
  )

/** Records processes that end without a fault, and starts them again. */
export const watchInstances = (
  instances: readonly Instance[],
  onCrash: (words: string) => void,
) => {
  const look = async () => {
    for (const instance of instances) {
      if (instance.isBusy() || instance.process.pid() !== null) continue
      onCrash(`${instance.name}: ${instance.process.lastLines()}`)
      await instance.alone(instance.revive)
    }
  }
  const onFailure = () => undefined
  return runRounds(look, { everyMs: watchEveryMs, begin: 'at-once', onFailure })
}
