import { partitionCount } from '@recargas/contracts'
import type { Head } from '../writer/ports.ts'
import { checkEnd } from './check-end.ts'
import { note, noFindings, type Finding, type Findings } from './findings.ts'
import type { LedgerRecords, LedgerSource, UnsentBatch } from './ledger-source.ts'
import { replayEntries, type Walk } from './replay-entries.ts'
import { startReplay, type Memory, type Replay } from './replay-state.ts'
import { digestOf } from './unsent.ts'

export type LedgerProof = {
  readonly entries: number
  readonly lines: number
  /** Sales that became final. */
  readonly commits: number
  readonly findings: readonly Finding[]
  /** All of them, also where the list was cut. */
  readonly found: number
  readonly seconds: number
  /** Without what a checkpoint had proven before. */
  readonly linesPerSecond: number
}

export type VerifyOptions = {
  /** What an earlier run had proven. */
  readonly replays?: readonly Replay[]
  /** After each handful of entries, with how many there are to come. */
  readonly onProgress?: (replays: readonly Replay[], entriesTotal: number) => void
  /** At the end, with all that a later run may go on from. */
  readonly onProven?: (replays: readonly Replay[]) => void
}

const partitions = Array.from({ length: partitionCount }, (_, partition) => partition)
const usualMemory: Memory = { guardsKeptMs: 120_000 }

/**
 * Proves every partition: replays its journal from the first entry with the writer's own `apply`, and compares
 * everything that follows from it with what is stored. An empty list of findings means that the journal explains
 * it all. Writes nothing, and needs no quiet ledger: the journal before a head never changes, and the end is
 * compared at one instant.
 */
export const verifyLedger = async (
  records: LedgerRecords,
  options: VerifyOptions = {},
): Promise<LedgerProof> => {
  const startedAt = performance.now()
  const findings = noFindings()
  const { lacks } = await records.identity()
  for (const detail of lacks)
    note(findings, { code: 'DATABASE', partition: null, entry: null, detail })
  const replays = partitions.map(
    (partition) => options.replays?.[partition] ?? startReplay(partition, usualMemory),
  )
  const linesBefore = sum(replays, ({ sums }) => sums.lines)

  // The heads first: what of an earlier batch is unsent later on, is unsent now.
  const heads = await headsOf(records.live)
  const awaited = await unsentNow(records.live)
  const onReplayed = (total: readonly (Head | null)[]) => (replay: Replay) => {
    replays[replay.partition] = replay
    options.onProgress?.(
      replays,
      sum(total, (head) => head?.seq ?? 0),
    )
  }
  for (const partition of partitions) {
    replays[partition] = await walkOn(replays[partition] ?? startReplay(partition, usualMemory), {
      source: records.live,
      upTo: heads[partition]?.seq ?? 0,
      keepMessages: (batch) => awaited.has(`${partition}:${batch}`),
      onReplayed: onReplayed(heads),
    })
  }
  await records.atOneInstant(async (source) => {
    const last = await headsOf(source)
    for (const [partition, replay] of replays.entries()) {
      const walked = await walkOn(replay, {
        source,
        upTo: last[partition]?.seq ?? 0,
        keepMessages: (batch) =>
          batch > (heads[partition]?.batch ?? 0) || awaited.has(`${partition}:${batch}`),
        onReplayed: onReplayed(last),
      })
      replays[partition] = walked
      await checkEnd(walked, source, last[partition] ?? null, findings)
    }
    await checkUnsent(source, replays, findings)
    for (const { id, detail } of await source.strays(last)) {
      note(findings, { code: 'DATABASE', partition: null, entry: id, detail })
    }
  })
  options.onProven?.(replays)
  return proofOf(replays, findings, linesBefore, (performance.now() - startedAt) / 1_000)
}

/** Where a batch looks further back than the replay remembers, the partition begins again with a longer memory. */
const walkOn = async (replay: Replay, walk: Walk): Promise<Replay> => {
  const walked = await replayEntries(replay, walk)
  return walked.kind === 'done'
    ? replay
    : walkOn(startReplay(replay.partition, walked.memory), walk)
}

const headsOf = (source: LedgerSource): Promise<(Head | null)[]> =>
  Promise.all(partitions.map((partition) => source.head(partition)))

const unsentNow = async (source: LedgerSource): Promise<ReadonlySet<string>> => {
  const ids = new Set<string>()
  for await (const { id } of source.unsent()) ids.add(id)
  return ids
}

/** What waits to be sent must be what its batch caused, word for word. */
const checkUnsent = async (
  source: LedgerSource,
  replays: readonly Replay[],
  findings: Findings,
): Promise<void> => {
  const seen = new Set<string>()
  for await (const batch of source.unsent()) {
    seen.add(batch.id)
    const detail = unsentDifference(replays, batch)
    if (detail === null) continue
    note(findings, { code: 'OUTBOX', partition: batch.partition, entry: batch.id, detail })
  }
  for (const { partition, unsent } of replays) {
    for (const batch of unsent.keys()) {
      if (!seen.has(`${partition}:${batch}`)) unsent.delete(batch)
    }
  }
}

const unsentDifference = (
  replays: readonly Replay[],
  { id, partition, at, messages }: UnsentBatch,
): string | null => {
  const [owner, batch] = id.split(':').map(Number)
  const expected = replays[owner ?? -1]?.unsent.get(batch ?? -1)
  if (expected === undefined) return 'messages of a batch that the journal does not know'
  try {
    const isSame = owner === partition && expected === digestOf(at, messages)
    return isSame ? null : 'not the messages that its batch caused'
  } catch {
    return 'its messages cannot be read'
  }
}

const proofOf = (
  replays: readonly Replay[],
  database: Findings,
  linesBefore: number,
  seconds: number,
): LedgerProof => {
  const lines = sum(replays, ({ sums }) => sums.lines)
  const all = [database, ...replays.map(({ findings }) => findings)]
  return {
    entries: sum(replays, ({ entries }) => entries),
    lines,
    commits: sum(replays, ({ commits }) => commits),
    findings: all.flatMap(({ kept }) => kept),
    found: sum(all, ({ count }) => count),
    seconds,
    linesPerSecond: Math.round((lines - linesBefore) / seconds),
  }
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
