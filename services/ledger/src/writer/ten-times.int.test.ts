import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { money } from '@recargas/contracts'
import type { Operation } from '../domain/operation.ts'
import { readRecords } from '../mongo/ledger-records.ts'
import { accountsIn } from '../mongo/state.ts'
import {
  aDecision,
  aMovement,
  anInjection,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
} from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testPartition, testWriter } from '../testing/test-writer.ts'
import { verifyLedger } from '../verify/verify-ledger.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

/** Evenly from 0 to 1, the same in every run. */
const seeded = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] => {
  const order = items.map((item) => ({ item, at: random() }))
  return order.sort((one, other) => one.at - other.at).map(({ item }) => item)
}

/** Two hundred sales of every end with their verdicts, refused ones, and cash and float in between. */
const messages = (): readonly Operation[] => {
  const ends = [
    'authorized',
    'rejected',
    'not-sent',
    'invalid',
    'misconfigured',
    'unresolved',
    'none',
  ] as const
  const sales = Array.from({ length: 200 }, (_, index) => {
    const sale = aTopup({
      number: String(70_000_000 + index),
      amount: money(10),
      carrierAmount: 10,
      // Every tenth of a session that does not exist.
      sessionId: index % 10 === 9 ? 9 : 1,
    })
    const end = ends[index % ends.length] ?? 'none'
    if (index % 10 === 9 || end === 'none') return [sale]
    return [sale, aVerdict(idOf(sale), end)]
  })
  const others = Array.from({ length: 10 }, (_, index) => [
    aMovement({ amount: money(100 + index) }),
    anInjection({ amount: money(200 + index), keyed: true }),
    aDecision(idOf(aTopup()), 'rejected'),
  ])
  return [...sales, ...others].flat()
}

/** What an entry did, without its place: balances after it and sequences belong to the order. */
const canonical = async (): Promise<readonly string[]> => {
  const entries = await database.collections.journal.find({ p: testPartition }).toArray()
  return entries
    .map(({ _id, kind, lines, outcome }) => {
      const moves = lines.map(({ account, posted, reserved, incoming }) =>
        [account, posted, reserved, incoming].join(' '),
      )
      return [_id, kind, ...moves.sort(), placeless(outcome)].join(', ')
    })
    .sort()
}

const placeless = (outcome: string): string => {
  const { kind, code, state } = JSON.parse(outcome) as Readonly<Record<string, unknown>>
  return [kind, code, state].map(String).join(' ')
}

it('makes of every message delivered ten times in random order the journal of a single delivery', async () => {
  const shop = anOpenShopOperations()
  const all = messages()
  const once = testWriter(database)
  await once.submitAll(shop)
  await once.submitAll(all)
  await once.stop()
  const expected = await canonical()
  const accounts = await balances()
  await database.empty()

  for (const seed of [1, 2, 3]) {
    const random = seeded(seed)
    const often = testWriter(database)
    await often.submitAll(shop)
    let waiting = shuffled(Array.from({ length: 10 }, () => all).flat(), random)
    // A verdict that comes before its sale is nobody's yet: it comes again later, as the retry ladder brings it.
    while (waiting.length > 0) {
      const fates = await often.submitAll(waiting)
      expect(fates.filter(({ kind }) => kind !== 'done' && kind !== 'unknown-topup')).toEqual([])
      const early = waiting.filter((_, index) => fates[index]?.kind === 'unknown-topup')
      expect(early.length).toBeLessThan(waiting.length)
      waiting = shuffled(early, random)
    }
    await often.stop()
    expect(await canonical()).toEqual(expected)
    expect(await balances()).toEqual(accounts)
    expect((await verifyLedger(readRecords(database.collections))).findings).toEqual([])
    await database.empty()
  }
}, 120_000)

const balances = async () => {
  const accounts = await accountsIn(database.collections)
    .find({ is: 'account' })
    .sort({ _id: 1 })
    .toArray()
  return accounts.map(({ _id, posted, reserved, incoming }) => [_id, posted, reserved, incoming])
}
