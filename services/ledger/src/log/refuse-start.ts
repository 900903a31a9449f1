import { partitionCount, partitions } from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { LedgerModels } from '../mongo/models.ts'
import { unfinishedRestore } from '../mongo/sales-freeze-store.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import type { ReadBlock } from './block-documents.ts'
import type { BlockStore } from './block-store.ts'
import { birthBlock, type Block } from './block.ts'

/** The server's reply to `hello`. */
export type Hello = { readonly setName?: unknown; readonly msg?: unknown }

/** The state of a ledger's databases before it writes anything. */
export type FoundAtStart = {
  readonly hello: Hello
  /** Names of the collections in the ledger's own database. */
  readonly collections: ReadonlySet<string>
  readonly isRestoreUnfinished: boolean
  /**
   * Collections that hold documents derived from blocks, or beside them: those that blocks cannot rebuild, and the projections.
   */
  readonly besideBlocks: readonly string[]
  /** The first block of each partition. */
  readonly births: readonly (ReadBlock | null)[]
}

/** Collections of the layouts before the log. */
const earlierCollections = ['partitions', 'state', 'journal', 'topups', 'outbox', 'identity']

export const madeByEarlierVersion =
  'this ledger was made by an earlier version, whose data this one does not read: ' +
  'start anew (npm start -- --reset), or go on with the version that made it'

const startAnew = 'restore a backup, or start anew (npm start -- --reset)'

/** @returns the reason not to start on these databases and the operator's remedy, in one sentence; null where there is none */
export const startRefusal = (
  { hello, collections, isRestoreUnfinished, besideBlocks, births }: FoundAtStart,
  partitions: number = partitionCount,
): string | null => {
  if (isStandalone(hello)) {
    return (
      'this MongoDB is a standalone server, which has no majority to acknowledge a write: ' +
      'start it with --replSet and run rs.initiate() once, or name a replica set in MONGODB_URI'
    )
  }
  if (isRestoreUnfinished) return unfinishedRestore
  if (earlierCollections.some((name) => collections.has(name))) return madeByEarlierVersion
  const [first = null] = births
  if (first === null) return withoutBirth(births, besideBlocks)
  if (first.kind === 'damaged') {
    const { partition, position, detail } = first.damage
    return (
      `block ${partition}/${position}, the ledger's birth, cannot be read (${detail}): ` +
      'run the version that wrote it, or restore a backup'
    )
  }
  const { block } = first
  if (block.kind !== 'birth') return `block 0/0 is no birth but a ${block.kind}: ${startAnew}`
  return block.partitions === partitions
    ? foreignBirth(block, births)
    : `this ledger was born with ${block.partitions} partitions and this version serves ${partitions}, which is fixed at birth: ` +
        'run a version with as many, or start anew (npm start -- --reset)'
}

/** A replica set has a name; a router of a sharded cluster reports `isdbgrid`. */
export const isStandalone = ({ setName, msg }: Hello): boolean =>
  setName === undefined && msg !== 'isdbgrid'

const withoutBirth = (
  births: FoundAtStart['births'],
  besideBlocks: readonly string[],
): string | null => {
  const other = births.findIndex((birth) => birth !== null)
  if (other !== -1) {
    return `block 0/0, the ledger's birth, is missing, while partition ${other} has blocks: ${startAnew}`
  }
  return besideBlocks.length === 0
    ? null
    : `the ledger has no blocks, while ${besideBlocks.join(', ')} hold documents of a ledger that had: ${startAnew}`
}

/** The birth of every partition follows from that of partition 0. A damaged one stops its own partition. */
const foreignBirth = (
  first: Extract<Block, { kind: 'birth' }>,
  births: FoundAtStart['births'],
): string | null => {
  const { birth: id, namespace, partitions, at } = first
  const birth = { id, namespace, partitions, at }
  for (const [partition, read] of births.entries()) {
    if (read?.kind !== 'block' || read.block.hash === birthBlock(partition, birth).hash) continue
    return (
      `the first block of partition ${partition} (birth ${read.block.birth}) does not follow from the one of partition 0 (${first.birth}): ` +
      `the blocks are of two ledgers; ${startAnew}`
    )
  }
  return null
}

/**
 * Reads the facts that `startRefusal` judges. Every instance appends the birth before it writes anything else, so the
 * collections are read before the blocks: two instances that start on a new database never refuse one another.
 */
export const readAtStart = async (
  db: mongoose.mongo.Db,
  models: LedgerModels,
  blocks: Pick<BlockStore, 'find'>,
): Promise<FoundAtStart> => {
  const hello = await db.command({ hello: 1 })
  const listed = await db.listCollections({}, { nameOnly: true }).toArray()
  const belonging = [
    ...Object.values(models).map(({ collection }) => collection.name),
    positionsCollection,
  ]
  const besideBlocks: string[] = []
  for (const name of belonging) {
    if ((await db.collection(name).findOne({})) !== null) besideBlocks.push(name)
  }
  const selling = await models.selling.findOne({ _id: 'selling' }).lean()
  const births = await Promise.all(partitions.map((partition) => blocks.find(partition, 0)))
  return {
    hello,
    collections: new Set(listed.map(({ name }) => name)),
    isRestoreUnfinished: selling?.open === false && selling.unfinished === true,
    besideBlocks,
    births,
  }
}
