import { readFileSync, writeFileSync } from 'node:fs'

/** CPU and memory of the processes of a run, by name. */
export type Usage = {
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
export const usageOf = (pid: number | null): Usage | null => {
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
export const forgetPeak = (pid: number | null): void => {
  if (pid === null) return
  for (const each of pid === process.pid ? [pid] : [pid, ...childrenOf(pid)]) {
    try {
      writeFileSync(`/proc/${each}/clear_refs`, '5')
    } catch {
      // A process that has just ended, or not ours.
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
    // The command's name may hold spaces and brackets: the fields begin after the last of them.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const peakKb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    return { cpuSeconds: ticks / ticksPerSecond, rssPeakMb: Math.round(peakKb / 1024) }
  } catch {
    return null
  }
}
