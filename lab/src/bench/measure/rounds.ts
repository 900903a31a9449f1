import { sellFor } from './load.ts'
import { measure, type Measured, type SalePath } from './measured-path.ts'
import { rounded, spreadOf, type Spread } from './statistics.ts'

export type Log = (line: string) => void

/** One path under one load, over all rounds. */
export type Cell = {
  readonly path: string
  readonly connections: number
  readonly salesPerSecond: Spread
  readonly p50Ms: Spread
  readonly p99Ms: Spread
  readonly maxMs: number
  /** Answers that were no sale, errors included. */
  readonly notSold: number
  /** Medians, by process. */
  readonly cpuPercent: Readonly<Record<string, number>>
  /** The most of all rounds, by process. */
  readonly rssPeakMb: Readonly<Record<string, number>>
  readonly rounds: readonly Measured[]
}

export type Turn = {
  readonly path: SalePath
  readonly connections: number
  /** A slow path needs longer until its answers come evenly. */
  readonly rampSeconds?: number
  /** Before the load of each round. */
  readonly prepare?: () => Promise<void>
}

/** Measures every turn once in each round, so that a slow minute of the machine meets all of them. */
export const measureInTurns = async (
  turns: readonly Turn[],
  options: { readonly rounds: number; readonly seconds: number; readonly log: Log },
): Promise<readonly Cell[]> => {
  const measured = turns.map((): Measured[] => [])
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [index, { path, connections, rampSeconds, prepare }] of turns.entries()) {
      await prepare?.()
      const load = {
        connections,
        seconds: options.seconds,
        ...(rampSeconds === undefined ? {} : { rampSeconds }),
      }
      const result = await measure(path, (target) => sellFor(target, load))
      measured[index]?.push(result)
      options.log(
        `  round ${round}/${options.rounds}  ${path.name.padEnd(14)} ${String(connections).padStart(4)} connections  ` +
          `${result.salesPerSecond.toFixed(0).padStart(6)} sales/s  p50 ${result.latencyMs.p50} ms`,
      )
    }
  }
  return turns.map(({ path, connections }, index) =>
    cellOf(path.name, connections, measured[index] ?? []),
  )
}

const cellOf = (path: string, connections: number, rounds: readonly Measured[]): Cell => ({
  path,
  connections,
  salesPerSecond: spreadOf(rounds.map((round) => round.salesPerSecond)),
  p50Ms: spreadOf(rounds.map((round) => round.latencyMs.p50)),
  p99Ms: spreadOf(rounds.map((round) => round.latencyMs.p99)),
  maxMs: Math.max(...rounds.map((round) => round.latencyMs.max)),
  notSold: rounds.reduce((sum, round) => sum + round.errors + total(round.other), 0),
  cpuPercent: byName(
    rounds.map((round) => round.cpuPercent),
    (values) => spreadOf(values).median,
  ),
  rssPeakMb: byName(
    rounds.map((round) => round.rssPeakMb),
    (values) => rounded(Math.max(...values)),
  ),
  rounds,
})

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

const byName = (
  rounds: readonly Readonly<Record<string, number>>[],
  fold: (values: readonly number[]) => number,
): Readonly<Record<string, number>> => {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)))
  return Object.fromEntries(
    [...names].map((name) => [name, fold(rounds.flatMap((round) => round[name] ?? []))]),
  )
}

export const cellAt = (
  cells: readonly Cell[],
  path: string,
  connections: number,
): Cell | undefined => cells.find((cell) => cell.path === path && cell.connections === connections)
