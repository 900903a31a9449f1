import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { money } from '@recargas/contracts'
import type { Operation } from '../domain/operation.ts'
import {
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  someLimits,
  start,
} from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testWriter } from '../testing/test-writer.ts'
import { verifyLedger } from '../verify/verify-ledger.ts'
import { readRecords } from './ledger-records.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
}, 60_000)
afterAll(() => database.drop())

const hourMs = 3_600_000
let cents = 100
/** To one number, each of another amount. */
const aSale = (at = start) => {
  cents += 1
  const requestedAt = new Date(at).toISOString()
  return aTopup({ number: '79999999', amount: money(cents), requestedAt })
}
const answerTo = async (sale: Operation): Promise<string> => {
  const entry = await database.collections.journal.findOne({ _id: idOf(sale) })
  const outcome = JSON.parse(entry?.outcome ?? '{}') as { kind?: string; code?: string }
  return outcome.code ?? outcome.kind ?? 'none'
}

it('counts the day again at a takeover, whoever sold and under whatever limits, and the proof agrees', async () => {
  const unlimited = testWriter(database, { isNeverLate: true })
  const [sold, released, corrected] = [aSale(), aSale(), aSale()]
  await unlimited.submitAll([...anOpenShopOperations(), sold, released, corrected])
  await unlimited.submitAll([
    aVerdict(idOf(sold), 'authorized'),
    aVerdict(idOf(released), 'rejected'),
    aVerdict(idOf(corrected), 'rejected'),
  ])
  await unlimited.submit(aVerdict(idOf(corrected), 'authorized'))

  const limited = (count: number) =>
    testWriter(database, {
      isNeverLate: true,
      limits: someLimits({ number: { count, amount: 0 } }),
    })
  const second = limited(2)
  const [allowed, tooMany] = [aSale(), aSale()]
  await second.submitAll([allowed, tooMany])
  expect(await answerTo(allowed)).toBe('topup')
  expect(await answerTo(tooMany)).toBe('LIMIT_REACHED')

  // In La Paz it is still the same day; a clock that is behind the head's changes nothing.
  const third = limited(3)
  const late = start + 17 * hourMs
  third.setTime(late)
  const [stillAllowed, stillTooMany] = [aSale(late), aSale(late)]
  const tomorrow = aSale(start + 20 * hourMs)
  await third.submitAll([stillAllowed, stillTooMany])
  third.setTime(start)
  third.resubscribe()
  const behind = aSale()
  await third.submit(behind)
  third.setTime(start + 20 * hourMs)
  await third.submit(tomorrow)
  expect(await answerTo(stillAllowed)).toBe('topup')
  expect(await answerTo(stillTooMany)).toBe('LIMIT_REACHED')
  expect(await answerTo(behind)).toBe('LIMIT_REACHED')
  expect(await answerTo(tomorrow)).toBe('topup')

  expect((await verifyLedger(readRecords(database.collections))).findings).toEqual([])
}, 60_000)
