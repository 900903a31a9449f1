import type { Carrier } from '../../domain/carrier.ts'
import { readBalance } from './balance.ts'
import type { BreakerSettings } from './breaker.ts'
import { createCarrierClient } from './client.ts'
import { createPackages, type Packages } from './packages.ts'
import { followProviders } from './providers.ts'
import { createTpaga, type TpagaDeps } from './tpaga.ts'

export type TpagaSettings = Pick<TpagaDeps, 'requests' | 'schedule' | 'callTimeoutMs'> & {
  readonly baseUrl: string
  readonly apiKey: string
  readonly ca: string | undefined
  readonly connectTimeoutMs: number
  /** Connections of the sales under way, and of the repeats and lookups beside them. */
  readonly connections: {
    readonly topups: number
    readonly bundles: number
    readonly besideSales: number
  }
  readonly breaker: BreakerSettings
  readonly providersEveryMs: number
}

type Deps = Pick<TpagaDeps, 'checkOffer' | 'observer'> & {
  readonly countLeftOut: (list: 'providers' | 'packages', count: number) => void
}

/** A connection of its own, so that the probe of a half-open circuit never waits for a sale. */
const probeConnections = 1
/** For calls that only read: the operators, the packages, the balance. */
const readConnections = 4
/** A page of 200 packages with the longest texts the contract knows is about half as long. */
const listBytesMax = 2 * 1024 * 1024

/**
 * Connects to Tpaga over three sets of connections: top-ups, bundles, and calls that only read. A set that hangs holds up
 * only its own calls.
 */
export const connectTpaga = (
  settings: TpagaSettings,
  { checkOffer, observer, countLeftOut }: Deps,
): Carrier & { readonly packages: Packages } => {
  const { breaker, requests, schedule, callTimeoutMs, connections } = settings
  const clientOf = (count: number, answerBytesMax?: number) =>
    createCarrierClient({
      baseUrl: settings.baseUrl,
      apiKey: settings.apiKey,
      ca: settings.ca,
      connectTimeoutMs: settings.connectTimeoutMs,
      callTimeoutMs,
      connections: count,
      ...(answerBytesMax === undefined ? {} : { answerBytesMax }),
    })
  const besideSales = connections.besideSales + probeConnections
  const clients = {
    topups: clientOf(connections.topups + besideSales),
    bundles: clientOf(connections.bundles + besideSales),
  }
  const client = clientOf(readConnections, listBytesMax)
  const everyMs = settings.providersEveryMs
  const sales = createTpaga({
    clients,
    breaker,
    requests,
    callTimeoutMs,
    schedule,
    checkOffer,
    observer,
  })
  const providers = followProviders({ client, breaker, everyMs, observer })
  const packages = createPackages({ client, breaker, observer, countLeftOut })
  return {
    ...sales,
    packages,
    salesAtOnce: { topup: connections.topups, bundle: connections.bundles },
    state: () => ({ ...sales.state(), offered: providers.offered() }),
    readBalance: async () => {
      const askedAt = new Date().toISOString()
      const balance = await readBalance(client, observer)
      return balance === null ? null : { ...balance, askedAt, answeredAt: new Date().toISOString() }
    },
    close: async () => {
      providers.close()
      packages.close()
      await Promise.all([sales.close(), client.close()])
    },
  }
}
