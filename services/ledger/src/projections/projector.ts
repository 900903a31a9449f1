import {
  lowestOf,
  pendingOf,
  positionOf,
  writeDocuments,
  type Progress,
  type Projecting,
} from './block-groups.ts'
import { follow, projectBuilt, promote, type ProjectionFailure } from './built-generations.ts'
import type { Projection, ReadableBlock } from './projection.ts'
import type { ProjectionStore } from './projection-store.ts'

export type ProjectorLag = { readonly blocks: number; readonly bytes: number }

export type Projector = {
  /** Begins a partition. @returns each projection's position: the blocks after the lowest are to be enqueued */
  readonly begin: (partition: number) => Promise<ReadonlyMap<string, number>>
  /** Hands an appended block over; those of one partition in their order, without a gap. */
  readonly enqueue: (block: ReadableBlock) => void
  /** Drops a partition that belongs to another owner now. */
  readonly end: (partition: number) => void
  /** Writes the enqueued blocks once; blocks whose projection fails stay enqueued. Never throws. */
  readonly project: () => Promise<readonly ProjectionFailure[]>
  /** The position up to which a projection shows a partition; -1 where it has nothing. */
  readonly positionOf: (projection: string, partition: number) => number
  /** The position up to which every projection shows a partition: above it memory forgets nothing. */
  readonly projected: (partition: number) => number
  readonly lag: () => ProjectorLag
  /** Number of blocks that a projection of this partition does not show. */
  readonly blocksBehind: (partition: number) => number
  /**
   * Sets the projections that are written from now on. A new one is a generation under construction: it is written beside the
   * others, and no reader waits for it.
   * @param kept names whose positions still count although they are written no more, because reads still use them
   */
  readonly follow: (written: readonly Projection[], kept: readonly string[]) => Promise<void>
  /** Promotes a built generation to count like the others. @returns false while it shows less than they do */
  readonly promote: (name: string) => boolean
}

/** Bounds of one group, over all partitions. */
export type GroupLimits = {
  readonly blocksMax: number
  /** Called for each block that every projection shows now, with the time since it was enqueued. */
  readonly onShown?: (seconds: number, block: ReadableBlock) => void
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
  const context: Projecting = {
    store,
    counted: projections,
    built: [],
    blocksMax,
    partitions,
    lag,
    onShown,
  }
  return {
    begin: (partition) => begin(context, partition),
    enqueue: (block) => {
      const progress = partitions.get(block.partition)
      if (progress !== undefined) enqueue(context, progress, block)
    },
    end: (partition) => end(context, partition),
    project: async () => {
      const failures = await Promise.all([
        ...context.counted.map((projection) => projectOne(context, projection)),
        ...context.built.map((projection) => projectBuilt(context, projection)),
      ])
      for (const progress of partitions.values()) forgetProjected(context, progress)
      return failures.flat()
    },
    positionOf: (projection, partition) => positionOf(context, projection, partition),
    projected: (partition) => lowestOf(partitions.get(partition)),
    lag: () => ({ ...lag }),
    blocksBehind: (partition) => partitions.get(partition)?.blocks.length ?? 0,
    follow: (written, kept) => follow(context, written, kept),
    promote: (name) => promote(context, name),
  }
}

const begin = async (
  context: Projecting,
  partition: number,
): Promise<ReadonlyMap<string, number>> => {
  const positions = new Map<string, number>()
  // A generation that began to count meanwhile is read too.
  for (;;) {
    const unread = context.counted.filter(({ name }) => !positions.has(name))
    if (unread.length === 0) break
    for (const { name } of unread) {
      positions.set(name, await context.store.positionOf(name, partition))
    }
  }
  end(context, partition)
  context.partitions.set(partition, { positions, built: new Map(), blocks: [], enqueuedAt: [] })
  return new Map(positions)
}

const enqueue = ({ lag }: Projecting, progress: Progress, block: ReadableBlock): void => {
  const last = progress.blocks.at(-1)?.position ?? lowestOf(progress)
  // Repeating a projected block is harmless; a gap would never be noticed again.
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

const end = (context: Projecting, partition: number): void => {
  const progress = context.partitions.get(partition)
  if (progress !== undefined) drop(context, progress, progress.blocks.length)
  context.partitions.delete(partition)
}

/** @returns the dropped blocks, each with the time at which it was handed over */
const drop = ({ lag }: Projecting, progress: Progress, count: number) => {
  const blocks = progress.blocks.splice(0, count)
  lag.blocks -= blocks.length
  lag.bytes -= blocks.reduce((sum, { bytes }) => sum + bytes, 0)
  const enqueuedAt = progress.enqueuedAt.splice(0, count)
  return blocks.map((block, index) => ({ block, enqueuedAt: enqueuedAt[index] ?? 0 }))
}

const forgetProjected = (context: Projecting, progress: Progress): void => {
  const position = lowestOf(progress)
  const kept = progress.blocks.findIndex((block) => block.position > position)
  const shown = drop(context, progress, kept === -1 ? progress.blocks.length : kept)
  const now = performance.now()
  for (const { block, enqueuedAt } of shown) context.onShown((now - enqueuedAt) / 1_000, block)
}

/** One group of one projection, over every partition that it is behind in. */
const projectOne = async (
  context: Projecting,
  projection: Projection,
): Promise<readonly ProjectionFailure[]> => {
  const behind = [...context.partitions]
    .filter(([, { blocks, positions }]) => {
      const position = positions.get(projection.name)
      return position !== undefined && (blocks.at(-1)?.position ?? -1) > position
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
  context: Projecting,
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
      const progress = context.partitions.get(partition)
      if (progress !== undefined) setPosition(progress, projection.name, position)
    }
    return { kind: 'failed', error }
  }
}

const writeGroup = async (
  context: Projecting,
  projection: Projection,
  ofPartitions: readonly number[],
): Promise<void> => {
  const { store } = context
  const pending = pendingOf(context, ofPartitions, (partition) =>
    positionOf(context, projection.name, partition),
  )
  await writeDocuments(context, projection, pending)
  const positions = await store.movePositions(projection.name, pending)
  for (const { partition, progress } of pending) {
    // The position of another owner that has written meanwhile counts.
    setPosition(progress, projection.name, positions.get(partition) ?? -1)
  }
}

/** A projection that a rebuild has replaced meanwhile gets no position again: nothing would ever move it. */
const setPosition = ({ positions }: Progress, projection: string, position: number): void => {
  if (positions.has(projection)) positions.set(projection, position)
}
