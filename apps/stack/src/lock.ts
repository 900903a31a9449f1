import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf } from './ports.ts'

type Run = { readonly pid: number; readonly startedAt: string }
export type Lock =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'taken'; readonly pid: number; readonly startedAt: string }

/** Locks a folder for one stack. The lock of a killed stack does not count. */
export const lockFolder = async (folder: string): Promise<Lock> => {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'run.json')
  const command = await commandOf(process.pid)
  const run: Run & { command: string } = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    command,
  }
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, `${JSON.stringify(run)}\n`, { flag: 'wx' })
      return { kind: 'held', release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const other = await runningOwner(file)
    if (other !== null) return { kind: 'taken', ...other }
    rmSync(file, { force: true })
  }
  throw new Error(`${file} is taken again and again`)
}

/** The owner that still runs; a process id that another program has by now is not it. */
const runningOwner = async (file: string): Promise<Run | null> => {
  try {
    const { pid, startedAt, command } = JSON.parse(readFileSync(file, 'utf8')) as Run & {
      readonly command: string
    }
    process.kill(pid, 0)
    return (await commandOf(pid)) === command ? { pid, startedAt } : null
  } catch {
    return null
  }
}
