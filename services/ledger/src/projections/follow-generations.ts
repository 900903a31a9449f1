import type { GenerationReads, KnownGenerations } from './generation-store.ts'
import {
  collectionOf,
  generationName,
  generationOf,
  generationsOf,
  readableOf,
  writtenOf,
  type Generations,
} from './generations.ts'
import type { GenerationsInUse } from './open-projections.ts'
import type { Projection } from './projection.ts'
import { positionsIn, type PositionReads } from './projection-store.ts'
import type { Projector } from './projector.ts'

/** The generations as this instance reads and writes them; positions are asked for by the projection's own name. */
export type FollowedGenerations = GenerationsInUse &
  PositionReads & {
    /** Reads the generations and follows them; in rounds of a second. */
    readonly follow: () => Promise<void>
  }

type Deps = {
  readonly projections: readonly Projection[]
  readonly generations: GenerationReads
  readonly positions: PositionReads
  readonly projector: Pick<Projector, 'follow' | 'promote'>
  readonly partitions: number
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number
}

/** An instance that has not read the list of generations for so long begins no read. */
export const knownForMs = 15_000
/** A generation that was listed then is not dropped before that much later, so that a read has an end until then. */
export const readableForMs = 2 * knownForMs

/** One projection as this instance reads it. */
type Reading = {
  /** null: it was never built. */
  readonly current: number | null
  /** The generation that is read next: reads wait for both until it shows as much. */
  readonly next: number | null
  /** The positions that `next` has to show first, by partition; null as long as they were not read. */
  readonly toShow: readonly number[] | null
  /** `current` stood in the list when that was read last. */
  readonly isListed: boolean
}

/** The projections as a starting instance writes them. */
export const readableProjections = (
  projections: readonly Projection[],
  known: KnownGenerations,
): readonly Projection[] =>
  projections.flatMap((projection) =>
    readableOf(generationsOf(known, projection.name)).map((each) => generationOf(projection, each)),
  )

/**
 * Follows the generations in steps that no read and no look-up can fall between. A new current generation first counts as
 * projected, so that memory keeps the changes that it lacks, and reads wait for both; once it shows everything that the
 * previous generation showed, this instance reads it.
 * @param known the generations when the projector began
 */
export const followGenerations = (deps: Deps, known: KnownGenerations): FollowedGenerations => {
  const { projections, generations, positions, projector, nowMs } = deps
  const { all, readingOf, change } = createReadings(projections, known)
  let knownAt = nowMs()
  const currentOf = (projection: string): number => {
    const { current, isListed } = readingOf(projection)
    if (nowMs() - knownAt > knownForMs) {
      throw new Error(`projection ${projection}: its generations could not be read for too long`)
    }
    if (current === null || !isListed) {
      throw new Error(`projection ${projection}: no generation of it can be read; is it rebuilt?`)
    }
    return current
  }
  const positionsEverywhere = (generation: string): Promise<readonly number[]> =>
    positionsIn(positions, deps.partitions, generation)
  const followOne = async (projection: string, { current: to }: Generations): Promise<void> => {
    let reading = readingOf(projection)
    const { current } = reading
    if (to === null || to === current) return
    const name = generationName(projection, to)
    if (reading.next !== to) {
      if (!projector.promote(name)) return
      reading = change(projection, { next: to, toShow: null })
    }
    // From here on reads wait for both generations; the positions that they awaited before are read now.
    const toShow =
      reading.toShow ??
      (current === null ? [] : await positionsEverywhere(generationName(projection, current)))
    change(projection, { toShow })
    const shown = await positionsEverywhere(name)
    if (toShow.some((position, partition) => (shown[partition] ?? -1) < position)) return
    change(projection, { current: to, next: null, toShow: null, isListed: true })
  }
  return {
    collectionOf: (projection) => collectionOf(projection, currentOf(projection)),
    positionsName: (projection) => generationName(projection, currentOf(projection)),
    whileReadable: async (read) => {
      const listedAt = knownAt
      const value = await read()
      if (nowMs() - listedAt <= readableForMs) return value
      throw new Error('the read took longer than a generation of a projection is kept')
    },
    positionsOf: lowestPositions(positions, readingOf),
    follow: async () => {
      const readAt = nowMs()
      const read = await generations.read()
      for (const [name, { current }] of all) {
        const readable = readableOf(generationsOf(read, name))
        change(name, { isListed: current === null || readable.includes(current) })
      }
      knownAt = readAt
      const written = projections.flatMap((projection) =>
        writtenOf(generationsOf(read, projection.name)).map((each) =>
          generationOf(projection, each),
        ),
      )
      await projector.follow(written, [...all].flatMap(namesRead))
      for (const { name } of projections) await followOne(name, generationsOf(read, name))
    },
  }
}

const createReadings = (projections: readonly Projection[], known: KnownGenerations) => {
  const all = new Map<string, Reading>(
    projections.map(({ name }) => {
      const { current } = generationsOf(known, name)
      return [name, { current, next: null, toShow: null, isListed: true }]
    }),
  )
  const readingOf = (projection: string): Reading => {
    const reading = all.get(projection)
    if (reading === undefined) throw new Error(`${projection}: no such projection`)
    return reading
  }
  const change = (projection: string, changed: Partial<Reading>): Reading => {
    const reading = { ...readingOf(projection), ...changed }
    all.set(projection, reading)
    return reading
  }
  return { all, readingOf, change }
}

/** Names of the positions that reads wait for. */
const namesRead = ([projection, { current, next }]: readonly [string, Reading]) =>
  [current, next]
    .filter((each) => each !== null)
    .map((generation) => generationName(projection, generation))

/** The lowest position of each projection among its generations that are read. */
const lowestPositions =
  (
    positions: PositionReads,
    readingOf: (projection: string) => Reading,
  ): PositionReads['positionsOf'] =>
  async (partition, projections) => {
    const named = projections.map((name) => [name, namesRead([name, readingOf(name)])] as const)
    const found = await positions.positionsOf(
      partition,
      named.flatMap(([, names]) => names),
    )
    return new Map(
      named
        .map(([name, names]) => {
          const shown = names.map((each) => found.get(each) ?? -1)
          return [name, shown.length === 0 ? -1 : Math.min(...shown)] as const
        })
        .filter(([, position]) => position >= 0),
    )
  }
