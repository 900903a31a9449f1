import { merge, emptyState, noChanges, viewOf } from '../accounting/ledger-view.ts'
import type { Block } from '../log/block.ts'
import { readableBlock } from '../log/load-memory.ts'
import type { Projection } from '../projections/projection.ts'
import { checkedBlock, type Cursor } from './check-block.ts'
import {
  compareBlocks,
  compareState,
  endedBy,
  type Compared,
  type Ended,
  type Replayed,
} from './compare-blocks.ts'
import { note, type Findings } from './findings.ts'
import { compareWaiting, noteCompared, noteDifference, type Judging } from './judge-differences.ts'
import type { BirthBlock, LogRecords, ProjectedAtBegin } from './log-records.ts'
import { keepPlaces, lookBack } from './look-back.ts'
import { createPlaces, type Places } from './places.ts'
import { replacedProjections } from './projected-state.ts'
import { readAhead } from './read-ahead.ts'
import { entryHeadOf, type EntryHead } from './read-entry.ts'
import { letGo, positionOf, startReplay, type Memory, type Replay } from './replay.ts'
import { nothingTouched, policyOf, replayBlock, type Batch } from './replay-block.ts'

export type WalkOptions = {
  /** The birth that every partition must name. */
  readonly birth: BirthBlock | null
  /** Findings about the end of the walk: a later run that goes on from a checkpoint finds them again. */
  readonly findings: Findings
  /** Now and then, and at the end. */
  readonly onReplayed: (walked: Walked) => void
}
export type Walked = {
  readonly replay: Replay
  /** The replay at which every projection had been compared: a later run goes on from there. */
  readonly compared: Replay
  /** Numbers of documents that were stored when the walk began. */
  readonly counts: ProjectedAtBegin['counts']
}

const entriesAtOnce = 512
const blocksAtOnce = 256
const blocksAheadMax = 128
const handfulsBetweenReports = 32
/** The newest block moves on while a ledger works; documents read meanwhile show blocks of up to here. */
const roundsMax = 5
/** No ledger can be configured with a longer one; a changed block may claim anything. */
const duplicateWindowMsMax = 600_000

type Handful = {
  readonly batches: { readonly block: Batch; readonly heads: readonly (EntryHead | null)[] }[]
  readonly from: number
  last: Block
  entries: number
  blocks: number
}
type Walk = Judging & {
  readonly records: LogRecords
  readonly places: Places
  readonly placesFrom: number
  readonly options: WalkOptions
  /** Projections whose state has yet to be compared. */
  readonly uncompared: Set<Projection>
  comparing: { readonly compared: Promise<readonly Compared[]>; readonly ended: Ended } | null
  handfuls: number
  compared: Replay | null
}

/** Proves one partition, from where the replay stands to the newest block. */
export const walkPartition = async (
  records: LogRecords,
  replay: Replay,
  options: WalkOptions,
): Promise<Walked> => {
  const walk = await beginWalk(records, replay, options)
  let before: Cursor = { position: positionOf(replay), block: replay.tip }
  await stopHere(walk)
  for (let round = 0; round < roundsMax; round += 1) {
    let handful: Handful | null = null
    const source = records.blocks.after(replay.partition, before.position)
    for await (const read of readAhead(source, blocksAheadMax)) {
      const checked = checkedBlock(replay, options.birth, before, read)
      before = checked.cursor
      const { block } = checked
      if (block === null) continue
      const memory = memoryFor(replay, block)
      if (memory !== null)
        return walkPartition(records, startReplay(replay.partition, memory), options)
      handful ??= emptyHandful(block)
      add(handful, block)
      if (!isFull(walk, handful)) continue
      await replayHandful(walk, handful)
      handful = null
    }
    if (handful !== null) await replayHandful(walk, handful)
    await endComparing(walk)
    if (!isBehindWaiting(walk)) break
  }
  await endWalk(walk)
  const walked = walkedOf(walk)
  options.onReplayed(walked)
  return walked
}

const beginWalk = async (
  records: LogRecords,
  replay: Replay,
  options: WalkOptions,
): Promise<Walk> => ({
  records,
  begin: records.projections === null ? null : await records.projections.begin(replay.partition),
  replay,
  places: createPlaces(),
  placesFrom: positionOf(replay) + 1,
  options,
  waiting: new Map(),
  waitingCount: 0,
  uncompared: new Set(records.projections === null ? [] : replacedProjections),
  comparing: null,
  handfuls: 0,
  compared: null,
})

/** A block may look further back than the replay remembers: then the partition begins again with a longer memory. */
const memoryFor = ({ guardsKeptMs }: Memory, block: Block): Memory | null => {
  if (block.kind !== 'batch') return null
  const windowMs = policyOf(block)?.duplicateWindowMs ?? 0
  return windowMs > guardsKeptMs && windowMs <= duplicateWindowMsMax
    ? { guardsKeptMs: windowMs }
    : null
}

const emptyHandful = (block: Block): Handful => ({
  batches: [],
  from: block.position,
  last: block,
  entries: 0,
  blocks: 0,
})

const add = (handful: Handful, block: Block): void => {
  handful.last = block
  handful.blocks += 1
  if (block.kind !== 'batch') return
  handful.batches.push({ block, heads: block.entries.map(entryHeadOf) })
  handful.entries += block.entries.length
}

/** A handful ends where something has to be compared with the state of exactly that block. */
const isFull = (
  { begin, waiting, uncompared, records }: Walk,
  { entries, blocks, last }: Handful,
): boolean =>
  entries >= (records.pace?.entriesAtOnce ?? entriesAtOnce) ||
  blocks >= blocksAtOnce ||
  waiting.has(last.position) ||
  [...uncompared].some(({ name }) => (begin?.positions.get(name) ?? -1) === last.position) ||
  lowestPosition(begin) === last.position

const lowestPosition = (begin: ProjectedAtBegin | null): number | null =>
  begin === null ? null : Math.min(...begin.positions.values())

const replayHandful = async (walk: Walk, handful: Handful): Promise<void> => {
  const { replay, records, places, placesFrom, begin } = walk
  const { partition } = replay
  const heads = handful.batches.flatMap((batch) => batch.heads.filter((head) => head !== null))
  const found = await lookBack(replay.state, heads, {
    partition,
    blocks: records.blocks,
    places,
    placesFrom,
    before: handful.from,
    ...(records.index === undefined ? {} : { index: records.index }),
  })
  const lookedUp = emptyState()
  merge(lookedUp, {
    ...noChanges,
    topups: [...found.sales.values()],
    sessions: [...found.sessions.values()],
  })
  const view = viewOf(replay.state, lookedUp)
  const touched = nothingTouched()
  const blocks: Replayed['blocks'][number][] = []
  let isWhole = true
  for (const { block, heads: blockHeads } of handful.batches) {
    const entries = replayBlock(replay, view, block, blockHeads, {
      earlier: found.earlier,
      touched,
    })
    const readable = entries.filter((entry) => entry !== null)
    isWhole &&= readable.length === entries.length
    for (const [index, entry] of entries.entries()) {
      if (entry !== null) keepPlaces(places, blockHeads[index] ?? null, entry, block.position)
    }
    blocks.push(readableBlock(block, readable))
  }
  replay.tip = withoutEntries(handful.last)
  compareWaiting(walk)
  const ended = endedBy(replay, touched)
  const { from } = handful
  const replayed = { blocks, touched, from, to: handful.last.position, isWhole }
  // The database looks for these while the next handful is replayed.
  const compared =
    records.projections === null || begin === null
      ? Promise.resolve([])
      : compareBlocks(replay, records.projections, replayed, ended)
  compared.catch(() => undefined)
  const last = walk.comparing
  walk.comparing = { compared, ended }
  if (last !== null) integrate(walk, await last.compared, last.ended)
  await stopHere(walk)
  walk.handfuls += 1
  if (walk.handfuls % handfulsBetweenReports === 0) {
    await endComparing(walk)
    walk.options.onReplayed(walkedOf(walk))
  }
  await records.pace?.pause(replay.findings)
}

const walkedOf = ({ replay, compared, begin }: Walk): Walked => ({
  replay,
  compared: compared ?? replay,
  counts: begin?.counts ?? new Map(),
})

const withoutEntries = (block: Block): Block =>
  block.kind === 'batch' ? { ...block, entries: [] } : block

const endComparing = async (walk: Walk): Promise<void> => {
  const { comparing } = walk
  walk.comparing = null
  if (comparing !== null) integrate(walk, await comparing.compared, comparing.ended)
}

const integrate = (walk: Walk, compared: readonly Compared[], ended: Ended): void => {
  for (const each of compared) noteCompared(walk, each, walk.replay.findings)
  letGo(walk.replay, ended.sales, ended.sessions)
}

/** Whatever a projection shows at its position is compared there; where all have been, a later run may go on. */
const stopHere = async (walk: Walk): Promise<void> => {
  const { replay, begin, records, uncompared } = walk
  const { projections } = records
  if (begin === null || projections === null) return
  const here = positionOf(replay)
  for (const projection of [...uncompared]) {
    if ((begin.positions.get(projection.name) ?? -1) > here) continue
    await endComparing(walk)
    uncompared.delete(projection)
    noteCompared(walk, await compareState(replay, projections, projection), walk.options.findings)
  }
  if (walk.compared !== null || (lowestPosition(begin) ?? -1) > here) return
  await endComparing(walk)
  walk.compared = structuredClone(replay)
}

const isBehindWaiting = ({ waiting, replay }: Walk): boolean =>
  [...waiting.keys()].some((position) => position > positionOf(replay))

const endWalk = async (walk: Walk): Promise<void> => {
  const { replay, begin, options, records } = walk
  const { partition } = replay
  const here = positionOf(replay)
  if (begin === null || records.projections === null) return
  for (const [position, waiting] of walk.waiting) {
    if (position <= here) continue
    for (const { projection, difference } of waiting) {
      noteDifference(options.findings, partition, projection, difference)
    }
  }
  for (const projection of replacedProjections) {
    // Documents above the projection's position are as the log made them, where they are there.
    if (!walk.uncompared.has(projection) && begin.positions.get(projection.name) === here) continue
    const compared = await compareState(replay, records.projections, projection)
    // The ledger has worked on meanwhile: those were compared at an earlier block, or will be the next time.
    const differences = compared.differences.filter(
      ({ found }) => found.kind !== 'later' || found.position <= here,
    )
    noteCompared(walk, { ...compared, differences }, options.findings)
  }
  for (const [name, position] of begin.positions) {
    if (position <= here) continue
    const detail = `shows position ${position}, the newest block has ${here}`
    note(options.findings, { code: 'PROJECTION', partition, position, entry: name, detail })
  }
  if (begin.newestOperation > here) {
    const position = begin.newestOperation
    const detail = `an operation of block ${position} is stored, the newest block has ${here}`
    note(options.findings, { code: 'OPERATION', partition, position, entry: null, detail })
  }
}
