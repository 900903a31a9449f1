import { readFileSync, writeFileSync } from 'node:fs'
import type { LoadResult } from './load.ts'
import { rounded } from './statistics.ts'

export type Pids = Readonly<Record<string, () => number | null>>

export type Spent = {
  /** During the measured time, 100 a core; the load generator's too. */
  readonly cpuPercent: Readonly<Record<string, number>>
  /** Since the measurement before, or since the process started: openings, takeovers and warm-ups count too. */
  readonly rssPeakMb: Readonly<Record<string, number>>
}
export type Measured = LoadResult & Spent

/** Loads a path and measures the resources that its processes, the servers and the load generator use. */
export const measure = async (
  path: { readonly pids: Pids; readonly settle: () => Promise<void> },
  load: () => Promise<LoadResult>,
): Promise<Measured> => {
  const watched = watch({ ...path.pids, 'load generator': () => process.pid })
  const result = await load()
  const usage = watched()
  await path.settle()
  return { ...result, ...usage }
}

/** @returns a function that gives the use since now and resets the memory peaks. */
export const watch = (pids: Pids): (() => Spent) => {
  const before = usagesOf(pids)
  const startedAt = performance.now()
  return () => {
    const seconds = (performance.now() - startedAt) / 1_000
    const cpuPercent: Record<string, number> = {}
    const rssPeakMb: Record<string, number> = {}
    for (const [name, usage] of Object.entries(usagesOf(pids))) {
      const spent = usage.cpuSeconds - (before[name]?.cpuSeconds ?? 0)
      cpuPercent[name] = Math.round((spent / seconds) * 100)
      rssPeakMb[name] = rounded(usage.rssPeakMb)
    }
    for (const pid of Object.values(pids)) forgetPeak(pid())
    return { cpuPercent, rssPeakMb }
  }
}

const usagesOf = (pids: Pids): Readonly<Record<string, Usage>> =>
  Object.fromEntries(
    Object.entries(pids).flatMap(([name, pid]) => {
      const usage = usageOf(pid())
      return usage === null ? [] : [[name, usage]]
    }),
  )

type Usage = {
  readonly cpuSeconds: number
  /** Most memory it held since it started, or since {@link forgetPeak}. */
  readonly rssPeakMb: number
}

/** Clock ticks a second that Linux counts CPU time in, on every platform it runs on today. */
const ticksPerSecond = 100

/**
 * Sums the process and its children, since a script may start a server; this process counts alone, because its children are the
 * others. Null for a process that is gone or not readable.
 */
const usageOf = (pid: number | null): Usage | null => {
  if (pid === null) return null
  const own = usageOfOne(pid)
  if (own === null || pid === process.pid) return own
  return childrenOf(pid)
    .flatMap((child) => usageOf(child) ?? [])
    .reduce(
      (sum, child) => ({
        cpuSeconds: sum.cpuSeconds + child.cpuSeconds,
        rssPeakMb: sum.rssPeakMb + child.rssPeakMb,
      }),
      own,
    )
}

/** Memory peaks count from now on; where the system does not allow that they stay those of the whole life. */
const forgetPeak = (pid: number | null): void => {
  if (pid === null) return
  for (const each of pid === process.pid ? [pid] : [pid, ...childrenOf(pid)]) {
    try {
      writeFileSync(`/proc/${each}/clear_refs`, '5')
    } catch {
      // The process has just ended, or belongs to another user.
    }
  }
}

const childrenOf = (pid: number): readonly number[] => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return children === '' ? [] : children.split(' ').map(Number)
  } catch {
    return []
  }
}

const usageOfOne = (pid: number): Usage | null => {
  try {
    const fields = statOf(pid)
    const ticks = Number(fields[11]) + Number(fields[12])
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const peakKb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    return { cpuSeconds: ticks / ticksPerSecond, rssPeakMb: Math.round(peakKb / 1024) }
  } catch {
    return null
  }
}

/** The kernel's fields of a process. The command's name may hold spaces and brackets: they begin after the last of them. */
const statOf = (pid: number): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

export const isStopped = (pid: number): boolean => {
  try {
    return statOf(pid)[0] === 'T'
  } catch {
    return false
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
