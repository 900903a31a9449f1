import type { Projection } from './projection.ts'

/**
 * The generations of one projection (ledger-log L13). A rebuild writes a new one from the blocks; readers follow `current`; the
 * previous one is kept for a minute after the switch, so that an instance that has not seen the switch yet still reads
 * correctly.
 */
export type Generations = {
  /** null: none yet. A projection that is new to a ledger with a history is rebuilt before it is read. */
  readonly current: number | null
  readonly building: number | null
  /** The previous generation: still written, and read by instances that have not seen the switch yet. */
  readonly retiring: number | null
  /** No instance may read or write it any more. */
  readonly dropping: number | null
}

/** The generations of a projection that was never rebuilt. */
export const firstGeneration: Generations = {
  current: 1,
  building: null,
  retiring: null,
  dropping: null,
}

/** The generations of one projection as the list has them; one that is not listed was never rebuilt. */
export const generationsOf = (
  known: ReadonlyMap<string, Generations>,
  projection: string,
): Generations => known.get(projection) ?? firstGeneration

/**
 * Key of a generation's positions. It is never used twice: a late write of a suspended process moves no later generation's
 * position.
 */
export const generationName = (projection: string, generation: number): string =>
  generation === 1 ? projection : `${projection}/${generation}`

/**
 * Two collections take turns, so that the database user of the ledger can be limited to collections by name. A late write into the
 * next generation in the same collection is harmless: it is compared by position.
 */
export const collectionOf = (projection: string, generation: number): string =>
  generation % 2 === 1 ? projection : `${projection}_b`

/** The projection as it writes that generation. */
export const generationOf = (projection: Projection, generation: number): Projection => ({
  ...projection,
  name: generationName(projection.name, generation),
  collection: collectionOf(projection.name, generation),
})

const numbersOf = (...generations: readonly (number | null)[]): readonly number[] =>
  generations.filter((each) => each !== null)

/** The generations that may be read: projectors write them before anything is forgotten. */
export const readableOf = ({ current, retiring }: Generations): readonly number[] =>
  numbersOf(current, retiring)

/** The generations that projectors write. */
export const writtenOf = ({ current, retiring, building }: Generations): readonly number[] =>
  numbersOf(current, retiring, building)

export type RebuildStep =
  /** A new generation is made and named to the projectors. */
  | 'register'
  /** Writes the generation, which becomes the current one. */
  | 'write'
  /** Keeps the previous generation for a while. */
  | 'retire'
  | 'drop'

/** The next step of a rebuild, also of one that was killed. */
export const nextStep = ({ building, retiring, dropping }: Generations): RebuildStep => {
  if (building !== null) return 'write'
  if (retiring !== null) return 'retire'
  return dropping === null ? 'register' : 'drop'
}

/** The generations after their next step. */
export const afterNextStep = (generations: Generations): Generations => {
  const { current, building, retiring } = generations
  switch (nextStep(generations)) {
    case 'register':
      return { ...generations, building: (current ?? 0) + 1 }
    case 'write':
      return { current: building, building: null, retiring: current, dropping: null }
    case 'retire':
      return { ...generations, retiring: null, dropping: retiring }
    case 'drop':
      return { ...generations, dropping: null }
  }
}
