import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { partitionCount } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { createBlockStore } from '../log/block-store.ts'
import { readAtStart, startRefusal } from '../log/refuse-start.ts'
import type { LedgerDatabase } from '../connect-database.ts'
import { ensureProjections } from '../projections/all.ts'
import { createGenerationStore } from '../projections/generation-store.ts'
import type { Projection } from '../projections/projection.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { RebuildStopped, type RebuildDeps } from './rebuild-run.ts'

type Db = mongoose.mongo.Db

export type RebuildDatabases = Pick<LedgerDatabase, 'db' | 'blocks'>

/** @throws where the databases hold no ledger that this version can go on with */
export const refuseOther = async (
  { db, blocks, models }: RebuildDatabases & Pick<LedgerDatabase, 'models'>,
  timeoutMs: number,
): Promise<void> => {
  const found = await readAtStart(db, models, createBlockStore(blocks, { timeoutMs }))
  const refusal = startRefusal(found)
  if (refusal !== null) throw new RebuildStopped(refusal)
  if ((found.births[0] ?? null) === null) {
    throw new RebuildStopped(
      `there is no ledger's log: ${blocks.databaseName} has no block 0/0 (MONGODB_URI names ${db.databaseName})`,
    )
  }
}

/** The databases of a rebuild. */
export const openRebuild = (
  { db, blocks }: RebuildDatabases,
  { timeoutMs }: { readonly timeoutMs: number },
): Omit<RebuildDeps, 'projections' | 'onProgress' | 'isStopping' | 'times'> => ({
  generations: createGenerationStore(db, { timeoutMs }),
  store: createProjectionStore(db, { timeoutMs }),
  blocks: createBlockStore(blocks, { timeoutMs }),
  collections: {
    make: async (generation, check) => {
      // An earlier generation of that name, or a late write of a projector that was suspended beyond its keeping time.
      await dropCollection(db, generation, check)
      await ensureProjections(db, [generation])
    },
    drop: (generation, check) => dropCollection(db, generation, check),
  },
  partitions: partitionCount,
  holder: randomUUID(),
  nowMs: () => performance.now(),
  pause: (delayMs) => pause(delayMs),
})

/**
 * Drops a collection by its UUID, which is read before the lease is kept: the drop of a rebuild that was suspended meanwhile cannot
 * meet the collection that another rebuild has made under the same name.
 */
const dropCollection = async (
  db: Db,
  { name, collection = name }: Projection,
  check: () => Promise<void>,
): Promise<void> => {
  const [found] = (await db.listCollections({ name: collection }).toArray()) as readonly {
    readonly info?: { readonly uuid?: mongoose.mongo.UUID }
  }[]
  await check()
  if (found === undefined) return
  const collectionUUID = found.info?.uuid
  if (collectionUUID === undefined) throw new Error(`${collection}: the server names no UUID`)
  await db.command({ drop: collection, collectionUUID, writeConcern: { w: 'majority' } })
}
