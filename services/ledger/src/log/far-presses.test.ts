import { expect, test } from '@jest/globals'
import { anOpenShopOperations, aTopup, policy, start } from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog } from '../testing/simulated-log.ts'
import { warnOfFarPresses } from './far-presses.ts'

const window = { acceptWindowMs: 10_000, clockSkewMs: 2_000 }

const aLedger = () => {
  const ledger = simulatedLog({ policy, ...window })
  const owner = ledger.takeOver(start)
  ledger.write(
    owner,
    anOpenShopOperations().map((each) => inboundFor(each)),
    start,
    'whole',
  )
  const warnings: unknown[] = []
  let now = start
  let isClockTrusted = true
  const look = warnOfFarPresses({
    ...window,
    isClockTrusted: () => isClockTrusted,
    now: () => now,
    log: { warn: (_, fields) => void warnings.push(fields) },
  })
  return {
    warnings,
    distrustClock: () => (isClockTrusted = false),
    /** Builds a press at `at` whose `acceptUntil` lies `aheadMs` ahead. */
    press: (at: number, aheadMs: number) => {
      now = start + at
      const inbound = { ...inboundFor(aTopup({ keyed: true })), acceptUntil: now + aheadMs }
      look(ledger.build(owner, [inbound], now))
    },
  }
}

test('a press that lies further ahead than window and skew is warned of, naming both', () => {
  const { warnings, press } = aLedger()
  press(0, 12_000)
  expect(warnings).toEqual([])
  press(0, 20_000)
  expect(warnings).toMatchObject([
    { aheadMs: 20_000, ACCEPT_UNTIL_MS: 10_000, CLOCK_SKEW_MS: 2_000 },
  ])
})

test('a minute has one such warning', () => {
  const { warnings, press } = aLedger()
  for (const at of [0, 1_000, 59_999]) press(at, 20_000)
  expect(warnings).toHaveLength(1)
  press(60_000, 20_000)
  expect(warnings).toHaveLength(2)
})

test('presses that come late are not warned of, nor any that a clock refuses which is not trusted', () => {
  const { warnings, press, distrustClock } = aLedger()
  press(0, -1)
  distrustClock()
  press(0, 20_000)
  expect(warnings).toEqual([])
})
