import {
  lowestOf,
  pendingOf,
  writeDocuments,
  type Built,
  type Progress,
  type Projecting,
} from './block-groups.ts'
import type { Projection } from './projection.ts'

/** A projection of one partition that could not be written: it waits, everything else goes on. */
export type ProjectionFailure = {
  readonly projection: string
  readonly partition: number
  readonly error: unknown
}

/** See `Projector`. */
export const follow = async (
  context: Projecting,
  written: readonly Projection[],
  kept: readonly string[],
): Promise<void> => {
  const counted = new Set(context.counted.map(({ name }) => name))
  context.counted = written.filter(({ name }) => counted.has(name))
  context.built = written.filter(({ name }) => !counted.has(name))
  const counting = new Set([...context.counted.map(({ name }) => name), ...kept])
  const building = new Set(context.built.map(({ name }) => name))
  for (const [partition, progress] of context.partitions) {
    for (const name of progress.positions.keys()) {
      if (!counting.has(name)) progress.positions.delete(name)
    }
    for (const name of progress.built.keys()) {
      if (!building.has(name)) progress.built.delete(name)
    }
    for (const name of building) {
      const built = builtOf(progress, name)
      // The rebuild moves it until this projector can. Where the others were written before this one was followed, or while it failed, no
      // block is at hand that would move it.
      if (built.position < Math.max(built.upTo, lowestOf(progress))) {
        built.position = await context.store.positionOf(name, partition)
      }
    }
  }
}

const builtOf = (progress: Progress, name: string): Built => {
  const known = progress.built.get(name)
  if (known !== undefined) return known
  const begun = lowestOf(progress)
  const built = { position: -1, from: begun, upTo: begun }
  progress.built.set(name, built)
  return built
}

/** See `Projector`. */
export const promote = (context: Projecting, name: string): boolean => {
  const projection = context.built.find((built) => built.name === name)
  if (projection === undefined) return context.counted.some((counted) => counted.name === name)
  const progresses = [...context.partitions.values()]
  // The blocks at hand begin after the lowest position.
  if (progresses.some((progress) => builtOf(progress, name).position < lowestOf(progress))) {
    return false
  }
  for (const progress of progresses) {
    progress.positions.set(name, builtOf(progress, name).position)
    progress.built.delete(name)
  }
  context.counted = [...context.counted, projection]
  context.built = context.built.filter((built) => built !== projection)
  return true
}

/** Writes one group of a generation that is built, and moves its positions where the rebuild has come far enough. */
export const projectBuilt = async (
  context: Projecting,
  projection: Projection,
): Promise<readonly ProjectionFailure[]> => {
  const { store, partitions } = context
  const { name } = projection
  const behind = [...partitions]
    .filter(
      ([, progress]) => (progress.blocks.at(-1)?.position ?? -1) > builtOf(progress, name).upTo,
    )
    .map(([partition]) => partition)
  const pending = pendingOf(context, behind, (partition) => {
    const progress = partitions.get(partition)
    return progress === undefined ? -1 : builtOf(progress, name).upTo
  })
  try {
    await writeDocuments(context, projection, pending)
    for (const { progress, blocks, to } of pending) {
      const built = builtOf(progress, name)
      // Blocks that it failed at are forgotten once the others show them: the rebuild writes them.
      const first = blocks[0]?.position ?? to
      if (first > built.upTo + 1) built.from = first - 1
      built.upTo = to
    }
    const moving = [...partitions].flatMap(([partition, progress]) => {
      const built = progress.built.get(name)
      if (built === undefined || built.position < built.from) return []
      const { position: from, upTo: to } = built
      return from < to ? [{ partition, from, to, built }] : []
    })
    if (moving.length > 0) {
      const positions = await store.movePositions(name, moving)
      for (const { partition, built } of moving) built.position = positions.get(partition) ?? -1
    }
    return []
  } catch (error) {
    return [{ projection: name, partition: behind[0] ?? 0, error }]
  }
}
