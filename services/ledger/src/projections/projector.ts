import { documentsAfter, type Projection, type ReadableBlock } from './projection.ts'
import type { ProjectionStore } from './projection-store.ts'

/** A projection of one partition that could not be written: it waits, everything else goes on. */
export type ProjectionFailure = {
  readonly projection: string
  readonly partition: number
  readonly error: unknown
}

export type ProjectorLag = { readonly blocks: number; readonly bytes: number }

export type Projector = {
  /** Begins a partition. @returns the position that each projection stands at: blocks after the lowest are to be handed over */
  readonly begin: (partition: number) => Promise<ReadonlyMap<string, number>>
  /** Hands an appended block over; those of one partition in their order, without a gap. */
  readonly enqueue: (block: ReadableBlock) => void
  /** Drops a partition that belongs to another owner now. */
  readonly end: (partition: number) => void
  /** Writes what was handed over, once; blocks that a projection fails at stay. Never throws. */
  readonly project: () => Promise<readonly ProjectionFailure[]>
  /** The position up to which a projection shows a partition; -1 where it has nothing. */
  readonly positionOf: (projection: string, partition: number) => number
  /** The position up to which every projection shows a partition: above it memory forgets nothing. */
  readonly projected: (partition: number) => number
  readonly lag: () => ProjectorLag
  /** Number of blocks that a projection of this partition does not show. */
  readonly blocksBehind: (partition: number) => number
}

type Progress = {
  /** By projection: the position that it shows. */
  readonly positions: Map<string, number>
  /** Blocks above the lowest of these positions. */
  readonly blocks: ReadableBlock[]
  /** The time at which each of them was handed over. */
  readonly enqueuedAt: number[]
}

/** Bounds of one group, over all partitions. */
export type GroupLimits = {
  readonly blocksMax: number
  /** Hears of each block that every projection shows now, with the time since it was handed over. */
  readonly onShown?: (seconds: number) => void
}
/** Blocks of one group over all partitions, as the ledger runs. */
export const groupBlocksMax = 400
/** Most bytes of entries in one group: its documents, larger than the entries, stay far below the 48 MB of one command. */
export const groupBytesMax = 4_194_304

type Context = {
  readonly store: ProjectionStore
  readonly blocksMax: number
  readonly partitions: Map<number, Progress>
  /** Of all partitions; asked for at every message that is sent. */
  readonly lag: { blocks: number; bytes: number }
  readonly onShown: (seconds: number) => void
}

/**
 * Writes appended blocks into projections, behind the append. A group spans all partitions; one that fails is tried again
 * partition by partition, so that only a projection of the partition that fails waits.
 */
export const createProjector = (
  projections: readonly Projection[],
  store: ProjectionStore,
  { blocksMax, onShown = () => undefined }: GroupLimits,
): Projector => {
  const partitions = new Map<number, Progress>()
  const lag = { blocks: 0, bytes: 0 }
  const context: Context = { store, blocksMax, partitions, lag, onShown }
  return {
    begin: async (partition) => {
      const positions = new Map<string, number>()
      for (const { name } of projections) {
        positions.set(name, await store.positionOf(name, partition))
      }
      end(context, partition)
      partitions.set(partition, { positions, blocks: [], enqueuedAt: [] })
      return new Map(positions)
    },
    enqueue: (block) => {
      const progress = partitions.get(block.partition)
      if (progress !== undefined) enqueue(context, progress, block)
    },
    end: (partition) => end(context, partition),
    project: async () => {
      const failures = await Promise.all(
        projections.map((projection) => projectOne(context, projection)),
      )
      for (const progress of partitions.values()) forgetProjected(context, progress)
      return failures.flat()
    },
    positionOf: (projection, partition) => positionOf(context, projection, partition),
    projected: (partition) => lowestOf(partitions.get(partition)),
    lag: () => ({ ...lag }),
    blocksBehind: (partition) => partitions.get(partition)?.blocks.length ?? 0,
  }
}

const positionOf = ({ partitions }: Context, projection: string, partition: number): number =>
  partitions.get(partition)?.positions.get(projection) ?? -1

const lowestOf = (progress: Progress | undefined): number =>
  progress === undefined || progress.positions.size === 0
    ? -1
    : Math.min(...progress.positions.values())

const enqueue = ({ lag }: Context, progress: Progress, block: ReadableBlock): void => {
  const last = progress.blocks.at(-1)?.position ?? lowestOf(progress)
  // A repeat of what is projected already is harmless; a gap would never be noticed again.
  if (block.position > last + 1) {
    const { partition, position } = block
    throw new Error(`block ${partition}/${position} was handed over after ${partition}/${last}`)
  }
  if (block.position !== last + 1) return
  progress.blocks.push(block)
  progress.enqueuedAt.push(performance.now())
  lag.blocks += 1
  lag.bytes += block.bytes
}

const end = (context: Context, partition: number): void => {
  const progress = context.partitions.get(partition)
  if (progress !== undefined) drop(context, progress, progress.blocks.length)
  context.partitions.delete(partition)
}

const drop = ({ lag }: Context, progress: Progress, count: number): readonly number[] => {
  const dropped = progress.blocks.splice(0, count)
  lag.blocks -= dropped.length
  lag.bytes -= dropped.reduce((sum, { bytes }) => sum + bytes, 0)
  return progress.enqueuedAt.splice(0, count)
}

const forgetProjected = (context: Context, progress: Progress): void => {
  const position = lowestOf(progress)
  const kept = progress.blocks.findIndex((block) => block.position > position)
  const shown = drop(context, progress, kept === -1 ? progress.blocks.length : kept)
  const now = performance.now()
  for (const enqueuedAt of shown) context.onShown((now - enqueuedAt) / 1_000)
}

/** One group of one projection, over every partition that it is behind in. */
const projectOne = async (
  context: Context,
  projection: Projection,
): Promise<readonly ProjectionFailure[]> => {
  const behind = [...context.partitions]
    .filter(([partition, { blocks }]) => {
      const last = blocks.at(-1)?.position ?? -1
      return last > positionOf(context, projection.name, partition)
    })
    .map(([partition]) => partition)
  if (behind.length === 0) return []
  const together = await tryGroup(context, projection, behind)
  if (together.kind === 'written') return []
  const failures: ProjectionFailure[] = []
  for (const partition of behind) {
    const alone = behind.length === 1 ? together : await tryGroup(context, projection, [partition])
    if (alone.kind === 'failed') {
      failures.push({ projection: projection.name, partition, error: alone.error })
    }
  }
  return failures
}

type Tried = { readonly kind: 'written' } | { readonly kind: 'failed'; readonly error: unknown }

const tryGroup = async (
  context: Context,
  projection: Projection,
  ofPartitions: readonly number[],
): Promise<Tried> => {
  try {
    await writeGroup(context, projection, ofPartitions)
    return { kind: 'written' }
  } catch (error) {
    // The group may have been written and its position moved: both are read again.
    for (const partition of ofPartitions) {
      const position = await context.store
        .positionOf(projection.name, partition)
        .catch(() => positionOf(context, projection.name, partition))
      context.partitions.get(partition)?.positions.set(projection.name, position)
    }
    return { kind: 'failed', error }
  }
}

const writeGroup = async (
  context: Context,
  projection: Projection,
  ofPartitions: readonly number[],
): Promise<void> => {
  const { store, partitions } = context
  const share = {
    blocksMax: Math.max(1, Math.floor(context.blocksMax / ofPartitions.length)),
    bytesMax: groupBytesMax / ofPartitions.length,
  }
  const pending = ofPartitions.flatMap((partition) => {
    const from = positionOf(context, projection.name, partition)
    const progress = partitions.get(partition)
    const waiting = (progress?.blocks ?? []).filter(({ position }) => position > from)
    const blocks = firstBlocks(waiting, share)
    const to = blocks.at(-1)?.position
    return progress === undefined || to === undefined
      ? []
      : [{ partition, progress, blocks, from, to }]
  })
  const documents = pending.flatMap(({ blocks }) => documentsAfter(projection, blocks))
  if (documents.length > 0) await store.write(projection.name, documents)
  await Promise.all(
    pending.map(async ({ partition, progress, from, to }) => {
      const isMoved = await store.movePosition(projection.name, partition, { from, to })
      // Where it did not stand there, another owner has written meanwhile: its position counts.
      const position = isMoved ? to : await store.positionOf(projection.name, partition)
      progress.positions.set(projection.name, position)
    }),
  )
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
