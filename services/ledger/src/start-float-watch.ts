import { exchanges, floatLowKey } from '@recargas/contracts'
import { publishEnvelope, type Broker } from '@recargas/messaging'
import type { createMetrics, Log } from '@recargas/runtime'
import type { LowFloatLimits } from './float/runway.ts'
import { createFloatMetrics } from './metrics/float-metrics.ts'
import { createFloatWatch, runFloatWatch } from './metrics/watch-floats.ts'
import type { FloatPaces } from './reads/float-pace.ts'

const floatWatchEveryMs = 60_000

/** Starts the float metrics and the events of floats that become low. */
export const startFloatWatch = (
  {
    log,
    now,
    paces,
    broker,
    limits,
  }: {
    readonly log: Log
    readonly now: () => number
    readonly broker: Broker
    readonly paces: FloatPaces
    readonly limits: LowFloatLimits
  },
  registry: ReturnType<typeof createMetrics>,
) =>
  runFloatWatch(
    createFloatWatch({
      floats: paces.all,
      publish: async (event) => {
        const { kind } = await publishEnvelope(
          broker,
          { exchange: exchanges.event, routingKey: floatLowKey },
          event,
        )
        // An event without a listener is not published again.
        return kind === 'confirmed' || kind === 'unroutable'
      },
      limits,
      metrics: createFloatMetrics(registry),
      now,
    }),
    { everyMs: floatWatchEveryMs, log },
  )
