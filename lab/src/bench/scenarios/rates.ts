import { sellFor } from '../measure/load.ts'
import { measure, type Measured } from '../measure/measured-path.ts'
import { sellAtRate } from '../measure/open-loop.ts'
import { slowestMsMax, warmUp } from '../measure/plan.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { quantileBetween, readHistogram } from '../../till/metric.ts'
import { startWholePath } from '../measure/whole-path.ts'

type AtRate = Measured & { readonly share: number; readonly perSecond: number }

export type RateFigures = {
  /** Throughput of the closed loop with the largest number of connections. */
  readonly maximumPerSecond: number
  readonly maximum: Measured
  /** At the maximum: time from a block's append to all projections showing it. */
  readonly projectionLagP99Ms: number | null
  readonly rates: readonly AtRate[]
  readonly half: {
    readonly perSecond: number
    readonly p50Ms: number
    readonly p99Ms: number
    readonly p999Ms: number
    readonly maxMs: number
    /** Nothing took longer than two seconds, and everything was sold. */
    readonly isSteady: boolean
  }
}

const maximumConnections = 512

/** Requests at fixed times at shares of the maximum, whatever the answers: latency as a queue of customers feels it. */
export const sweepRates = async ({ servers, plan, log }: Bench): Promise<Outcome<RateFigures>> => {
  const whole = await startWholePath(servers, { name: 'rates' })
  try {
    await sellFor(whole.target, warmUp)
    await whole.settle()
    const closed = { connections: maximumConnections, seconds: plan.rateSeconds }
    const lag = () => readHistogram(whole.stack.urls.ledger, 'ledger_projection_lag_seconds')
    const before = await lag()
    let after = before
    const maximum = await measure(whole, async (target) => {
      const result = await sellFor(target, closed)
      after = await lag()
      return result
    })
    const lagSeconds = quantileBetween(before, after, 0.99)
    const projectionLagP99Ms = lagSeconds === null ? null : Math.round(lagSeconds * 1_000)
    const maximumPerSecond = Math.round(maximum.salesPerSecond)
    log(
      `  maximum ${maximumPerSecond} sales/s, lag of the projections p99 ${projectionLagP99Ms} ms`,
    )
    const rates: AtRate[] = []
    for (const share of plan.rateShares) {
      const perSecond = Math.max(1, Math.round(maximumPerSecond * share))
      const rate = { perSecond, seconds: plan.rateSeconds }
      const result = await measure(whole, (target) => sellAtRate(target, rate))
      rates.push({ share, perSecond, ...result })
      const { p50, p99, p999, max } = result.latencyMs
      log(`  ${perSecond}/s  p50 ${p50}  p99 ${p99}  p99.9 ${p999}  max ${max} ms`)
    }
    const half = rates.find(({ share }) => share === 0.5)
    if (half === undefined) throw new Error('half of the maximum was not measured')
    const { latencyMs } = half
    const figures: RateFigures = {
      maximumPerSecond,
      maximum,
      projectionLagP99Ms,
      rates,
      half: {
        perSecond: half.perSecond,
        p50Ms: latencyMs.p50,
        p99Ms: latencyMs.p99,
        p999Ms: latencyMs.p999,
        maxMs: latencyMs.max,
        isSteady:
          latencyMs.max <= slowestMsMax &&
          half.errors === 0 &&
          Object.keys(half.other).length === 0,
      },
    }
    return { figures, verified: { whole: await whole.verify() } }
  } finally {
    await whole.stop()
  }
}
