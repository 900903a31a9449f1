import { freePort } from '@recargas/stack/ports'
import { testSecrets } from '@recargas/stack/supervisor'
import type { Verification } from '../runner/judge.ts'
import { dropDatabase, unchanging, withDatabase } from '../runner/ledger-database.ts'
import { saleAt } from '../runner/load.ts'
import type { LabServers } from '../runner/servers.ts'
import { hotMerchant } from '../runner/shops.ts'
import { createPos, tokenFor } from '../till/pos.ts'
import { expectStatus, saleOf } from '../till/shop.ts'
import { pidOf, startCarrier, startPeer, stopPeer, waitForPort } from './peer-process.ts'
import type { SalePath } from './rounds.ts'

const { jwtSecret } = testSecrets
const token = tokenFor(jwtSecret, { user: 1, role: 'Administrador', merchant: hotMerchant })
const sessionId = 1

/** Starts the plain programs that the services are compared with: as many processes, the same hops, the same carrier. */
export const startPeerPath = async (
  servers: LabServers,
  name: 'bare' | 'trio',
): Promise<SalePath> => {
  const vhost = `bench-${name}`
  const databaseUri = servers.databaseUri(`bench_${name}`)
  const amqpUrl = await servers.freshVhost(vhost)
  const port = await freePort()
  const carrier = await startCarrier(servers, name)
  await dropDatabase(databaseUri)
  const env = {
    AMQP_URL: amqpUrl,
    CARRIER_URL: carrier.url,
    PORT: String(port),
    JWT_SECRET: jwtSecret,
    MONGODB_URI: databaseUri,
  }
  const gateway = await startPeer(servers, name, 'gateway', env)
  const ledger = await startPeer(servers, name, `${name}-ledger`, env)
  const adapter = await startPeer(servers, name, 'adapter', env)
  await waitForPort(gateway, port)
  const processes = { gateway, ledger, adapter, carrier: carrier.process }
  const url = `http://127.0.0.1:${port}`
  const pos = createPos(() => url, token)
  const sellOne = () => expectStatus(201, pos.post('/recargas/cliente', saleOf(sessionId)))
  const settle = async () => {
    await sellOne()
    // All work is done when the carrier's debits stop growing.
    await unchanging(() => debitsOf(carrier.url).then(({ sales }) => sales))
  }
  await sellOne()
  const pids = Object.entries(processes).map(([role, child]) => [role, pidOf(child)] as const)
  return {
    name,
    target: { urls: [url], next: () => saleAt({ token, sessionId }) },
    pids: { ...Object.fromEntries(pids), ...servers.pids },
    settle,
    verify: async () => {
      await settle()
      const { sales, twice } = await debitsOf(carrier.url)
      return name === 'bare'
        ? { isVerified: twice === 0 && sales > 0, detail: `${sales} sales debited` }
        : verifyTrio(databaseUri, sales)
    },
    stop: async () => {
      await Promise.all(Object.values(processes).map(stopPeer))
      await servers.dropVhost(vhost)
      await dropDatabase(databaseUri)
    },
  }
}

const debitsOf = async (url: string) =>
  (await (await fetch(`${url}/_debits`)).json()) as { sales: number; twice: number }

type TrioAccount = { readonly _id: string; readonly available: number; readonly pending: number }

/** Verifies that every debit was posted once and that the float fell by the posted sum. */
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
