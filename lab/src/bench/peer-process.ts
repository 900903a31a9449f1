import { join } from 'node:path'
import { startChild, type Child } from '@recargas/stack/child'
import { accepts, freePort } from '@recargas/stack/ports'
import { repository, type Environment } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { inheritedEnvironment, runJson } from '../runner/programs.ts'
import type { LabServers } from '../runner/servers.ts'

const peersMain = 'lab/dist/bench/peers/main.js'
const stopTimeoutMs = 5_000
const portTimeoutMs = 20_000

type PeerRole = 'gateway' | 'adapter' | 'bare-ledger' | 'trio-ledger' | 'carrier'

export const startPeer = (
  servers: LabServers,
  path: string,
  role: PeerRole,
  env: Environment,
): Promise<Child> =>
  startChild({
    name: `${path} ${role}`,
    command: process.execPath,
    args: [join(repository, peersMain), role],
    env: { ...inheritedEnvironment(), NODE_ENV: 'production', ...env },
    logFile: join(servers.folder, 'logs', `${path}-${role}.log`),
    guard: servers.guard,
  })

export const stopPeer = async (peer: Child): Promise<void> => {
  await peer.stop(stopTimeoutMs)
}

export const pidOf = (peer: Child) => (): number | null => (peer.running() ? peer.pid : null)

/** Starts a carrier for one path alone, so that its debits are that path's. */
export const startCarrier = async (servers: LabServers, path: string) => {
  const port = await freePort()
  const carrier = await startPeer(servers, path, 'carrier', { PORT: String(port) })
  await waitForPort(carrier, port)
  return { url: `http://127.0.0.1:${port}`, process: carrier }
}

export const waitForPort = (peer: Child, port: number): Promise<void> =>
  waitUntil(`${peer.name} listens`, portTimeoutMs, () => {
    if (!peer.running()) throw new Error(`${peer.name} ended:\n${peer.lastLines(15)}`)
    return accepts(port)
  })

export const runPeer = <Figures>(
  role: 'medici' | 'raw-commit' | 'raw-read',
  env: Environment,
): Promise<Figures> => runJson<Figures>({ program: peersMain, args: [role], env })

type Settings = Readonly<Record<string, string | number>>

/** Runs a program that works inside the ledger. */
export const runLedgerBench = <Figures>(
  command: 'writer' | 'grow' | 'takeover',
  settings: Settings,
  onLine?: (line: string) => void,
): Promise<Figures> =>
  runJson<Figures>({
    program: 'services/ledger/dist/bench/main.js',
    args: [
      command,
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    ...(onLine && { onLine }),
  })
