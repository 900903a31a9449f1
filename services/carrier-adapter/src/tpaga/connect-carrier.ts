import type { CarrierBalance } from '@recargas/contracts'
import type { AdapterSettings } from '../config.ts'
import { readBalance } from './balance.ts'
import type { CarrierObserver } from './calls.ts'
import { createCarrier, type Carrier } from './carrier.ts'
import { createCarrierClient } from './client.ts'
import { createPackages, type Packages } from './packages.ts'
import { followProviders, type Providers } from './providers.ts'

export type CarrierConnection = {
  /** Sells, and asks what became of a sale. */
  readonly carrier: Carrier
  readonly providers: Providers
  readonly packages: Packages
  /** Asked of the carrier at this moment; null where it does not answer. */
  readonly readBalance: () => Promise<CarrierBalance | null>
  readonly close: () => Promise<void>
}

type Deps = {
  /** Repeats, and as many lookups, under way at once beside the sales. */
  readonly repeatsAtOnceMax: number
  readonly observer: CarrierObserver
  readonly countLeftOut: (list: 'providers' | 'packages', count: number) => void
}

/** So that the probe that leads the way back never waits for a sale. */
const probeConnections = 1
/** For what only reads: the operators, the packages, the balance. */
const readConnections = 4
/** A page of 200 packages with the longest texts the contract knows is about half as long. */
const listBytesMax = 2 * 1024 * 1024

/**
 * The carrier over three sets of connections: top-ups, bundles, and what only reads. Whichever of them hangs holds up
 * only its own.
 */
export const connectCarrier = (
  settings: AdapterSettings,
  { repeatsAtOnceMax, observer, countLeftOut }: Deps,
): CarrierConnection => {
  const clientOf = (connections: number, answerBytesMax?: number) =>
    createCarrierClient({
      baseUrl: settings.TPAGA_BASE_URL,
      apiKey: settings.TPAGA_API_KEY,
      ca: settings.TPAGA_CA,
      connectTimeoutMs: settings.TPAGA_CONNECT_TIMEOUT_MS,
      callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
      connections,
      ...(answerBytesMax === undefined ? {} : { answerBytesMax }),
    })
  const besideSales = repeatsAtOnceMax + probeConnections
  const clients = {
    topups: clientOf(settings.TPAGA_CONNECTIONS + besideSales),
    bundles: clientOf(settings.BUNDLE_CONNECTIONS + besideSales),
  }
  const client = clientOf(readConnections, listBytesMax)
  const breaker = {
    errorPercent: settings.BREAKER_ERROR_PERCENT,
    volume: settings.BREAKER_VOLUME,
    windowMs: settings.BREAKER_WINDOW_MS,
    resetMs: settings.BREAKER_RESET_MS,
  }
  const everyMs = settings.PROVIDERS_EVERY_MS
  const carrier = createCarrier({ clients, breaker, observer })
  const providers = followProviders({ client, breaker, everyMs, observer })
  const packages = createPackages({ client, breaker, observer, countLeftOut })
  return {
    carrier,
    providers,
    packages,
    readBalance: async () => {
      const askedAt = new Date().toISOString()
      const balance = await readBalance(client, observer)
      return balance === null ? null : { ...balance, askedAt, answeredAt: new Date().toISOString() }
    },
    close: async () => {
      providers.close()
      packages.close()
      await Promise.all([carrier.close(), client.close()])
    },
  }
}
