import { partitionCount } from '@recargas/contracts'
import { startStack, unlimitedRates, type Stack } from '@recargas/stack/supervisor'
import type { Environment } from '@recargas/stack/service-process'
import { proveStack, type Proof } from '../../till/proof.ts'
import { eventually, newNumber } from '../../till/shop.ts'
import { createPos } from '../../till/pos.ts'
import type { BenchServers } from './bench-servers.ts'
import type { SaleRequest } from './load.ts'
import type { SalePath, Verification } from './measured-path.ts'
import { dropDatabase, unchanging, withDatabase, type LedgerDb } from './peer-path.ts'
import { startCarrier, stopPeer } from './peer-process.ts'
import { hotMerchant, openShop, saleAt, tokenOf, writeCatalogue, type OpenShop } from './shops.ts'

export type WholePath = SalePath & {
  readonly stack: Stack
  readonly ledgerUri: string
  readonly amqpUrl: string
  readonly prove: () => Promise<Proven>
  /** The one hot shop. */
  readonly shop: OpenShop
  /** The same path, asked for other sales. */
  readonly selling: (name: string, next: () => SaleRequest) => SalePath
}

/** The ledger's own proof, and the books' verification against the carrier's debits. */
export type Proven = { readonly proof: Proof; readonly verification: Verification }

export type WholePathOptions = {
  /** Also the databases' and the virtual host's. */
  readonly name: string
  /** Merchants beside the hot one. */
  readonly merchants?: number
  /** A ledger that exists already: its session, and how many of its sales this carrier never saw. */
  readonly history?: { readonly sessionId: number; readonly sales: number }
  readonly ledgerEnv?: Environment
  readonly adapterEnv?: Environment
}

const quiet = { LOG_LEVEL: 'warn' }

/** Our three services on databases and a virtual host of their own, one shop open, and the plain carrier. */
export const startWholePath = async (
  servers: BenchServers,
  { name, merchants = 0, history, ledgerEnv = {}, adapterEnv = {} }: WholePathOptions,
): Promise<WholePath> => {
  const suffix = `_bench_${name}`
  const vhost = `bench-${name}`
  const ledgerUri = servers.databaseUri(`recargas_ledger${suffix}`)
  const amqpUrl = await servers.freshVhost(vhost)
  if (history === undefined) await dropDatabase(servers, `recargas_ledger${suffix}`)
  await dropDatabase(servers, `recargas_adapter${suffix}`)
  const carrier = await startCarrier(servers, name)
  const stack = await startStack({
    folder: servers.folder,
    mongodbUri: servers.mongodbUri,
    amqpUrl,
    databaseSuffix: suffix,
    guard: servers.guard,
    tpagaBaseUrl: carrier.url,
    env: {
      ledger: { ...quiet, ...ledgerEnv },
      adapter: { ...quiet, ...adapterEnv },
      gateway: {
        ...quiet,
        ...unlimitedRates,
        CATALOGUE_PATH: writeCatalogue(servers.folder, merchants),
        DEFAULT_MERCHANT: hotMerchant,
      },
    },
  })
  const gateway = { url: stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop =
    history === undefined
      ? await openShop(gateway, hotMerchant)
      : openedShop(history.sessionId, stack.jwtSecret)
  const settle = () => settleLedger(stack, ledgerUri, shop)
  const prove = async (): Promise<Proven> => {
    await settle()
    const proof = await proveStack(ledgerUri, carrier.url)
    return { proof, verification: verificationOf(proof, history?.sales ?? 0) }
  }
  const selling = (title: string, next: () => SaleRequest): SalePath => ({
    name: title,
    target: { url: stack.urls.gateway, next },
    pids: {
      gateway: stack.processes.gateway.pid,
      ledger: stack.processes.ledger.pid,
      adapter: stack.processes.adapter.pid,
      carrier: () => (carrier.process.running() ? carrier.process.pid : null),
      ...servers.pids,
    },
    settle,
    verify: () => prove().then(({ verification }) => verification),
    stop: async () => {
      await stack.stop()
      await stopPeer(carrier.process)
      await servers.dropVhost(vhost)
      await dropDatabase(servers, `recargas_ledger${suffix}`)
      await dropDatabase(servers, `recargas_adapter${suffix}`)
    },
  })
  return {
    ...selling('whole', () => saleAt(shop)),
    stack,
    ledgerUri,
    amqpUrl,
    prove,
    shop,
    selling,
  }
}

const openedShop = (sessionId: number, jwtSecret: string): OpenShop => ({
  merchant: hotMerchant,
  sessionId,
  token: tokenOf(jwtSecret, hotMerchant),
})

/** The carrier debited each sale once, except those that it never saw. */
const verificationOf = (proof: Proof, neverSeen: number): Verification => {
  const { entries, findings, carrierDebits, debitedTwice } = proof
  const sold = proof.commits - neverSeen
  return {
    isVerified: findings.length === 0 && debitedTwice === 0 && carrierDebits === sold,
    detail: `${entries} entries, ${sold} sold, ${carrierDebits} debited, ${findings.length} findings`,
  }
}

/** Requests that were cut off at the end of a load may still be queued: nothing held, no block added any more, all projected. */
const settleLedger = async (stack: Stack, ledgerUri: string, shop: OpenShop): Promise<void> => {
  const pos = createPos(() => stack.urls.gateway, shop.token)
  const sale = { operadora: 'Tigo', monto: 0.1, id_caja_sesion: shop.sessionId }
  const path = '/recargas/cliente'
  await eventually(
    () => pos.post(path, { ...sale, numero_cliente: newNumber() }),
    ({ status }) => status === 201,
  )
  await withDatabase(ledgerUri, async (db, blocks) => {
    const noneHeld = () =>
      eventually(
        () => db.collection('sales').countDocuments({ open: true }),
        (held) => held === 0,
      )
    await noneHeld()
    await unchanging(() => newestPositions(blocks).then((newest) => sumOf(newest)))
    await eventually(
      async () => ({ newest: await newestPositions(blocks), shown: await shownPositions(db) }),
      ({ newest, shown }) => newest.every((position, p) => position <= (shown.get(p) ?? -1)),
    )
    await noneHeld()
  })
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

/** By partition, the position of its newest block; -1 before its birth. */
const newestPositions = (blocks: LedgerDb): Promise<readonly number[]> =>
  Promise.all(
    Array.from({ length: partitionCount }, async (_, p) => {
      const ofPartition = { _id: { $gte: { p, n: 0 }, $lt: { p: p + 1, n: 0 } } as never }
      const sort = { _id: -1 } as const
      const projection = { _id: 1 } as const
      const newest = await blocks
        .collection<{ readonly _id: { readonly n: number } }>('blocks')
        .findOne(ofPartition, { sort, projection })
      return newest?._id.n ?? -1
    }),
  )

/** By partition, the position that every projection shows. */
const shownPositions = async (db: LedgerDb): Promise<ReadonlyMap<number, number>> => {
  const positions = await db
    .collection<{ readonly _id: { readonly p: number }; readonly n: number }>(
      'projection_positions',
    )
    .find()
    .toArray()
  const shown = new Map<number, number>()
  for (const { _id, n } of positions) shown.set(_id.p, Math.min(n, shown.get(_id.p) ?? n))
  return shown
}

/** Entries that the projections show; counted by the collection itself, which costs nothing. */
export const entriesOf = (db: LedgerDb): Promise<number> =>
  db.collection('operations').estimatedDocumentCount()
