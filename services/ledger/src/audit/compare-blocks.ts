import type { Session, Topup } from '../accounting/entities.ts'
import { isHeld } from '../accounting/held-guards.ts'
import { cash } from '../projections/cash.ts'
import { operations } from '../projections/operations.ts'
import type { PositionedDocument, Projection, ReadableBlock } from '../projections/projection.ts'
import { sales } from '../projections/sales.ts'
import type { ProjectionSource } from './log-records.ts'
import {
  documentOfState,
  documentsOfSales,
  documentsOfState,
  insertedProjections,
} from './projected-state.ts'
import type { Replay } from './replay.ts'
import type { Touched } from './replay-block.ts'
import { differencesInOrder, differencesOf, type Difference } from './stored-documents.ts'
import { sessionDocId } from '../mongo/documents.ts'

/** Differences of one projection. */
export type Compared = {
  readonly projection: Projection
  readonly differences: readonly Difference[]
  /** Ids of stored documents that no entry has made. */
  readonly more: readonly string[]
}

/** Some blocks as the replay made them again. */
export type Replayed = {
  readonly blocks: readonly ReadableBlock[]
  readonly touched: Touched
  /** Positions of the first and the last block, readable or not. */
  readonly from: number
  readonly to: number
  /** false: an entry cannot be read, so the places of the others are unknown. */
  readonly isWhole: boolean
}

/** Ended entities: they are compared at once and let go. */
export type Ended = { readonly sales: readonly Topup[]; readonly sessions: readonly Session[] }

export const endedBy = ({ state }: Replay, { sales: ids, closedSessions }: Touched): Ended => {
  const ended: Topup[] = []
  for (const id of ids) {
    const sale = state.topups.get(id)
    if (sale !== undefined && !isHeld(sale)) ended.push(sale)
  }
  return { sales: ended, sessions: closedSessions }
}

/** Reads the documents that some blocks created or ended, and compares them with the replay. */
export const compareBlocks = async (
  replay: Replay,
  source: ProjectionSource,
  { blocks, from, to, isWhole }: Replayed,
  ended: Ended,
): Promise<readonly Compared[]> => {
  // The documents first: the state moves on while the database answers.
  const inserted = insertedProjections.map((projection) => ({
    projection,
    // A document's key may contain the entry's index, which is unknown after an unreadable entry.
    documents: isWhole ? documentsOf(projection, blocks) : [],
  }))
  const replaced = [
    { projection: sales, documents: documentsOfSales(replay, ended.sales) },
    {
      projection: cash,
      documents: ended.sessions.flatMap(({ merchant, id }) => {
        const document = documentOfState(cash, replay, sessionDocId(merchant, id))
        return document === undefined ? [] : [document]
      }),
    },
  ]
  return Promise.all(
    [...inserted, ...replaced].map(async ({ projection, documents }) => {
      if (projection === operations && isWhole) {
        const stored = await source.operations(replay.partition, { from, to })
        return { projection, ...differencesInOrder(documents, stored) }
      }
      return compare(source, replay.partition, projection, documents)
    }),
  )
}

const documentsOf = (
  projection: Projection,
  blocks: readonly ReadableBlock[],
): readonly PositionedDocument[] =>
  blocks.flatMap((block) =>
    projection.documentsOf(block).map((each) => ({ ...each, position: block.position })),
  )

const documentsAtOnceMax = 1_000

const compare = async (
  source: ProjectionSource,
  partition: number,
  projection: Projection,
  documents: readonly PositionedDocument[],
): Promise<Compared> => {
  const differences: Difference[] = []
  for (let from = 0; from < documents.length; from += documentsAtOnceMax) {
    const some = documents.slice(from, from + documentsAtOnceMax)
    const stored = await source.byIds(
      partition,
      projection.name,
      some.map(({ id }) => id),
    )
    differences.push(...differencesOf(some, stored))
  }
  return { projection, differences, more: [] }
}

/** Compares every entity that the state holds with its document. */
export const compareState = (
  replay: Replay,
  source: ProjectionSource,
  projection: Projection,
): Promise<Compared> =>
  compare(source, replay.partition, projection, documentsOfState(projection, replay))
