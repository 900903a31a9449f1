import mongoose from 'mongoose'
import { duplicateKey } from '../mongo/server-errors.ts'
import { keyRange, majority } from '../mongo/stored-values.ts'
import type { InsertReply } from './append-protocol.ts'
import { blockDocument, blockId, blockOf, type ReadBlock } from './block-documents.ts'
import type { Block } from './block.ts'
import { withinTime } from '../mongo/within-time.ts'

const { MongoWriteConcernError } = mongoose.mongo
type Db = mongoose.mongo.Db

export const blocksCollection = 'blocks'

/** The blocks' database: it inserts and finds, and does nothing else (ledger-log L5). */
export type BlockStore = {
  /**
   * One unordered insert of the blocks of several partitions, written by a majority and journaled.
   * @returns the reply for each block; never throws: an error of the command is `unknown` for all of them
   */
  readonly insert: (blocks: readonly Block[]) => Promise<readonly InsertReply[]>
  /** The block at that place as a majority has it, or null. */
  readonly find: (partition: number, position: number) => Promise<ReadBlock | null>
  /** The last block of a partition as a majority has it, or null before its birth. */
  readonly newest: (partition: number) => Promise<ReadBlock | null>
  /** The newest position alone, from the key; -1 before the birth. */
  readonly newestPosition: (partition: number) => Promise<number>
  /** The blocks of a partition after a position, in order, as a majority has them. */
  readonly after: (partition: number, position: number) => AsyncIterable<ReadBlock>
}

/** The part of MongoDB's reply to `insert` that reports each document. */
type CommandReply = {
  readonly writeErrors?: readonly { readonly index: number; readonly code: number }[]
  readonly writeConcernError?: unknown
}
/** A reply holds 16 MiB at most: it may end before. */
const onePage = { batchSize: 64, singleBatch: true } as const

/**
 * Reads the reply per document. A write concern error leaves every document without a write error in doubt: it is on the
 * primary and perhaps on no other member.
 */
export const repliesOf = (
  { writeErrors = [], writeConcernError }: CommandReply,
  count: number,
): InsertReply[] => {
  const replies = Array.from({ length: count }, (): InsertReply =>
    writeConcernError === undefined ? 'inserted' : 'unknown',
  )
  for (const { index, code } of writeErrors) {
    replies[index] = code === duplicateKey ? 'duplicate-key' : 'unknown'
  }
  return replies
}

/** @param onError called for each command that failed as a whole */
export const createBlockStore = (
  db: Db,
  {
    timeoutMs,
    onError,
  }: { readonly timeoutMs: number; readonly onError?: (error: unknown) => void },
): BlockStore => {
  const blocks = db.collection(blocksCollection)
  const reading = { ...majority, maxTimeMS: timeoutMs } as const
  const newest = (partition: number, options: mongoose.mongo.FindOptions) =>
    withinTime(2 * timeoutMs, (signal) => {
      const query = { ...reading, ...options, signal, sort: { _id: -1 } } as const
      return blocks.findOne(ofPartition(partition, -1), query)
    })
  return {
    insert: insertInto(db, timeoutMs, onError),
    find: async (partition, position) => {
      const _id = blockId(partition, position)
      const document = await withinTime(2 * timeoutMs, (signal) =>
        blocks.findOne({ _id }, { ...reading, signal }),
      )
      return document === null ? null : blockOf(document, { partition, position })
    },
    newest: async (partition) => {
      const document = await newest(partition, {})
      return document === null ? null : readAt(partition, document)
    },
    newestPosition: async (partition) => {
      const found = await newest(partition, { projection: { _id: 1 } })
      return found === null ? -1 : positionOf(found)
    },
    after: async function* (partition, position) {
      // Page by page: the time that a cursor is given would count for all of its batches together.
      for (let last = position; ;) {
        const page = await withinTime(2 * timeoutMs, (signal) =>
          blocks
            .find(ofPartition(partition, last), {
              ...reading,
              signal,
              sort: { _id: 1 },
              ...onePage,
            })
            .toArray(),
        )
        for (const document of page) {
          last = positionOf(document)
          yield readAt(partition, document)
        }
        if (page.length === 0) return
      }
    },
  }
}

const insertInto =
  (db: Db, timeoutMs: number, onError?: (error: unknown) => void): BlockStore['insert'] =>
  async (each) => {
    try {
      // As a bare command: the driver's bulk insert hides a write concern error beside write errors.
      const command = {
        insert: blocksCollection,
        documents: each.map(blockDocument),
        ordered: false,
        writeConcern: { w: 'majority', j: true, wtimeout: timeoutMs },
      }
      const reply = await withinTime(2 * timeoutMs, (signal) => db.command(command, { signal }))
      return repliesOf(reply, each.length)
    } catch (error) {
      onError?.(error)
      // The error's result is the whole reply, with the write errors beside the write concern error.
      if (error instanceof MongoWriteConcernError) return repliesOf(error.result, each.length)
      return each.map(() => 'unknown')
    }
  }

const ofPartition = (
  partition: number,
  position: number,
): mongoose.mongo.Filter<mongoose.mongo.Document> => ({
  _id: keyRange({ $gt: blockId(partition, position), $lt: blockId(partition + 1, 0) }),
})
/** The place is the key's own: only the rest of the document can be damaged. */
const readAt = (partition: number, document: { readonly _id: unknown }): ReadBlock =>
  blockOf(document, { partition, position: positionOf(document) })
const positionOf = ({ _id }: { readonly _id: unknown }): number => (_id as { readonly n: number }).n
