import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorText } from '@recargas/contracts'
import { describeExit, startChild, type Child, type Exit } from './child.ts'
import type { Guard } from './guard.ts'
import { mergeNodeOptions, nodeFlags } from './node-options.ts'
import { accepts } from './ports.ts'
import { waitUntil } from './readiness.ts'

export const repository = fileURLToPath(new URL('../../../', import.meta.url))
/** More than a service gives its own shutdown. */
const stopTimeoutMs = 16_000
const answerTimeoutMs = 2_000
const lastLinesShown = 15
export type Environment = Readonly<Record<string, string | undefined>>

/** One Node process of ours that can be ended and started again on the same port. */
export type ServiceProcess = {
  readonly name: string
  readonly url: string
  readonly pid: () => number | null
  /** Starts and waits until it is ready. `overrides` count for this start only. */
  readonly start: (overrides?: Environment) => Promise<void>
  readonly waitReady: (timeoutMs?: number) => Promise<void>
  /** Stops it gracefully: work under way is finished. */
  readonly stop: () => Promise<void>
  /** Signals it and, for SIGKILL, waits for its end. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>
  /** Settles when the process that runs now ends, by whatever cause. */
  readonly exited: () => Promise<Exit>
  readonly lastLines: () => string
}

export type ServiceProcessOptions = {
  readonly name: string
  /** Below the root, as built. */
  readonly main: string
  /** The repository whose build is started, asked at each start; this one by default. */
  readonly root?: (() => string) | undefined
  readonly port: number
  /** Port for a debugger; none by default. */
  readonly inspectPort?: number | undefined
  readonly env: Environment
  readonly logFile: string
  readonly guard: Guard
  readonly readyTimeoutMs: number
  /** True for a service with a /ready; others are ready when their port is open. */
  readonly readyRoute: boolean
  readonly onDeath: (cause: string) => void
}

export const createServiceProcess = (options: ServiceProcessOptions): ServiceProcess => {
  const { name, port } = options
  const url = `http://127.0.0.1:${port}`
  let child: Child | null = null
  let wanted = false
  let last: Promise<Exit> = Promise.resolve({ code: null, signal: null })

  const waitReady = async (timeoutMs = options.readyTimeoutMs) => {
    let reason = 'no answer'
    const check = async () => {
      if (child?.running() !== true) throw new Error(`${name} ended:\n${lastLines()}`)
      if (!options.readyRoute) return accepts(port)
      const answer = await readiness(url)
      reason = answer.reason
      return answer.ready
    }
    await waitUntil(`${name} is ready`, timeoutMs, check).catch((error: unknown) => {
      if (child?.running() !== true) throw error
      throw new Error(`${String(error)}: ${reason}\n${lastLines()}`, { cause: error })
    })
  }
  const lastLines = () => child?.lastLines(lastLinesShown) ?? ''

  return {
    name,
    url,
    pid: () => (child?.running() === true ? child.pid : null),
    waitReady,
    lastLines,
    exited: () => last,
    start: async (overrides = {}) => {
      if (child?.running() === true) throw new Error(`${name} runs already`)
      const env = environmentOf({ ...options.env, ...overrides })
      const flags = nodeFlags(env['NODE_OPTIONS'] ?? '', options.inspectPort)
      const root = options.root?.() ?? repository
      const started = await startChild({
        name,
        command: process.execPath,
        args: [...flags, builtFile(root, options.main)],
        env,
        cwd: root,
        logFile: options.logFile,
        guard: options.guard,
      })
      child = started
      wanted = true
      last = started.exited
      void last.then((exit) => {
        if (!wanted || child !== started) return
        options.onDeath(`${name} ended with ${describeExit(exit)}:\n${lastLines()}`)
      })
      await waitReady()
    },
    stop: async () => {
      wanted = false
      if (child?.running() === true) await child.stop(stopTimeoutMs)
    },
    kill: async (signal = 'SIGKILL') => {
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') wanted = false
      child?.kill(signal)
      if (signal === 'SIGKILL') await last
    },
  }
}

const builtFile = (root: string, main: string): string => {
  const file = join(root, main)
  if (!existsSync(file)) throw new Error(`${file} is not built: npm run build`)
  return file
}

/**
 * The caller's environment, with the given values instead. NAME_FILE of a given name is dropped, since a service
 * refuses to have both.
 */
const environmentOf = (given: Environment): NodeJS.ProcessEnv => {
  const dropped = new Set(Object.keys(given).map((name) => `${name}_FILE`))
  const kept = Object.entries(process.env).filter(([name]) => !dropped.has(name))
  const options = mergeNodeOptions(process.env['NODE_OPTIONS'], given['NODE_OPTIONS'])
  return { ...Object.fromEntries(kept), ...given, NODE_OPTIONS: options }
}

const readiness = async (url: string): Promise<{ ready: boolean; reason: string }> => {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(answerTimeoutMs) })
    return { ready: response.ok, reason: await response.text() }
  } catch (error) {
    return { ready: false, reason: errorText(error) }
  }
}
