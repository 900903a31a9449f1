import { randomBytes } from 'node:crypto'
import { testServer } from '@recargas/runtime/testing'
import { openLedgerDatabase } from '../open-database.ts'
import { assertTargeted, watchQueries } from './watch-queries.ts'
import { projections } from '../projections/all.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import type { LedgerDatabase } from '../connect-database.ts'
import type { LedgerModels } from '../mongo/models.ts'

export type FreshDatabase = LedgerDatabase & {
  readonly uri: string
  /** Empties the collections beside the blocks, and keeps their indexes, which take long to make. */
  readonly empty: () => Promise<void>
  readonly drop: () => Promise<void>
}

/** The models' collections. */
export const modelNames = (models: LedgerModels): readonly string[] =>
  Object.values(models).map(({ collection }) => collection.name)

/** A ledger database of its own on the test servers; its drop reports the queries that named no partition. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  watchQueries()
  const url = testServer('TEST_MONGODB_URI')
  url.pathname = `/ledger_${randomBytes(6).toString('hex')}`
  const database = await openLedgerDatabase(url.href, {
    MONGODB_CONNECT_TIMEOUT_MS: 5_000,
    MONGODB_POOL_SIZE: 8,
    MONGODB_TIMEOUT_MS: 5_000,
  })
  const names = [
    ...projections.map(({ name }) => name),
    positionsCollection,
    ...modelNames(database.models),
  ]
  return {
    ...database,
    uri: url.href,
    empty: async () => {
      await Promise.all(names.map((name) => database.db.collection(name).deleteMany({})))
    },
    drop: async () => {
      await database.blocks.dropDatabase()
      await database.db.dropDatabase()
      await database.close()
      assertTargeted()
    },
  }
}
