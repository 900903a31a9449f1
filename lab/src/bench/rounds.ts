import type { Verification } from '../runner/judge.ts'
import { notSoldOf, sellOnConnections, type SaleTarget } from '../runner/load.ts'
import { say } from '../runner/report.ts'
import { rounded, spreadOf, sumOf, type Spread } from '../runner/statistics.ts'
import { measure, type Measured, type Pids } from '../runner/usage.ts'
import { warmUp, type Plan } from './plan.ts'

/** A running path of a sale from the gateway to the carrier and back. */
export type SalePath = {
  readonly name: string
  readonly target: SaleTarget
  readonly pids: Pids
  /** Waits until every requested sale has ended. */
  readonly settle: () => Promise<void>
  readonly verify: () => Promise<Verification>
  readonly stop: () => Promise<void>
}

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
  /** Maxima of all rounds, by process. */
  readonly rssPeakMb: Readonly<Record<string, number>>
  readonly rounds: readonly Measured[]
}

export type Turn = {
  readonly path: SalePath
  readonly connections: number
  /** A slow path takes longer to answer at a steady rate. */
  readonly rampSeconds?: number
  /** Runs before the load of each round. */
  readonly prepare?: () => Promise<void>
}

/** Sells for a moment, so that code and connections are warm. */
export const warm = async ({ target, settle }: SalePath): Promise<void> => {
  await sellOnConnections(target, warmUp)
  await settle()
}

/** Measures every turn once in each round, so that a slow minute of the machine affects all of them. */
export const measureInTurns = async (
  turns: readonly Turn[],
  { rounds, seconds }: Pick<Plan, 'rounds' | 'seconds'>,
): Promise<readonly Cell[]> => {
  const measured = turns.map((): Measured[] => [])
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, turn] of turns.entries()) {
      measured[index]?.push(await measureTurn(turn, seconds, `round ${round}/${rounds}`))
    }
  }
  return turns.map(({ path, connections }, index) =>
    cellOf(path.name, connections, measured[index] ?? []),
  )
}

const measureTurn = async (
  { path, prepare, ...load }: Turn,
  seconds: number,
  title: string,
): Promise<Measured> => {
  await prepare?.()
  const result = await measure(path, () => sellOnConnections(path.target, { ...load, seconds }))
  say(
    `  ${title}  ${path.name.padEnd(14)} ${String(load.connections).padStart(4)} connections  ` +
      `${result.salesPerSecond.toFixed(0).padStart(6)} sales/s  p50 ${result.latencyMs.p50} ms`,
  )
  return result
}

/** A system that is started for its turns. */
export type StartedSystem = {
  readonly turns: readonly Turn[]
  readonly verify: () => Promise<Verification>
  readonly stop: () => Promise<void>
}

/**
 * In each round starts each system, measures its turns and stops it: an idle system uses the processor too and would slow down
 * the one that is measured.
 */
export const measureAlone = async (
  starts: Readonly<Record<string, () => Promise<StartedSystem>>>,
  { rounds, seconds }: Pick<Plan, 'rounds' | 'seconds'>,
) => {
  const measured = new Map<string, { readonly connections: number; readonly rounds: Measured[] }>()
  const ledgers: Record<string, Verification> = {}
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      const system = await start()
      try {
        for (const turn of system.turns) {
          const { path, connections } = turn
          const found = measured.get(path.name) ?? { connections, rounds: [] }
          found.rounds.push(await measureTurn(turn, seconds, `round ${round}/${rounds}`))
          measured.set(path.name, found)
        }
        ledgers[`${name}, round ${round}`] = await system.verify()
      } finally {
        await system.stop()
      }
    }
  }
  const cells = [...measured].map(([path, found]) => cellOf(path, found.connections, found.rounds))
  return { cells, ledgers }
}

const cellOf = (path: string, connections: number, rounds: readonly Measured[]): Cell => ({
  path,
  connections,
  salesPerSecond: spreadOf(rounds.map((round) => round.salesPerSecond)),
  p50Ms: spreadOf(rounds.map((round) => round.latencyMs.p50)),
  p99Ms: spreadOf(rounds.map((round) => round.latencyMs.p99)),
  maxMs: Math.max(...rounds.map((round) => round.latencyMs.max)),
  notSold: sumOf(rounds.map(notSoldOf)),
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

const byName = (
  rounds: readonly Readonly<Record<string, number>>[],
  fold: (values: readonly number[]) => number,
): Readonly<Record<string, number>> => {
  const names = new Set(rounds.flatMap((round) => Object.keys(round)))
  return Object.fromEntries(
    [...names].map((name) => [name, fold(rounds.flatMap((round) => round[name] ?? []))]),
  )
}
