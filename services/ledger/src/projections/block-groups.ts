import { documentsAfter, type Projection, type ReadableBlock } from './projection.ts'
import type { ProjectionStore } from './projection-store.ts'

/** Blocks of one group over all partitions, as the ledger runs. */
export const groupBlocksMax = 400
/** Most bytes of entries in one group: its documents, larger than the entries, stay far below the 48 MB of one command. */
export const groupBytesMax = 4_194_304

export type Progress = {
  /** By projection that counts: the position that it shows. */
  readonly positions: Map<string, number>
  readonly built: Map<string, Built>
  /** Blocks above the lowest of these positions. */
  readonly blocks: ReadableBlock[]
  /** The time at which each of them was handed over. */
  readonly enqueuedAt: number[]
}

/**
 * A generation that a rebuild writes from the birth on, while this projector writes new blocks into it: documents are compared by
 * position, so both may write at once. Its position moves on from here as soon as the rebuild has come to where this projector began.
 */
export type Built = {
  /** The position as last read. */
  position: number
  /** This projector wrote every block after that position … */
  from: number
  /** … up to this one. */
  upTo: number
}

export type Projecting = {
  readonly store: ProjectionStore
  counted: readonly Projection[]
  built: readonly Projection[]
  readonly blocksMax: number
  readonly partitions: Map<number, Progress>
  /** Lag over all partitions, kept as a sum: every published message reads it. */
  readonly lag: { blocks: number; bytes: number }
  readonly onShown: (seconds: number, block: ReadableBlock) => void
}

export const positionOf = (
  { partitions }: Projecting,
  projection: string,
  partition: number,
): number => partitions.get(partition)?.positions.get(projection) ?? -1

export const lowestOf = (progress: Progress | undefined): number =>
  progress === undefined || progress.positions.size === 0
    ? -1
    : Math.min(...progress.positions.values())

type Pending = {
  readonly partition: number
  readonly progress: Progress
  readonly blocks: readonly ReadableBlock[]
  /** The position before them, and that of the last of them. */
  readonly from: number
  readonly to: number
}

export const pendingOf = (
  { blocksMax, partitions }: Projecting,
  ofPartitions: readonly number[],
  positionIn: (partition: number) => number,
): readonly Pending[] => {
  const share = {
    blocksMax: Math.max(1, Math.floor(blocksMax / ofPartitions.length)),
    bytesMax: groupBytesMax / ofPartitions.length,
  }
  return ofPartitions.flatMap((partition) => {
    const from = positionIn(partition)
    const progress = partitions.get(partition)
    const waiting = (progress?.blocks ?? []).filter(({ position }) => position > from)
    const blocks = firstBlocks(waiting, share)
    const to = blocks.at(-1)?.position
    return progress === undefined || to === undefined
      ? []
      : [{ partition, progress, blocks, from, to }]
  })
}

export const writeDocuments = async (
  { store }: Projecting,
  projection: Projection,
  pending: readonly Pending[],
): Promise<void> => {
  const documents = pending.flatMap(({ blocks }) => documentsAfter(projection, blocks))
  const { name, collection = name } = projection
  if (documents.length > 0) await store.write(collection, documents)
}

/** A partition's share of a group: one block at least. */
const firstBlocks = (
  blocks: readonly ReadableBlock[],
  { blocksMax, bytesMax }: { readonly blocksMax: number; readonly bytesMax: number },
): readonly ReadableBlock[] => {
  let bytes = 0
  const end = blocks.findIndex((block, index) => {
    bytes += block.bytes
    return index >= blocksMax || (index > 0 && bytes > bytesMax)
  })
  return end === -1 ? blocks : blocks.slice(0, end)
}
