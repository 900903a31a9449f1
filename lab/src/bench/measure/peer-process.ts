import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { startChild, type Child } from '@recargas/stack/child'
import type { Environment } from '@recargas/stack/service-process'
import { accepts, freePort } from '@recargas/stack/ports'
import { waitUntil } from '@recargas/stack/wait-until'
import type { BenchServers } from './bench-servers.ts'

const peersMain = fileURLToPath(new URL('../peers/main.js', import.meta.url))
const ledgerBenchMain = fileURLToPath(
  new URL('../../../../services/ledger/dist/bench/main.js', import.meta.url),
)
const stopTimeoutMs = 5_000
const portTimeoutMs = 20_000
const outputBytesMax = 1_024 * 1_024

export type PeerRole = 'gateway' | 'adapter' | 'bare-ledger' | 'trio-ledger' | 'carrier'

const inherited = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _own, ...environment } = process.env
  return environment
}

export const startPeer = (
  servers: BenchServers,
  path: string,
  role: PeerRole,
  env: Environment,
): Promise<Child> =>
  startChild({
    name: `${path} ${role}`,
    command: process.execPath,
    args: [peersMain, role],
    env: { ...inherited(), NODE_ENV: 'production', ...env },
    logFile: join(servers.folder, 'logs', `${path}-${role}.log`),
    guard: servers.guard,
  })

export const stopPeer = async (peer: Child): Promise<void> => {
  await peer.stop(stopTimeoutMs)
}

export type Carrier = { readonly url: string; readonly process: Child }

/** Starts a carrier for one path alone, so that its debits are that path's. */
export const startCarrier = async (servers: BenchServers, path: string): Promise<Carrier> => {
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

/** Runs a program of the bench to its end. @returns the JSON it printed */
const runJson = <Figures>(
  args: readonly string[],
  env: Environment,
  onLine?: (line: string) => void,
): Promise<Figures> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      args,
      { env: { ...inherited(), ...env }, maxBuffer: outputBytesMax },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Figures)
        else reject(new Error(`${args.join(' ')} failed: ${stderr}`, { cause: error }))
      },
    )
    child.stderr?.on('data', (text: string) => onLine?.(text.trim()))
  })

export const runPeer = <Figures>(
  role: 'medici' | 'raw-commit' | 'raw-read',
  env: Environment,
): Promise<Figures> => runJson<Figures>([peersMain, role], env)

export const runLedgerBench = <Figures>(
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<Figures> => runJson<Figures>([ledgerBenchMain, ...args], {}, onLine)
