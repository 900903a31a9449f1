import { parseArgs } from 'node:util'
import { backendNamed, type Backend } from './backend.ts'
import type { NativePorts } from './native-ports.ts'
import { nodesAsked, type NodeCount } from './server-versions.ts'
import { defaultPorts, serviceNames, type PerService, type ServiceName } from './service-names.ts'

export type StartArguments = {
  readonly reset: boolean
  /** Show only the services' log lines of this request or sale. */
  readonly correlation: string | undefined
  readonly backend: Backend | undefined
  /** Services that a debugger may attach to, and the port of each. */
  readonly inspect: Partial<PerService<number>>
  /** Builds whenever a source changes and restarts the services whose code changed. */
  readonly watch: boolean
  /** MongoDB and RabbitMQ without a service, for a restore. */
  readonly serversOnly: boolean
  readonly services: PerService<number>
  /** Members of MongoDB and of RabbitMQ, each. */
  readonly nodes: NodeCount
  /** Those of the first members; further ones lie ten and twenty above. */
  readonly servers: NativePorts
}

const basePort = 3000
const highestBase = 65_000

/** Parses the command line and the environment. @throws with the problem */
export const readArguments = (args: readonly string[]): StartArguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      reset: { type: 'boolean', default: false },
      'port-base': { type: 'string' },
      backend: { type: 'string' },
      correlation: { type: 'string' },
      inspect: { type: 'string', multiple: true, default: [] },
      watch: { type: 'boolean', default: false },
      'servers-only': { type: 'boolean', default: false },
    },
  })
  const base = portBase(values['port-base'] ?? process.env['PORT_BASE'])
  return {
    reset: values.reset,
    correlation: values.correlation,
    backend: values.backend === undefined ? undefined : backendNamed(values.backend),
    inspect: inspectPorts(values.inspect, base),
    watch: values.watch,
    serversOnly: values['servers-only'],
    services: servicePorts(base),
    nodes: nodesAsked(),
    servers: {
      mongodb: base + 10,
      amqp: base + 11,
      management: base + 12,
      distribution: base + 13,
      epmd: base + 14,
      prometheus: base + 15,
    },
  }
}

const portBase = (given: string | undefined): number => {
  if (given === undefined || given === '') return basePort
  const base = Number(given)
  if (!Number.isInteger(base) || base < 1024 || base > highestBase) {
    throw new Error(`port base ${given}: a whole number from 1024 to ${highestBase}`)
  }
  return base
}

const servicePorts = (base: number): PerService<number> => {
  const shifted = serviceNames.map((name) => [name, defaultPorts[name] - basePort + base] as const)
  return Object.fromEntries(shifted) as Record<ServiceName, number>
}

const firstInspectPort = 16

const inspectPorts = (names: readonly string[], base: number): Partial<PerService<number>> =>
  Object.fromEntries(
    names.map((name) => {
      const index = serviceNames.findIndex((service) => service === name)
      if (index < 0) {
        throw new Error(`--inspect ${name}: no such service; one of ${serviceNames.join(', ')}`)
      }
      return [name, base + firstInspectPort + index]
    }),
  )
