import type { Currency, FloatLowEvent, MerchantId, OperatorName } from '@recargas/contracts'
import { runRounds, type Log } from '@recargas/runtime'
import { frameOf } from '../accounting/outgoing-message.ts'
import type { FloatMetrics } from './float-metrics.ts'
import { isLow, runwayMinutesOf, type LowFloatLimits } from '../float/runway.ts'

export type WatchedFloat = {
  readonly merchant: MerchantId
  readonly operator: OperatorName
  readonly currency: Currency
  readonly available: number
  readonly spentLastHour: number
}
type Deps = {
  /** All floats of the ledger. */
  readonly floats: () => Promise<readonly WatchedFloat[]>
  /** @returns true once the broker confirmed the event */
  readonly publish: (event: FloatLowEvent) => Promise<boolean>
  readonly limits: LowFloatLimits
  readonly metrics: FloatMetrics
  readonly now: () => number
}

/**
 * Checks every float once. A float that became low is published once, and again only after it recovered. Every ledger checks:
 * two ledgers' events about one float in one hour share an id.
 */
export const createFloatWatch = ({ floats, publish, limits, metrics, now }: Deps) => {
  const published = new Set<string>()
  return {
    look: async (): Promise<void> => {
      for (const float of await floats()) {
        const key = `${float.merchant}/${float.operator}`
        const low = isLow(float, limits)
        metrics.onFloat(float, { runwayMinutes: runwayMinutesOf(float), isLow: low })
        if (!low) published.delete(key)
        else if (!published.has(key) && (await publish(floatLow(float, now())))) published.add(key)
      }
    },
  }
}

const hourOf = (at: number): string => new Date(at).toISOString().slice(0, 13)

const floatLow = (float: WatchedFloat, at: number): FloatLowEvent => {
  const { merchant, operator, currency, available, spentLastHour } = float
  const subject = `${merchant}/${operator}`
  return {
    ...frameOf('FloatLow.v1', { subject, step: `low:${hourOf(at)}`, at }),
    data: {
      merchant,
      operator,
      currency,
      available,
      spentLastHour: spentLastHour as FloatLowEvent['data']['spentLastHour'],
      runwayMinutes: runwayMinutesOf(float),
    },
  }
}

/** Checks the floats at intervals until stopped. */
export const runFloatWatch = (
  watch: ReturnType<typeof createFloatWatch>,
  options: {
    readonly everyMs: number
    readonly log: Pick<Log, 'warn'>
  },
) =>
  runRounds(watch.look, {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => options.log.warn('floats could not be read; retrying', { error }),
  })
