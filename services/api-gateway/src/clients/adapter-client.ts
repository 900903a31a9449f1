import { CarrierStates } from '@recargas/contracts'
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

/** The gateway's reads of the adapter: the availability of its carriers, and their packages. */
export const createAdapterClient = ({ url, serviceToken, now }: Settings) => {
  const { connections, timeoutMs, ...limits } = stateReads
  const client = createInternalClient({ url, serviceToken, connections })
  const read = async () => {
    const states = await client.get('/internal/carriers', CarrierStates, timeoutMs)
    if (states === null) throw new Error('the adapter does not tell the state of its carriers')
    return states
  }
  // Connections of its own: a slow list never hides the carriers' availability.
  const bundles = createBundleClient({ url, serviceToken, ...bundleReads })
  return {
    carriers: createRefreshingCache({ read, now, limits }),
    bundles,
    close: async () => {
      await Promise.all([client.close(), bundles.close()])
    },
  }
}
export type AdapterClient = ReturnType<typeof createAdapterClient>
