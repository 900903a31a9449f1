import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { anInjection, anOpenShopOperations, aTopup } from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testPartition, testWriter } from '../testing/test-writer.ts'
import type { LedgerDatabase } from './collections.ts'
import { headId } from './documents.ts'
import { headsIn } from './state.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
}, 60_000)
afterAll(() => database.drop())

/** The figure a shop is promised: its partition is served again within this. */
const servedAgainMsMax = 10_000

/** An owner that stops for good in mid-transaction: its head is written and its journal never is. */
const stoppedInTransaction = (): { database: LedgerDatabase; reached: Promise<void> } => {
  let reach: () => void = () => undefined
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const { journal } = database.collections
  const stopping = new Proxy(journal, {
    get: (target, name) =>
      name === 'insertMany'
        ? () => {
            reach()
            return new Promise(() => undefined)
          }
        : (Reflect.get(target, name) as unknown),
  })
  return {
    database: { ...database, collections: { ...database.collections, journal: stopping } },
    reached,
  }
}

describe('a takeover', () => {
  it('does not wait for the transaction that a dead owner left open', async () => {
    const founder = testWriter(database)
    await founder.submitAll(anOpenShopOperations())
    const dead = stoppedInTransaction()
    void testWriter(dead.database).submit(aTopup())
    await dead.reached

    const startedAt = performance.now()
    const successor = testWriter(database)
    expect(await successor.submit(anInjection({ keyed: true }))).toEqual({ kind: 'done' })
    expect(performance.now() - startedAt).toBeLessThan(servedAgainMsMax)
    const head = await headsIn(database.collections).findOne({ _id: headId(testPartition) })
    expect(head).toMatchObject({ epoch: 3, seq: 4 })
  }, 90_000)
})
