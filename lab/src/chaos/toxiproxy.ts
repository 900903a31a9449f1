import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startChild, type Child } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { cacheFolder } from '@recargas/stack/install'
import { accepts, freePort } from '@recargas/stack/ports'
import { runProgram } from '@recargas/stack/run-program'
import { waitUntil } from '@recargas/stack/readiness'
import { say } from '../runner/report.ts'
import type { Link, NetworkFault } from './plan.ts'

const version = '2.12.0'
const module = `github.com/Shopify/toxiproxy/v2/cmd/server@v${version}`
const startTimeoutMs = 20_000
const answerTimeoutMs = 8_000

/** Strength of a disturbance, in toxiproxy's own terms. */
export const strength = {
  latencyMs: 1_500,
  slowCloseMs: 2_000,
  bandwidthKbPerSecond: 1,
  sliceBytes: 16,
  sliceDelayUs: 10_000,
} as const

type Toxic = {
  readonly type: string
  readonly streams: readonly ('upstream' | 'downstream')[]
  readonly attributes: Readonly<Record<string, number>>
}

const toxics: Readonly<Record<NetworkFault, Toxic>> = {
  latency: {
    type: 'latency',
    streams: ['downstream'],
    attributes: { latency: strength.latencyMs, jitter: 200 },
  },
  // Nothing gets through, without an error to either side.
  'black hole': {
    type: 'timeout',
    streams: ['upstream', 'downstream'],
    attributes: { timeout: 0 },
  },
  reset: { type: 'reset_peer', streams: ['downstream'], attributes: { timeout: 0 } },
  'slow close': {
    type: 'slow_close',
    streams: ['downstream'],
    attributes: { delay: strength.slowCloseMs },
  },
  bandwidth: {
    type: 'bandwidth',
    streams: ['downstream'],
    attributes: { rate: strength.bandwidthKbPerSecond },
  },
  slicing: {
    type: 'slicer',
    streams: ['upstream', 'downstream'],
    attributes: {
      average_size: strength.sliceBytes,
      size_variation: strength.sliceBytes / 2,
      delay: strength.sliceDelayUs,
    },
  },
}

/** The proxy's program, built once where Go is present; null where it is not. */
export const toxiproxyProgram = async (): Promise<string | null> => {
  const folder = join(cacheFolder(), `toxiproxy-${version}`)
  const program = join(folder, 'server')
  if (existsSync(program)) return program
  try {
    await runProgram('go', ['version'])
  } catch {
    return null
  }
  say(`building toxiproxy ${version} …`)
  mkdirSync(folder, { recursive: true })
  try {
    await runProgram('go', ['install', module], { ...process.env, GOBIN: folder })
    return program
  } catch (error) {
    say(`toxiproxy cannot be built: ${String(error)}`)
    return null
  }
}

/** Starts the program, and anew when it hangs; then every connection through it is cut, on all links. */
export const startToxiproxy = async (program: string, folder: string, guard: Guard) => {
  const adminPort = await freePort()
  const start = () => startProgram(program, adminPort, join(folder, 'toxiproxy.log'), guard)
  let child = await start()
  const ports: Readonly<Record<Link, number>> = {
    amqp: await freePort(),
    mongodb: await freePort(),
    carrier: await freePort(),
  }
  const upstreamPorts = new Map<Link, number>()
  const create = (link: Link) =>
    post(adminPort, '/proxies', { name: link, ...ends(ports[link], upstreamPorts.get(link)) })
  let restarting: Promise<void> | null = null
  const restart = async () => {
    say('toxiproxy hangs: started anew')
    await child.stop(0)
    child = await start()
    for (const link of upstreamPorts.keys()) await create(link)
  }
  const ask = async (send: () => Promise<void>): Promise<void> => {
    await restarting
    try {
      await send()
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'TimeoutError') throw error
      // A slicer whose client has left never ends, and its removal waits for it while holding the lock.
      restarting ??= restart().finally(() => (restarting = null))
      await restarting
      throw error
    }
  }
  return {
    /** The port for a link's clients. */
    port: (link: Link) => ports[link],
    open: (link: Link, upstreamPort: number) => {
      upstreamPorts.set(link, upstreamPort)
      return ask(() => create(link))
    },
    /** Another server behind the same port; connections to the old one are cut. */
    redirect: (link: Link, upstreamPort: number) => {
      upstreamPorts.set(link, upstreamPort)
      return ask(() => post(adminPort, `/proxies/${link}`, ends(ports[link], upstreamPort)))
    },
    disturb: async (link: Link, fault: NetworkFault) => {
      const { type, streams, attributes } = toxics[fault]
      for (const stream of streams) {
        const name = `${type}-${stream}`
        const toxic = { name, type, stream, attributes }
        await ask(() => post(adminPort, `/proxies/${link}/toxics`, toxic))
      }
    },
    /** On every link: one is disturbed at a time. */
    heal: () => ask(() => post(adminPort, '/reset')),
  }
}

const startProgram = async (
  program: string,
  adminPort: number,
  logFile: string,
  guard: Guard,
): Promise<Child> => {
  const child = await startChild({
    name: 'toxiproxy',
    command: program,
    args: ['-host', '127.0.0.1', '-port', String(adminPort)],
    env: { ...process.env, LOG_LEVEL: 'error' },
    logFile,
    guard,
  })
  await waitUntil('toxiproxy answers', startTimeoutMs, () => {
    if (!child.running()) throw new Error(`toxiproxy ended:\n${child.lastLines(5)}`)
    return accepts(adminPort)
  })
  return child
}

const ends = (port: number, upstreamPort: number | undefined) => ({
  listen: `127.0.0.1:${port}`,
  upstream: `127.0.0.1:${upstreamPort ?? 0}`,
  enabled: true,
})

const post = async (adminPort: number, path: string, body: object = {}): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${adminPort}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  if (!response.ok) throw new Error(`toxiproxy ${path}: ${await response.text()}`)
}
