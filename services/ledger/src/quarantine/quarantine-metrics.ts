import { quarantineCauses, type QuarantineCause } from '@recargas/contracts'
import type { Registry } from 'prom-client'
import { createRefreshingCache, figuresOf } from '@recargas/runtime'
import { figuresAges } from '../metrics/ledger-metrics.ts'
import type { QuarantineDepths } from './ports.ts'

export type QuarantineMetrics = {
  readonly deadLettered: (cause: QuarantineCause) => void
  readonly acted: (action: (typeof actions)[number]) => void
}

const actions = ['replayed', 'discarded'] as const
const noDepths: QuarantineDepths = { depths: new Map(), oldestAt: null }

type Sources = { readonly read: () => Promise<QuarantineDepths>; readonly now: () => number }

/** Depth and age come from the database and are the same in every instance; arrivals and actions are this instance's own. */
export const createQuarantineMetrics = (
  registry: Registry,
  { read, now }: Sources,
): QuarantineMetrics => {
  const { counter, gauge } = figuresOf(registry)
  const depths = createRefreshingCache({ read, now, limits: figuresAges })
  const current = async () => (await depths.current())?.value ?? noDepths
  gauge(
    'ledger_quarantine_messages',
    'Messages in quarantine that wait for a person, by cause; 10000 means at least so many',
    ['cause'],
    async function () {
      const { depths } = await current()
      for (const cause of quarantineCauses) this.set({ cause }, depths.get(cause) ?? 0)
    },
  )
  gauge(
    'ledger_quarantine_oldest_age_seconds',
    'Age of the oldest message in quarantine that waits; 0 when there is none',
    [],
    async function () {
      const { oldestAt } = await current()
      this.set(oldestAt === null ? 0 : Math.max(0, now() - oldestAt) / 1_000)
    },
  )
  const arrived = counter('ledger_quarantined_total', 'Messages taken into quarantine, by cause', [
    'cause',
  ])
  const acted = counter(
    'ledger_quarantine_actions_total',
    'Messages in quarantine that a person replayed or discarded',
    ['action'],
  )
  for (const cause of quarantineCauses) arrived.inc({ cause }, 0)
  for (const action of actions) acted.inc({ action }, 0)
  return {
    deadLettered: (cause) => arrived.inc({ cause }),
    acted: (action) => acted.inc({ action }),
  }
}
