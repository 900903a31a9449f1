import type { Environment } from '@recargas/stack/service-process'
import type { Proof, Verification } from '../runner/judge.ts'
import { restingLedger } from '../runner/ledger-database.ts'
import { saleAt, type SaleRequest } from '../runner/load.ts'
import type { LabServers } from '../runner/servers.ts'
import { hotMerchant, openBusyShop, writeCatalogue } from '../runner/shops.ts'
import { quiet, startSystem } from '../runner/system.ts'
import { createPos, tokenFor } from '../till/pos.ts'
import { eventually, saleOf } from '../till/shop.ts'
import { pidOf, startCarrier, stopPeer } from './peer-process.ts'
import type { SalePath } from './rounds.ts'

export type WholePath = Awaited<ReturnType<typeof startWholePath>>

type Options = {
  /** Also names the databases and the virtual host. */
  readonly name: string
  /** Merchants beside the hot one. */
  readonly merchants?: number
  /** A ledger with stored sales: its open session, and the number of sales that this carrier never saw. */
  readonly history?: { readonly sessionId: number; readonly sales: number }
  readonly ledgerEnv?: Environment
  readonly adapterEnv?: Environment
  readonly gatewayEnv?: Environment
}

const benchName = (name: string) => `bench_${name}`
/** The ledger's database of a path, before it is started. */
export const ledgerNameOf = (name: string) => `recargas_ledger_${benchName(name)}`

/** Our three services on databases and a virtual host of their own, one shop open, and the plain carrier. */
export const startWholePath = async (
  servers: LabServers,
  { name, merchants = 0, history, ledgerEnv = {}, adapterEnv = {}, gatewayEnv = {} }: Options,
) => {
  const carrier = await startCarrier(servers, name)
  const system = await startSystem(servers, benchName(name), {
    isPrepared: history !== undefined,
    tpagaBaseUrl: carrier.url,
    env: {
      ledger: { ...quiet.ledger, ...ledgerEnv },
      adapter: { LOG_LEVEL: 'warn', ...adapterEnv },
      gateway: {
        ...quiet.gateway,
        ...gatewayEnv,
        CATALOGUE_PATH: writeCatalogue(servers.folder, merchants),
        DEFAULT_MERCHANT: hotMerchant,
      },
    },
  })
  const { gateway, jwtSecret, processes } = system
  const token = tokenFor(jwtSecret, { user: 1, role: 'Administrador', merchant: hotMerchant })
  const administrator = createPos(gateway.url, token)
  const { sessionId } = history ?? (await openBusyShop(gateway, hotMerchant))
  const settle = async () => {
    // Requests that were cut off at the end of a load may still be queued.
    await eventually(
      () => administrator.post('/recargas/cliente', saleOf(sessionId)),
      ({ status }) => status === 201,
    )
    await restingLedger(system.administrationUri)
  }
  const prove = async () => {
    await settle()
    const proof = await system.prove()
    return { proof, verification: verificationOf(proof, history?.sales ?? 0) }
  }
  /** The same path under another name, with other sales. */
  const selling = (title: string, next: () => SaleRequest): SalePath => ({
    name: title,
    target: { urls: [gateway.url()], next },
    pids: {
      gateway: processes.gateway.pid,
      ledger: processes.ledger.pid,
      adapter: processes.adapter.pid,
      carrier: pidOf(carrier.process),
      ...servers.pids,
    },
    settle,
    verify: () => prove().then(({ verification }) => verification),
    stop: async () => {
      await system.stop()
      await stopPeer(carrier.process)
    },
  })
  const whole = selling('whole', () => saleAt({ token, sessionId }))
  /** The session and the administrator are the hot shop's. */
  return { ...whole, system, sessionId, administrator, prove, selling }
}

/** The carrier debited each sale once, except those that it never saw. */
const verificationOf = (proof: Proof, neverSeen: number): Verification => {
  const { entries, findings, carrierDebits, debitedTwice } = proof
  const sold = proof.commits - neverSeen
  return {
    isVerified: findings.length === 0 && debitedTwice === 0 && carrierDebits === sold,
    detail: `${entries} entries, ${sold} sold, ${carrierDebits} debited, ${findings.length} findings`,
  }
}
