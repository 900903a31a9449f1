import { deadQueue } from '@recargas/contracts'
import type { Broker } from '@recargas/messaging'
import { readDeadLetter } from './dead-letter.ts'
import type { QuarantineStore } from './ports.ts'
import type { QuarantineMetrics } from './quarantine-metrics.ts'
import { createQuarantine, type Quarantine } from './settle-quarantined.ts'

export type RunningQuarantine = Quarantine &
  Pick<QuarantineStore, 'page' | 'groups'> & { readonly stop: () => Promise<void> }

const prefetch = 50

/** Consumes the dead letters, stores them and serves the actions on them. Every ledger runs one; they share the queue. */
export const startQuarantine = async ({
  store,
  broker,
  now,
  metrics,
}: {
  readonly store: QuarantineStore
  readonly broker: Pick<Broker, 'keep' | 'publish'>
  readonly now: () => number
  readonly metrics: QuarantineMetrics
}): Promise<RunningQuarantine> => {
  const subscription = await broker.keep({
    queue: deadQueue,
    prefetch,
    keep: async (message) => {
      const letter = readDeadLetter(message)
      await store.keep(letter, new Date(now()))
      metrics.deadLettered(letter.cause)
    },
  })
  const quarantine = createQuarantine({
    store,
    publish: broker.publish,
    now,
    onAction: metrics.acted,
  })
  return {
    ...quarantine,
    page: store.page,
    groups: store.groups,
    stop: () => subscription.cancel(),
  }
}
