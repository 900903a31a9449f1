import { setTimeout as sleep } from 'node:timers/promises'
import type { Namespace } from './operations/namespace.ts'
import type { Presence } from './operations/presence.ts'

type State = () => { readonly ready: boolean; readonly reason: string | null }
type Check = { readonly name: string; readonly check: State }

type Parts = {
  readonly broker: { readonly state: State }
  readonly tokens: { readonly state: State }
  readonly namespace: Pick<Namespace, 'current'>
  readonly presence: Presence
}

/** What a gateway needs to sell. */
export const readinessOf = ({ broker, tokens, namespace, presence }: Parts): readonly Check[] => [
  { name: 'broker', check: broker.state },
  { name: 'tokens', check: tokens.state },
  {
    name: 'ledger',
    check: () =>
      namespace.current() === null
        ? { ready: false, reason: 'the ledger has not told its identity yet' }
        : presence.state('ledger'),
  },
  // Without it nothing is sold, although shifts are opened and closed and everything is read.
  { name: 'carrier-adapter', check: () => presence.state('carrier-adapter') },
]

const checkEveryMs = 20

export const waitUntilReady = async (checks: readonly Check[], limitMs: number): Promise<void> => {
  const endsAt = performance.now() + limitMs
  while (performance.now() < endsAt && !checks.every(({ check }) => check().ready)) {
    await sleep(checkEveryMs)
  }
}
