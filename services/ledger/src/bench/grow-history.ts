import { randomUUID } from 'node:crypto'
import { partitionOf } from '@recargas/contracts'
import { emptyState } from '../accounting/ledger-view.ts'
import { blockDocument, type BlockDocument } from '../log/block-documents.ts'
import { blocksCollection } from '../log/block-store.ts'
import { birthBlock, type Block } from '../log/block.ts'
import { buildBlock, type BuiltBlock } from '../log/build-block.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import { readableBlock } from '../log/load-memory.ts'
import { forgetProjected, memoryOf, remember } from '../log/memory.ts'
import { takeOver } from '../log/own-partition.ts'
import type { LookupResult } from '../log/plan-lookups.ts'
import { projections } from '../projections/all.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import {
  documentsAfter,
  type PositionedDocument,
  type ReadableBlock,
} from '../projections/projection.ts'
import { singly, timeoutMs, type BenchLog } from './open-log.ts'
import { terms, type Workload } from './workload.ts'

const blocksPerGroup = 5
const groupsUnderWayMax = 3
const spanMs = 30 * 24 * 3_600_000
/** Later sales must not meet the guards of the history. */
const endsBeforeMs = 3_600_000
const unknown: LookupResult = { operations: new Map(), topups: [], sessions: [] }
/** Single commands need no durability of their own: the last one is written to a majority, and with it those before. */
const inBulk = { ordered: false, writeConcern: { w: 1 } } as const

/**
 * A shop's past month, made by the writer's own pure steps, so that every balance, hash, sequence and projected document is
 * right, but stored in bulk.
 */
export const growHistory = async (
  log: BenchLog,
  workload: Workload,
  options: {
    readonly sales: number
    /** Two entries each. */
    readonly salesPerBlock: number
    /** Number of the last sales that stay held, without a verdict. */
    readonly held: number
    readonly startAt: number
    readonly onGrown: (entries: number) => void
  },
): Promise<{ readonly entries: number; readonly blocks: number }> => {
  const history = await startHistory(log, workload, options.startAt)
  const storing = storeInBulk(log)
  let group: ReadableBlock[] = [...history.begun]
  let entries = 0
  const add = async ({ block, entries: made }: BuiltBlock) => {
    if (block === null) return
    group.push(readableBlock(block, made))
    await storing.append(block)
    entries += made.length
    if (group.length < blocksPerGroup) return
    await storing.project(group)
    group = []
  }
  for (const inbound of workload.opening) await add(history.write([inbound], options.startAt))
  const { salesPerBlock } = options
  const blocks = Math.ceil(options.sales / salesPerBlock)
  const settled = options.sales - options.held
  for (let made = 1; made <= blocks; made += 1) {
    const at = options.startAt + Math.floor((made * spanMs) / blocks)
    const first = (made - 1) * salesPerBlock
    const count = Math.min(salesPerBlock, options.sales - first)
    const sales = Array.from({ length: count }, () => workload.sale(at))
    let waiting: readonly InboundOperation[] = [
      ...sales.map((s) => s.request),
      ...sales.flatMap((s, index) => (first + index < settled ? [s.verdict] : [])),
    ]
    while (waiting.length > 0) {
      const built = history.write(waiting, at)
      waiting = waiting.slice(built.taken)
      await add(built)
    }
    if (made % Math.ceil(50_000 / salesPerBlock) === 0) options.onGrown(entries)
  }
  await storing.project(group)
  await storing.finish(history.tip())
  return { entries, blocks: history.tip().position }
}

/** When a history of that length begins so that it ends before now. */
export const historyStart = (now: number): number => now - spanMs - endsBeforeMs

type History = {
  /** The blocks before the first batch. */
  readonly begun: readonly ReadableBlock[]
  readonly tip: () => Block
  readonly write: (items: readonly InboundOperation[], at: number) => BuiltBlock
}

const startHistory = async (
  { blocks, birth }: BenchLog,
  { merchant }: Workload,
  startAt: number,
): Promise<History> => {
  const born = birthBlock(partitionOf(merchant), birth)
  const now = () => Date.now()
  const taken = await takeOver(
    { ...singly(blocks), now, blockTime: () => startAt },
    born,
    randomUUID(),
    { untilMs: now() + timeoutMs, signal: new AbortController().signal },
  )
  if (taken.kind !== 'owner') throw new Error(`the history could not begin: ${taken.kind}`)
  let { tip } = taken
  if (tip.position !== 1) throw new Error('the database holds a ledger already')
  const memory = memoryOf(emptyState(), { position: -1, refusedUntil: 0 }, startAt)
  return {
    begun: [born, tip].map((block) => readableBlock(block, [])),
    tip: () => tip,
    write: (items, at) => {
      const built = buildBlock(tip, memory, unknown, items, {
        now: at,
        ...terms,
        isClockTrusted: true,
      })
      const failed = built.dispositions.find(({ kind }) => kind !== 'done')
      if (built.block === null || failed !== undefined) {
        throw new Error('the history could not be made', { cause: failed })
      }
      tip = built.block
      remember(memory, readableBlock(tip, built.entries))
      forgetProjected(memory, {
        projected: tip.position,
        now: at,
        duplicateWindowMs: terms.policy.duplicateWindowMs,
        operationsKeptMs: 0,
      })
      return built
    },
  }
}

const storeInBulk = ({ db, blocksDb }: BenchLog) => {
  const underWay = new Set<Promise<unknown>>()
  /** Documents that blocks replace again and again: only the last ones are stored. */
  const replaced = new Map<string, Map<string, PositionedDocument>>(
    projections.map(({ name }) => [name, new Map()]),
  )
  const start = async (writing: Promise<unknown>): Promise<void> => {
    const ended = writing.finally(() => underWay.delete(ended))
    underWay.add(ended)
    if (underWay.size >= groupsUnderWayMax) await Promise.race(underWay)
  }
  return {
    append: (block: Block) =>
      start(
        blocksDb
          .collection<BlockDocument>(blocksCollection)
          .insertOne(blockDocument(block), inBulk),
      ),
    project: async (group: readonly ReadableBlock[]): Promise<void> => {
      for (const projection of projections) {
        const created: object[] = []
        for (const document of documentsAfter(projection, group)) {
          const { id, fields, position, isNew } = document
          if (isNew === true) created.push({ _id: id, ...fields, position })
          else replaced.get(projection.name)?.set(JSON.stringify(id), document)
        }
        if (created.length > 0)
          await start(db.collection(projection.name).insertMany(created, inBulk))
      }
    },
    /** Every projection shows the last block from then on. */
    finish: async ({ partition, position }: Block): Promise<void> => {
      await Promise.all(underWay)
      const store = createProjectionStore(db, { timeoutMs })
      for (const { name } of projections) {
        await store.write(name, [...(replaced.get(name)?.values() ?? [])])
        await store.movePositions(name, [{ partition, from: -1, to: position }])
      }
    },
  }
}
