import type mongoose from 'mongoose'
import { duplicateKey } from '../mongo/server-errors.ts'
import { idIndex, majority } from '../mongo/stored-values.ts'
import { withinTime } from '../mongo/within-time.ts'
import type { PositionedDocument } from './projection.ts'

type Db = mongoose.mongo.Db

export const positionsCollection = 'projection_positions'

/** The database of the projections. Every write is of a majority when its promise resolves; a failure is thrown. */
export type ProjectionStore = {
  /** Replaces documents where they show a lower position, and inserts those that are missing. */
  readonly write: (projection: string, documents: readonly PositionedDocument[]) => Promise<void>
  /** The position up to which a projection holds everything of a partition; -1 before its first block. */
  readonly positionOf: (projection: string, partition: number) => Promise<number>
  /**
   * Moves the positions of several partitions in one command, each with a compare-and-set.
   * @returns the position of each partition afterwards: `to`, or another where it did not stand at `from`
   */
  readonly movePositions: (
    projection: string,
    moves: readonly Move[],
  ) => Promise<ReadonlyMap<number, number>>
}

export type Move = { readonly partition: number; readonly from: number; readonly to: number }

/** The positions as readers need them. */
export type PositionReads = {
  /** The positions of several projections; without those that have shown no block yet. */
  readonly positionsOf: (
    partition: number,
    projections: readonly string[],
  ) => Promise<ReadonlyMap<string, number>>
}

type WriteError = {
  readonly index: number
  readonly code: number
  readonly errmsg: string
  readonly keyPattern?: Readonly<Record<string, unknown>>
}
type CommandReply = {
  /** Documents that were inserted or matched. */
  readonly n?: number
  readonly writeErrors?: readonly WriteError[]
}
/** Replacements of one command: MongoDB takes 100,000, and a group is written by several where it has more. */
const documentsPerCommandMax = 2_000

export const createProjectionStore = (
  db: Db,
  { timeoutMs }: { readonly timeoutMs: number },
): ProjectionStore & PositionReads => {
  const writeConcern = { w: 'majority', wtimeout: timeoutMs } as const
  const positions = db.collection<{ readonly _id: { p: number; projection: string }; n: number }>(
    positionsCollection,
  )
  const command = (fields: mongoose.mongo.BSON.Document): Promise<CommandReply> =>
    withinTime(2 * timeoutMs, (signal) => db.command({ ...fields, writeConcern }, { signal }))
  // Runs bare commands, whose write concern error is thrown: the driver's bulk writes hide it beside write errors.
  const run = async (
    collection: string,
    documents: readonly PositionedDocument[],
    fields: mongoose.mongo.BSON.Document,
  ) => {
    const reply = await command({ ...fields, ordered: false })
    return standingIn(collection, documents, reply)
  }
  const insert = (collection: string, documents: readonly PositionedDocument[]) =>
    run(collection, documents, { insert: collection, documents: documents.map(inserted) })
  const replace = (collection: string, documents: readonly PositionedDocument[]) =>
    run(collection, documents, { update: collection, updates: documents.map(replacement) })
  return {
    write: async (collection, documents) => {
      const replaced = documents.filter(({ isNew }) => isNew !== true)
      for (const chunk of chunksOf(documents.filter(({ isNew }) => isNew === true))) {
        // An existing document was written by an earlier attempt or by another projector.
        replaced.push(...(await insert(collection, chunk)))
      }
      for (const chunk of chunksOf(replaced)) {
        const standing = await replace(collection, chunk)
        // Another projector's insert may have come between the look and the insert of this one, with a lower position. No
        // document is ever deleted, so a second duplicate proves that the document shows this position or a later one.
        if (standing.length > 0) await replace(collection, standing)
      }
    },
    positionOf: async (projection, p) => {
      const found = await withinTime(2 * timeoutMs, (signal) =>
        positions.findOne({ _id: { p, projection } }, { ...majority, signal }),
      )
      return found?.n ?? -1
    },
    positionsOf: async (p, names) => {
      const _id = { $in: names.map((projection) => ({ p, projection })) }
      const found = await withinTime(2 * timeoutMs, (signal) =>
        positions.find({ _id }, { ...majority, signal }).toArray(),
      )
      return new Map(found.map((each) => [each._id.projection, each.n]))
    },
    movePositions: async (projection, moves) => {
      const replies = await Promise.all(moveCommands(projection, moves).map(command))
      const error = replies
        .flatMap(({ writeErrors = [] }) => writeErrors)
        .find(({ code }) => code !== duplicateKey)
      if (error !== undefined) throw new Error(`${positionsCollection}: ${error.errmsg}`)
      const moved = replies.reduce((sum, { n = 0 }) => sum + n, 0)
      if (moved === moves.length) return new Map(moves.map(({ partition, to }) => [partition, to]))
      // Another owner has moved one of them: the reply does not say which.
      const _id = { $in: moves.map(({ partition: p }) => ({ p, projection })) }
      const found = await withinTime(2 * timeoutMs, (signal) =>
        positions.find({ _id }, { ...majority, signal }).toArray(),
      )
      return new Map(found.map((each) => [each._id.p, each.n]))
    },
  }
}

/** First positions are inserted, all others updated. */
const moveCommands = (projection: string, moves: readonly Move[]) => {
  const idOf = ({ partition: p }: Move) => ({ p, projection })
  const documents = moves
    .filter(({ from }) => from === -1)
    .map((move) => ({ _id: idOf(move), n: move.to }))
  const updates = moves
    .filter(({ from }) => from !== -1)
    .map((move) => ({ q: { _id: idOf(move), n: move.from }, u: { $set: { n: move.to } } }))
  return [
    ...(documents.length === 0 ? [] : [{ insert: positionsCollection, documents, ordered: false }]),
    ...(updates.length === 0 ? [] : [{ update: positionsCollection, updates, ordered: false }]),
  ]
}

/** The positions of one generation, by partition; -1 before its first block. */
export const positionsIn = (
  { positionsOf }: PositionReads,
  partitions: number,
  generation: string,
): Promise<readonly number[]> =>
  Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const shown = await positionsOf(partition, [generation])
      return shown.get(generation) ?? -1
    }),
  )

const chunksOf = (documents: readonly PositionedDocument[]) =>
  Array.from({ length: Math.ceil(documents.length / documentsPerCommandMax) }, (_, chunk) =>
    documents.slice(chunk * documentsPerCommandMax, (chunk + 1) * documentsPerCommandMax),
  )

const inserted = ({ id, fields, position }: PositionedDocument) => ({
  _id: id,
  ...fields,
  position,
})

/** An upsert names the whole shard key: the partition where the document has it as a field, else its id. */
const replacement = ({ id, fields, position }: PositionedDocument) => ({
  q: { _id: id, ...('p' in fields ? { p: fields['p'] } : {}), position: { $lt: position } },
  u: { ...fields, position },
  upsert: true,
  hint: idIndex,
})

/** The documents that met their own id: they stand at this position, at a later one, or were inserted a moment ago. */
const standingIn = (
  collection: string,
  documents: readonly PositionedDocument[],
  { writeErrors = [] }: CommandReply,
): readonly PositionedDocument[] => {
  const standing: PositionedDocument[] = []
  for (const { index, code, errmsg, keyPattern } of writeErrors) {
    const document = documents[index]
    const isOfId = Object.keys(keyPattern ?? {}).join() === '_id'
    if (code !== duplicateKey || !isOfId || document === undefined) {
      throw new Error(`${collection}: ${errmsg}`)
    }
    standing.push(document)
  }
  return standing
}
