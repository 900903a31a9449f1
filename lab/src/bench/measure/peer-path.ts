import { blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'
import { freePort } from '@recargas/stack/ports'
import { testSecrets } from '@recargas/stack/supervisor'
import { eventually } from '../../till/shop.ts'
import type { BenchServers } from './bench-servers.ts'
import { salePath, type SaleTarget } from './load.ts'
import type { SalePath, Verification } from './measured-path.ts'
import { startCarrier, startPeer, stopPeer, waitForPort } from './peer-process.ts'
import { saleAt, tokenOf } from './shops.ts'

type PeerPathName = 'bare' | 'trio'

const shop = {
  token: tokenOf(testSecrets.jwtSecret, 'principal'),
  sessionId: 1,
}

/** The plain programs that ours is compared with: as many processes, the same hops, the same carrier. */
export const startPeerPath = async (
  servers: BenchServers,
  name: PeerPathName,
): Promise<SalePath> => {
  const amqpUrl = await servers.freshVhost(`bench-${name}`)
  const port = await freePort()
  const carrier = await startCarrier(servers, name)
  const database = `bench_${name}`
  await dropDatabase(servers, database)
  const env = {
    AMQP_URL: amqpUrl,
    CARRIER_URL: carrier.url,
    PORT: String(port),
    JWT_SECRET: testSecrets.jwtSecret,
    MONGODB_URI: servers.databaseUri(database),
  }
  const gateway = await startPeer(servers, name, 'gateway', env)
  const ledger = await startPeer(servers, name, `${name}-ledger`, env)
  const adapter = await startPeer(servers, name, 'adapter', env)
  await waitForPort(gateway, port)
  const processes = { gateway, ledger, adapter, carrier: carrier.process }
  const target: SaleTarget = {
    url: `http://127.0.0.1:${port}`,
    next: () => saleAt(shop),
  }
  const settle = async () => {
    await sellOne(target)
    // All work is done when the carrier's debits stop growing.
    await unchanging(() => debitsOf(carrier.url).then(({ sales }) => sales))
  }
  await sellOne(target)
  return {
    name,
    target,
    pids: {
      ...Object.fromEntries(
        Object.entries(processes).map(([role, child]) => [
          role,
          () => (child.running() ? child.pid : null),
        ]),
      ),
      ...servers.pids,
    },
    settle,
    verify: async () => {
      await settle()
      const debits = await debitsOf(carrier.url)
      return name === 'bare'
        ? {
            isVerified: debits.twice === 0 && debits.sales > 0,
            detail: `${debits.sales} sales debited`,
          }
        : verifyTrio(servers.databaseUri(database), debits.sales)
    },
    stop: async () => {
      await Promise.all(Object.values(processes).map(stopPeer))
      await servers.dropVhost(`bench-${name}`)
      await dropDatabase(servers, database)
    },
  }
}

const sellOne = async ({ url, next }: SaleTarget): Promise<void> => {
  const { token, body } = next()
  const response = await fetch(`${url}${salePath}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
    signal: AbortSignal.timeout(30_000),
  })
  await response.arrayBuffer()
  if (response.status !== 201) throw new Error(`a plain sale was answered ${response.status}`)
}

/** Waits until two looks in a row, some time apart, see the same. */
export const unchanging = async (look: () => Promise<number>): Promise<void> => {
  let last: number | null = null
  await eventually(
    async () => {
      const now = await look()
      await new Promise((resolve) => setTimeout(resolve, 200))
      const isSame = now === last
      last = now
      return isSame
    },
    (isSame) => isSame,
  )
}

/** Reads the debits of a carrier. */
const debitsOf = async (url: string): Promise<{ sales: number; twice: number }> => {
  const response = await fetch(`${url}/_debits`)
  return (await response.json()) as { sales: number; twice: number }
}

/** Also the database of the blocks, where it is a ledger's. */
export const dropDatabase = (servers: BenchServers, name: string): Promise<void> =>
  withDatabase(servers.databaseUri(name), async (db, blocks) => {
    await db.dropDatabase()
    await blocks.dropDatabase()
  })

export type LedgerDb = mongoose.mongo.Db

/** @param use of the database, and of the one that a ledger of that name has its blocks in */
export const withDatabase = async <Result>(
  uri: string,
  use: (db: LedgerDb, blocks: LedgerDb) => Promise<Result>,
): Promise<Result> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    writeConcern: { w: 'majority', journal: true },
  })
  await client.connect()
  try {
    const db = client.db()
    return await use(db, client.db(blocksDatabaseOf(db.databaseName)))
  } finally {
    await client.close()
  }
}

type TrioAccount = { readonly _id: string; readonly available: number; readonly pending: number }

/** Every debit was posted once, and the float lost as much as was posted. */
const verifyTrio = (uri: string, debited: number): Promise<Verification> =>
  withDatabase(uri, async (db) => {
    const posted = await db.collection('transfers').countDocuments({ state: 'posted' })
    const entries = await db.collection('journal').countDocuments()
    const float = await db.collection<TrioAccount>('accounts').findOne({ _id: 'op:Tigo' })
    const spent = 1e15 - (float?.available ?? 0)
    const isVerified =
      posted === debited && entries === posted && spent === posted * 10 && float?.pending === 0
    return {
      isVerified,
      detail: `${posted} posted, ${entries} entries, ${debited} debited, ${spent} spent`,
    }
  })
