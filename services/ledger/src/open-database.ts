import type { Settings } from './config.ts'
import { createBlockStore } from './log/block-store.ts'
import { readAtStart, startRefusal } from './log/refuse-start.ts'
import {
  connectLedgerDatabase,
  ensureCollections,
  type LedgerDatabase,
} from './connect-database.ts'

type Options = Pick<
  Settings,
  'MONGODB_CONNECT_TIMEOUT_MS' | 'MONGODB_POOL_SIZE' | 'MONGODB_TIMEOUT_MS'
>

/**
 * Opens the ledger's databases and makes sure of their collections and indexes.
 * @throws where the databases are not a ledger's that this version can go on with; nothing was written then
 */
export const openLedgerDatabase = async (
  uri: string,
  settings: Options,
): Promise<LedgerDatabase> => {
  const database = await connectLedgerDatabase(uri, {
    connectTimeoutMs: settings.MONGODB_CONNECT_TIMEOUT_MS,
    poolSize: settings.MONGODB_POOL_SIZE,
  })
  try {
    const blocks = createBlockStore(database.blocks, { timeoutMs: settings.MONGODB_TIMEOUT_MS })
    const refusal = startRefusal(await readAtStart(database.db, database.models, blocks))
    if (refusal !== null) throw new Error(refusal)
    await ensureCollections(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
