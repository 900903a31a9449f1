import {
  carrierNames,
  type CarrierName,
  type CarrierStates,
  type FundsReserved,
} from '@recargas/contracts'
import { checkOffer } from './bundles/check-offer.ts'
import { createBundles, type Bundles } from './bundles/read-bundles.ts'
import { createManual } from './carriers/manual/manual.ts'
import { connectTpaga, type TpagaSettings } from './carriers/tpaga/connect.ts'
import { lookupSecondsOf, type AdapterSettings } from './config.ts'
import type { CarrierObserver } from './domain/carrier-calls.ts'
import type { Carrier } from './domain/carrier.ts'

export type Carriers = {
  readonly byName: Readonly<Record<CarrierName, Carrier>>
  readonly carrierOf: (job: Pick<FundsReserved, 'carrier'>) => Carrier
  /** The carrier of bundles, with their lists. */
  readonly tpaga: Carrier
  readonly bundles: Bundles
  readonly states: () => CarrierStates
  readonly close: () => Promise<void>
}

type Deps = {
  readonly observer: CarrierObserver
  readonly countLeftOut: (list: 'providers' | 'packages', count: number) => void
}

/** Repeats, and as many lookups, that one instance has under way at once beside the sales. */
export const repeatsAtOnceMax = 16
/** A gateway waits three seconds in all, for a provider's list and the one of the providers before it. */
const bundleWaits = { firstWaitMs: 1_250, renewWaitMs: 500, pauseMs: 5_000 }

/** Connects every carrier, each by its own settings. */
export const startCarriers = (
  settings: AdapterSettings,
  { observer, countLeftOut }: Deps,
): Carriers => {
  const tpaga = connectTpaga(tpagaSettings(settings), {
    observer,
    countLeftOut,
    checkOffer: (job) => checkOffer(bundles, job),
  })
  const bundles = createBundles({
    carrier: tpaga.packages,
    now: () => performance.now(),
    limits: {
      freshMs: settings.BUNDLES_FRESH_SECONDS * 1_000,
      staleMs: settings.BUNDLES_STALE_SECONDS * 1_000,
      ...bundleWaits,
    },
  })
  const byName: Carriers['byName'] = {
    tpaga,
    manual: createManual({ reviewMs: settings.MANUAL_REVIEW_SECONDS * 1_000 }),
  }
  return {
    byName,
    carrierOf: ({ carrier }) => byName[carrier],
    tpaga,
    bundles,
    states: () => Object.fromEntries(carrierNames.map((name) => [name, byName[name].state()])),
    close: async () => {
      await Promise.all(Object.values(byName).map((carrier) => carrier.close()))
    },
  }
}

const tpagaSettings = (settings: AdapterSettings): TpagaSettings => ({
  baseUrl: settings.TPAGA_BASE_URL,
  apiKey: settings.TPAGA_API_KEY,
  ca: settings.TPAGA_CA,
  connectTimeoutMs: settings.TPAGA_CONNECT_TIMEOUT_MS,
  callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
  connections: {
    topups: settings.TPAGA_CONNECTIONS,
    bundles: settings.BUNDLE_CONNECTIONS,
    besideSales: repeatsAtOnceMax,
  },
  breaker: {
    errorPercent: settings.BREAKER_ERROR_PERCENT,
    volume: settings.BREAKER_VOLUME,
    windowMs: settings.BREAKER_WINDOW_MS,
    resetMs: settings.BREAKER_RESET_MS,
  },
  requests: {
    paymentOrigin: settings.PAYMENT_ORIGIN,
    packageCodes: settings.TPAGA_PACKAGE_CODES,
  },
  schedule: {
    repeatMs: settings.TOPUP_REPEAT_SECONDS.map((seconds) => seconds * 1_000),
    lookupMs: lookupSecondsOf(settings).map((seconds) => seconds * 1_000),
  },
  providersEveryMs: settings.PROVIDERS_EVERY_MS,
})
