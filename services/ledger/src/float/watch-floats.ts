import { setTimeout } from 'node:timers/promises'
import type { Currency, FloatLowEvent, MerchantId, OperatorName } from '@recargas/contracts'
import type { LogFields } from '@recargas/service'
import type { FloatMetrics } from './float-metrics.ts'
import { isLow, runwayMinutesOf, type LowFloatLimits } from './runway.ts'

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
  /** @returns whether the broker has it */
  readonly tell: (event: FloatLowEvent) => Promise<boolean>
  readonly limits: LowFloatLimits
  readonly metrics: FloatMetrics
  readonly now: () => number
}

/**
 * One look at every float. A float that became low is told once, and again only after it was not low. Every ledger
 * looks: what two of them tell of one float in one hour has one id.
 */
export const createFloatWatch = ({ floats, tell, limits, metrics, now }: Deps) => {
  const told = new Set<string>()
  return {
    look: async (): Promise<void> => {
      for (const float of await floats()) {
        const key = `${float.merchant}/${float.operator}`
        const low = isLow(float, limits)
        metrics.onFloat(float, { runwayMinutes: runwayMinutesOf(float), isLow: low })
        if (!low) told.delete(key)
        else if (!told.has(key) && (await tell(floatLow(float, now())))) told.add(key)
      }
    },
  }
}

const hourOf = (at: number): string => new Date(at).toISOString().slice(0, 13)

const floatLow = (float: WatchedFloat, at: number): FloatLowEvent => {
  const { merchant, operator, currency, available, spentLastHour } = float
  const subject = `${merchant}/${operator}`
  const id = `${subject}:low:${hourOf(at)}`
  return {
    specversion: '1.0',
    id,
    source: 'ledger',
    type: 'FloatLow.v1',
    subject,
    time: new Date(at).toISOString(),
    correlationid: id,
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

/** Looks again and again, never twice at once, until stopped. A failed look is only a look missed. */
export const runFloatWatch = (
  watch: ReturnType<typeof createFloatWatch>,
  options: {
    readonly everyMs: number
    readonly log: { readonly warn: (message: string, fields?: LogFields) => void }
  },
): { readonly stop: () => Promise<void> } => {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await watch.look().catch((error: unknown) => {
        options.log.warn('the floats could not be looked at', { error })
      })
      await setTimeout(options.everyMs, null, { signal }).catch(() => undefined)
    }
  }
  const ended = loop()
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
