import { CarrierState } from '@recargas/contracts'
import { createBundleClient } from './bundle-client.ts'
import { createInternalClient } from './internal-client.ts'
import { createRefreshingCache } from '@recargas/runtime'

type Settings = {
  readonly url: string
  readonly serviceToken: string
  readonly now: () => number
}

const stateReads = { freshMs: 2_000, staleMs: 30_000, timeoutMs: 1_000, connections: 2 }
const bundleReads = { timeoutMs: 3_000, connections: 16 }

/** The adapter's client: the carrier's state and its packages. */
export const createAdapterClient = ({ url, serviceToken, now }: Settings) => {
  const { connections, timeoutMs, ...limits } = stateReads
  const client = createInternalClient({ url, serviceToken, connections })
  const read = async () => {
    const state = await client.get('/internal/carrier', CarrierState, timeoutMs)
    if (state === null) throw new Error('the adapter has no carrier state')
    return state
  }
  // A client of its own, so that a slow package list never delays the carrier's state.
  const bundles = createBundleClient({ url, serviceToken, ...bundleReads })
  return {
    carrier: createRefreshingCache({ read, now, limits }),
    bundles,
    close: async () => {
      await Promise.all([client.close(), bundles.close()])
    },
  }
}
export type AdapterClient = ReturnType<typeof createAdapterClient>
