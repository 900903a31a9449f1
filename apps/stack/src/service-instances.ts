import { startBalancer, type Balancer } from './balancer.ts'
import type { ServiceProcess } from './service-process.ts'
import { serviceNames, type PerService, type ServiceName } from './service-names.ts'

/** The processes of a stack, which start and stop together. */
export type Instances = {
  readonly all: readonly (readonly [ServiceName, ServiceProcess])[]
  /** All at once, balancers first: a service asks others from its start on. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Options = {
  readonly processes: PerService<ServiceProcess>
  /** Services that are started. */
  readonly chosen: readonly ServiceName[]
  /** Makes the second instance of a service; null where each has one. */
  readonly second: ((name: ServiceName) => Promise<ServiceProcess>) | null
  /** Ports at which a pair is reached. */
  readonly ports: PerService<number>
  readonly onReady: ((name: string, tookMs: number) => void) | undefined
}

/** The sandbox stands for the carrier, which is one. */
export const isBalanced = (name: ServiceName): boolean => name !== 'sandbox'

export const createInstances = async (options: Options): Promise<Instances> => {
  const { processes, chosen, second, ports, onReady } = options
  const pairs = await Promise.all(
    second === null
      ? []
      : chosen.filter(isBalanced).map(async (name) => [name, await second(name)] as const),
  )
  const all = [...serviceNames.map((name) => [name, processes[name]] as const), ...pairs]
  const balancers: Balancer[] = []
  const stopAll = (...names: readonly ServiceName[]) =>
    Promise.all(all.filter(([name]) => names.includes(name)).map(([, process]) => process.stop()))
  const stop = async () => {
    // The gateway first: nothing new comes in while the others finish.
    await stopAll('gateway')
    await stopAll('ledger', 'adapter')
    await stopAll('sandbox')
    await Promise.all(balancers.map((balancer) => balancer.close()))
  }
  const start = async () => {
    for (const [name, other] of pairs) {
      const targets = [processes[name].url, other.url]
      balancers.push(await startBalancer({ port: ports[name], targets }))
    }
    const started = all.filter(([name]) => chosen.includes(name))
    await Promise.all(started.map(([, process]) => startTimed(process, onReady)))
  }
  return { all, start, stop }
}

const startTimed = async (service: ServiceProcess, onReady: Options['onReady']): Promise<void> => {
  const startedAt = performance.now()
  await service.start()
  onReady?.(service.name, performance.now() - startedAt)
}
