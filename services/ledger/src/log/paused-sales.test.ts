import { expect, test } from '@jest/globals'
import type { GatewayRefusal } from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'
import {
  anOpenShopOperations,
  aMovement,
  aRefusedPress,
  aTopup,
  aVerdict,
  idOf,
  policy,
  start,
} from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog } from '../testing/simulated-log.ts'

/** A ledger with one sale, whose sales are frozen for the presses that follow. */
const aPausedLedger = () => {
  const ledger = simulatedLog({ policy, acceptWindowMs: 10_000, clockSkewMs: 2_000 })
  const owner = ledger.takeOver(start)
  const sold = aTopup()
  for (const operation of [...anOpenShopOperations(), sold, aVerdict(idOf(sold), 'authorized')]) {
    ledger.write(owner, [inboundFor(operation)], start, 'whole')
  }
  const take = (operation: Operation, changes: { isPaused: boolean; at?: number }) => {
    const { isPaused, at = start } = changes
    const built = ledger.build(owner, [{ ...inboundFor(operation), isPaused }], at)
    return {
      isWritten: built.block !== null,
      said: built.notifications.map(({ type, body }) => {
        const { data } = JSON.parse(body) as { data: { refusal?: GatewayRefusal } }
        return data.refusal === undefined ? type : `${type} ${data.refusal.code}`
      }),
    }
  }
  return { sold, take }
}
const pausedAnswer = { isWritten: false, said: ['FundsRefused.v1 SELLING_PAUSED'] }

test('a paused sale leaves no trace, and the same id is sold once sales are taken again', () => {
  const { take } = aPausedLedger()
  const sale = aTopup({ number: '70000001', keyed: true })
  expect(take(sale, { isPaused: true })).toEqual(pausedAnswer)
  expect(take(sale, { isPaused: false })).toEqual({ isWritten: true, said: [] })
})

test('a known sale is answered with its own end during a freeze', () => {
  const { sold, take } = aPausedLedger()
  expect(take(sold, { isPaused: true })).toEqual({ isWritten: false, said: ['TopupSettled.v1'] })
})

test.each([
  ['that its gateway refused', aRefusedPress({ operation: 'RequestTopup' }), 0],
  ['that nobody could sell', aTopup({ number: '70000001', sessionId: 99 }), 0],
  ['that came too late', aTopup({ number: '70000001' }), 60_000],
] as const)('a sale %s is not refused for good during a pause', (_, sale, lateMs) => {
  const { take } = aPausedLedger()
  const [answer] = take(sale, { isPaused: true, at: start + lateMs }).said
  expect(answer).toMatch(/Refused.v1 SELLING_PAUSED$/)
  expect(take(sale, { isPaused: true, at: start + lateMs }).isWritten).toBe(false)
  expect(take(sale, { isPaused: false, at: start + lateMs }).said).not.toContain(answer)
})

test('cash goes on during a pause', () => {
  const { take } = aPausedLedger()
  expect(take(aMovement(), { isPaused: false }).isWritten).toBe(true)
})
