import type { StackOptions } from '@recargas/stack/supervisor'
import { everyScenario, oneInFiveSilent, sellThrough, type Judgement } from './carrier.ts'
import { progress, type Figure } from './figure.ts'

/** Short times, so that a thousand schedules end within a minute. */
const hurried = {
  TPAGA_CONNECT_TIMEOUT_MS: '400',
  TPAGA_CALL_TIMEOUT_MS: '500',
  LEASE_MS: '2000',
  CLOCK_SKEW_MS: '200',
  TOPUP_REPEAT_SECONDS: '1,3,6,10,15',
  // A carrier that fails on purpose half of the time must not stop the sales that are measured.
  BREAKER_ERROR_PERCENT: '99',
  BREAKER_RESET_MS: '500',
}

const isGood = (judgement: Judgement, sales: number): boolean =>
  judgement.sales === sales &&
  judgement.unsettled + judgement.debitedTwice === 0 &&
  judgement.releasedWrongly + judgement.invented === 0 &&
  judgement.casesForNothing === 0 &&
  !judgement.overdrawn

export const carrierFigure = (env: NonNullable<StackOptions['env']>): Figure => ({
  what: 'sales over a carrier that hangs after its effect, and over one that answers at random',
  env: { ...env, adapter: { ...env.adapter, ...hurried } },
  measure: async ({ stack, options: { sales } }) => {
    const runs: Record<string, Judgement> = {}
    for (const [name, scenarios] of [
      ['one in five debited and silent', oneInFiveSilent],
      ['answers at random', await everyScenario(stack)],
    ] as const) {
      runs[name] = await sellThrough(stack, scenarios, sales, (sold) => {
        if (sold % 100 === 0) progress(`${name}: ${sold}/${sales}`)
      })
      process.stdout.write('\n')
      console.table(runs[name])
    }
    return { runs, isGood: Object.values(runs).every((run) => isGood(run, sales)) }
  },
})
