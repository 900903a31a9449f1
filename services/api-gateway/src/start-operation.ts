import { readInstallation } from '@recargas/contracts'
import { createRefreshingCache, type createProbes } from '@recargas/runtime'
import { createStatusClient, heartbeatNames } from './clients/status-client.ts'
import type { HeartbeatWatch } from './commands/heartbeat-watch.ts'
import type { GatewaySettings } from './config.ts'
import type { OperationDeps } from './operation/ports.ts'

type Parts = {
  readonly own: ReturnType<typeof createProbes>
  readonly heartbeats: Pick<HeartbeatWatch, 'serviceHealth'>
  readonly now: () => number
}

/** One reading for all screens and walls that ask within it. */
const limits = { freshMs: 1_000, staleMs: 10_000 }

/** The view of the whole installation: the reads of `npm run ops -- status`, and its actions on the quarantine. */
export const startOperation = (
  settings: GatewaySettings,
  { own, heartbeats, now }: Parts,
): OperationDeps & { readonly close: () => Promise<void> } => {
  const client = createStatusClient({
    ledgerUrl: settings.LEDGER_URL,
    adapterUrl: settings.ADAPTER_URL,
    serviceToken: settings.SERVICE_TOKEN,
    own,
  })
  const read = () => readInstallation(client.reads)
  const cache = createRefreshingCache({ read, now, limits })
  return {
    operation: {
      status: async () => (await cache.current()) ?? { value: await read(), readAt: now() },
      instances: (service) => heartbeats.serviceHealth.count(heartbeatNames[service]),
      replay: client.replay,
      discard: client.discard,
    },
    close: client.close,
  }
}
