import { randomBytes } from 'node:crypto'
import { openLedgerDatabase, type LedgerDatabase } from '../mongo/collections.ts'
import { ensureIdentity } from '../mongo/identity.ts'
import type { LedgerModels } from '../mongo/models.ts'

export type FreshDatabase = LedgerDatabase & {
  readonly uri: string
  /** Forgets everything but its identity, and the collections and indexes, which take long to make. */
  readonly empty: () => Promise<void>
  readonly drop: () => Promise<void>
}

/** The models' collections. */
export const modelNames = (models: LedgerModels): readonly string[] =>
  Object.values(models).map(({ collection }) => collection.name)

/** A ledger database of its own on the test servers. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const server = process.env['TEST_MONGODB_URI']
  if (server === undefined) throw new Error('TEST_MONGODB_URI is not set: run through `npm test`')
  const url = new URL(server)
  url.pathname = `/ledger_${randomBytes(6).toString('hex')}`
  const database = await openLedgerDatabase(url.href, { connectTimeoutMs: 5_000, poolSize: 8 })
  await ensureIdentity(database, Date.now())
  return {
    ...database,
    uri: url.href,
    empty: async () => {
      await Promise.all(
        [
          ...Object.keys(database.collections).filter((name) => name !== 'identity'),
          ...modelNames(database.models),
        ].map((name) => database.connection.collection(name).deleteMany({})),
      )
    },
    drop: async () => {
      await database.connection.dropDatabase()
      await database.close()
    },
  }
}
