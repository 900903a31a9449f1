import { add, note, noFindings, type Finding, type Findings } from './findings.ts'
import type { LogRecords } from './log-records.ts'
import { partitionProver, type ProvePartition } from './prove-partition.ts'
import { positionOf, startReplay, usualMemory, type Replay } from './replay.ts'
import type { Walked } from './walk-partition.ts'

export type LogProof = {
  readonly entries: number
  readonly lines: number
  /** Sales that became final. */
  readonly commits: number
  /** Refusals by time: lateness depends on a clock and cannot be replayed. */
  readonly expired: number
  readonly findings: readonly Finding[]
  /** All of them, also where the list was cut. */
  readonly found: number
  readonly seconds: number
  /** Counts this run's lines, without those that a checkpoint had proven. */
  readonly linesPerSecond: number
}

export type VerifyOptions = {
  /** The replays that an earlier run ended with. */
  readonly replays?: readonly Replay[]
  /** Now and then: the replays that a later run could go on from, and the numbers so far. */
  readonly onProgress?: (replays: readonly Replay[], done: Done) => void
  /** At the end, with all that a later run may go on from. */
  readonly onProven?: (replays: readonly Replay[]) => void
  /** Partitions that are proven at once, and by what: one after the other in this thread, unless given. */
  readonly provers?: { readonly count: number; readonly prove: ProvePartition }
}
export type Done = { readonly blocks: number; readonly lines: number }

/**
 * Proves every partition: walks its blocks from the birth, applies their operations again with the writer's own `apply`, and
 * compares every projected document with the state at its own position. No finding means that the blocks explain it all.
 * Writes nothing, and needs no quiet ledger.
 */
export const verifyLog = async (
  records: LogRecords,
  options: VerifyOptions = {},
): Promise<LogProof> => {
  const startedAt = performance.now()
  const findings = noFindings()
  const { birth, partitions, strays, doubled } = await records.inspect()
  for (const { id, detail } of strays) {
    note(findings, { code: 'DATABASE', partition: null, position: null, entry: id, detail })
  }
  for (const { partition, position } of doubled) {
    const detail = 'the block is there twice'
    note(findings, { code: 'BLOCK', partition, position, entry: null, detail })
  }
  const walks: Walked[] = Array.from({ length: partitions }, (_, partition) => {
    const replay = options.replays?.[partition] ?? startReplay(partition, usualMemory)
    return { replay, compared: replay, counts: new Map() }
  })
  const linesBefore = linesOf(walks)
  const { count, prove } = options.provers ?? { count: 1, prove: partitionProver(records) }
  const ends: Findings[] = []
  await dealOut(walks.length, count, async (partition) => {
    const replay = walks[partition]?.replay ?? startReplay(partition, usualMemory)
    const proven = await prove({ partition, replay, birth }, (latest) => {
      walks[partition] = latest
      options.onProgress?.(comparedOf(walks), {
        blocks: sum(walks, ({ replay: each }) => positionOf(each) + 1),
        lines: linesOf(walks) - linesBefore,
      })
    })
    walks[partition] = proven.walked
    ends[partition] = proven.findings
  })
  // In the order of partitions, whichever ended first.
  for (const each of ends) add(findings, each)
  options.onProven?.(comparedOf(walks))
  // Causes come first: their consequences are found at the end of a walk.
  const all = [...walks.map(({ replay }) => replay.findings), findings]
  const lines = linesOf(walks)
  const seconds = (performance.now() - startedAt) / 1_000
  return {
    entries: sum(walks, ({ replay }) => replay.entries),
    lines,
    commits: sum(walks, ({ replay }) => replay.commits),
    expired: sum(walks, ({ replay }) => replay.expired),
    findings: all.flatMap(({ kept }) => kept),
    found: sum(all, ({ count }) => count),
    seconds,
    linesPerSecond: Math.round((lines - linesBefore) / seconds),
  }
}

const comparedOf = (walks: readonly Walked[]): readonly Replay[] =>
  walks.map(({ compared }) => compared)
const linesOf = (walks: readonly Walked[]): number => sum(walks, ({ replay }) => replay.sums.lines)
const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

/** Gives the partitions in their order to as many workers, each the next one as soon as it is free. */
const dealOut = async (
  partitions: number,
  workers: number,
  work: (partition: number) => Promise<void>,
): Promise<void> => {
  let next = 0
  const workOn = async (): Promise<void> => {
    while (next < partitions) {
      next += 1
      await work(next - 1)
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, partitions) }, workOn))
}
