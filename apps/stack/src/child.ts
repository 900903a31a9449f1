import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Guard } from './guard.ts'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process of ours in a group of its own, so that whatever it starts ends with it. */
export type Child = {
  readonly name: string
  readonly pid: number
  readonly exited: Promise<Exit>
  readonly running: () => boolean
  /** Signals the whole group; nothing happens when it has ended. */
  readonly kill: (signal: NodeJS.Signals) => void
  /** SIGTERM, then SIGKILL when it has not ended in time. */
  readonly stop: (timeoutMs: number) => Promise<Exit>
  /** The last lines of its output since this start. */
  readonly lastLines: (count: number) => string
}

/** A server of ours that can be stopped and started again. */
export type RunningServer = {
  readonly pid: () => number | null
  /** Again on the same ports and data. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** As a power cut would: no clean end. */
  readonly kill: () => Promise<void>
  /** Resolves when it ends unexpectedly. */
  readonly died: () => Promise<string>
}

/** The address of a server, and the command that starts its programs there: in a network namespace of their own, for example. */
export type Place = { readonly host: string; readonly within: readonly string[] }

export const onLoopback: Place = { host: '127.0.0.1', within: [] }

/** A program with its arguments, as it is started at a place. */
export const startedAt = (
  { within }: Place,
  program: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } => {
  const [command = program, ...rest] = [...within, program, ...args]
  return { command, args: rest }
}

export type ChildOptions = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly logFile: string
  readonly guard: Guard
}

/** Starts a process whose output goes to a file. @returns as soon as it runs. @throws when the program is missing */
export const startChild = (options: ChildOptions): Promise<Child> => {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a')
  const logStart = statSync(options.logFile).size
  const spawned = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  let ended: Exit | null = null
  const exited = new Promise<Exit>((resolve) => {
    spawned.once('exit', (code, signal) => {
      ended = { code, signal }
      if (spawned.pid !== undefined) options.guard.drop(spawned.pid)
      resolve(ended)
    })
  })
  return new Promise((resolve, reject) => {
    spawned.once('error', reject)
    spawned.once('spawn', () => {
      const pid = spawned.pid
      if (pid === undefined) return
      options.guard.add(pid)
      const child: Child = {
        name: options.name,
        pid,
        exited,
        running: () => ended === null,
        kill: (signal) => signalGroup(pid, signal),
        stop: (timeoutMs) => stopGroup(pid, exited, timeoutMs),
        lastLines: (count) => tail(options.logFile, logStart, count),
      }
      resolve(child)
    })
  })
}

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const stopGroup = async (pid: number, exited: Promise<Exit>, timeoutMs: number): Promise<Exit> => {
  signalGroup(pid, 'SIGTERM')
  const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), timeoutMs)
  const exit = await exited
  clearTimeout(force)
  // The process's own children may outlive it by a moment.
  signalGroup(pid, 'SIGKILL')
  return exit
}

const tail = (file: string, from: number, count: number): string => {
  const text = readFileSync(file).subarray(from).toString('utf8').trimEnd()
  return text.split('\n').slice(-count).join('\n')
}

export const describeExit = ({ code, signal }: Exit): string =>
  signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`
