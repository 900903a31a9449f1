import type { LoadResult, SaleTarget } from './load.ts'
import { forgetPeak, usageOf, type Usage } from './processes.ts'
import { rounded } from './statistics.ts'

export type Pids = Readonly<Record<string, () => number | null>>

/** The proof of the books after the sales, with its counts. */
export type Verification = { readonly isVerified: boolean; readonly detail: string }

/** A running path of a sale from the gateway to the carrier and back. */
export type SalePath = {
  readonly name: string
  readonly target: SaleTarget
  readonly pids: Pids
  /** Waits until nothing that was asked is still under way. */
  readonly settle: () => Promise<void>
  readonly verify: () => Promise<Verification>
  readonly stop: () => Promise<void>
}

export type Measured = LoadResult & Spent
export type Spent = {
  /** During the measured time, 100 a core; the load generator's too. */
  readonly cpuPercent: Readonly<Record<string, number>>
  /** Since the measurement before, or since the process started: openings, takeovers and warm-ups count too. */
  readonly rssPeakMb: Readonly<Record<string, number>>
}

/** Loads a path and measures the resources that its processes, the servers and the load generator use. */
export const measure = async (
  path: SalePath,
  load: (target: SaleTarget) => Promise<LoadResult>,
): Promise<Measured> => {
  const pids: Pids = { ...path.pids, 'load generator': () => process.pid }
  const watched = watch(pids)
  const result = await load(path.target)
  const usage = watched()
  await path.settle()
  return { ...result, ...usage }
}

/** @returns a function that gives the use since now and resets the memory peaks. */
export const watch = (pids: Pids): (() => Spent) => {
  const before = usagesOf(pids)
  const startedAt = performance.now()
  return () => {
    const after = usagesOf(pids)
    const seconds = (performance.now() - startedAt) / 1_000
    const cpuPercent: Record<string, number> = {}
    const rssPeakMb: Record<string, number> = {}
    for (const [name, usage] of Object.entries(after)) {
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
