import { notSoldOf, sellAtRate, sellOnConnections } from '../runner/load.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { measure, type Measured } from '../runner/usage.ts'
import { quantileBetween, readHistogram } from '../till/metric.ts'
import { slowestMsMax } from './plan.ts'
import { warm } from './rounds.ts'
import type { Bench } from './scenario.ts'
import { startWholePath } from './whole-path.ts'

type AtRate = Measured & { readonly share: number; readonly perSecond: number }

const maximumConnections = 512

/** Requests at fixed times at shares of the maximum, whatever the answers: latency as a queue of customers feels it. */
export const sweepRates = ({ servers, plan }: Bench) =>
  runScenario({
    stack: () => startWholePath(servers, { name: 'rates' }),
    load: async (whole) => {
      await warm(whole)
      const { target, system } = whole
      const { rateSeconds: seconds } = plan
      const lag = () => readHistogram(system.urls.ledger, 'ledger_projection_lag_seconds')
      const before = await lag()
      let after = before
      const maximum = await measure(whole, async () => {
        const closed = { connections: maximumConnections, seconds }
        const result = await sellOnConnections(target, closed)
        after = await lag()
        return result
      })
      const lagSeconds = quantileBetween(before, after, 0.99)
      /** At the maximum: time from a block's append to all projections showing it. */
      const projectionLagP99Ms = lagSeconds === null ? null : Math.round(lagSeconds * 1_000)
      const maximumPerSecond = Math.round(maximum.salesPerSecond)
      say(`  maximum ${maximumPerSecond} sales/s, projections lag p99 ${projectionLagP99Ms} ms`)
      const rates: AtRate[] = []
      for (const share of plan.rateShares) {
        const perSecond = Math.max(1, Math.round(maximumPerSecond * share))
        const result = await measure(whole, () => sellAtRate(target, { perSecond, seconds }))
        rates.push({ share, perSecond, ...result })
        const { p50, p99, p999, max } = result.latencyMs
        say(
          `  ${perSecond}/s  p50 ${p50}  p99 ${p99}  p99.9 ${p999}  max ${max} ms  not sold ${notSoldOf(result)}`,
        )
      }
      return { maximumPerSecond, maximum, projectionLagP99Ms, rates, half: halfOf(rates) }
    },
    judge: async (figures, whole) => ({
      figures,
      ledgers: { whole: await whole.verify() },
    }),
    report: ({ half }) => {
      const sold = half.isSteady ? 'every request was a sale' : 'NOT every request was a sale'
      say(`  at half of the maximum ${sold} within ${slowestMsMax} ms`)
    },
  })

const halfOf = (rates: readonly AtRate[]) => {
  const half = rates.find(({ share }) => share === 0.5)
  if (half === undefined) throw new Error('half of the maximum was not measured')
  const { perSecond, latencyMs } = half
  return {
    perSecond,
    p50Ms: latencyMs.p50,
    p99Ms: latencyMs.p99,
    p999Ms: latencyMs.p999,
    maxMs: latencyMs.max,
    /** Nothing took longer than two seconds, and everything was sold. */
    isSteady: latencyMs.max <= slowestMsMax && notSoldOf(half) === 0,
  }
}
