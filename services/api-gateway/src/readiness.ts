import { setTimeout as sleep } from 'node:timers/promises'
import type { HeartbeatWatch } from './commands/heartbeat-watch.ts'
import type { Namespace } from './commands/namespace.ts'

type State = () => { readonly ready: boolean; readonly reason: string | null }
type Check = { readonly name: string; readonly check: State }

type Parts = {
  readonly broker: { readonly state: State }
  readonly tokens: { readonly state: State }
  readonly catalogue: { readonly state: State }
  readonly namespace: Pick<Namespace, 'current'>
  readonly heartbeats: Pick<HeartbeatWatch, 'serviceHealth' | 'clockWatch'>
}

/** The conditions under which a gateway can sell. */
export const readinessOf = ({
  broker,
  tokens,
  catalogue,
  namespace,
  heartbeats,
}: Parts): readonly Check[] => [
  { name: 'broker', check: broker.state },
  { name: 'tokens', check: tokens.state },
  { name: 'catalogue', check: catalogue.state },
  {
    name: 'ledger',
    check: () =>
      namespace.current() === null
        ? { ready: false, reason: 'the ledger has not told its identity yet' }
        : heartbeats.serviceHealth.state('ledger'),
  },
  // A gateway whose clock is far off would have its sales refused as late, or accepted for too long.
  { name: 'clock', check: heartbeats.clockWatch.state },
  // Without it nothing is sold, although shifts are opened and closed and everything is read.
  { name: 'carrier-adapter', check: () => heartbeats.serviceHealth.state('carrier-adapter') },
]

const checkEveryMs = 20

export const waitUntilReady = async (checks: readonly Check[], limitMs: number): Promise<void> => {
  const endsAt = performance.now() + limitMs
  while (performance.now() < endsAt && !checks.every(({ check }) => check().ready)) {
    await sleep(checkEveryMs)
  }
}
