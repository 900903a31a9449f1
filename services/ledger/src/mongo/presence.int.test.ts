import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { createPresence } from './presence.ts'
import { createReconciliationStore } from './reconciliations.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('instances hear of one another while they are there, and of nothing else that is leased', async () => {
  const [first, second, third] = [1, 2, 3].map(() => {
    const presence = createPresence(database)
    return {
      ...presence,
      say: async (...words: Parameters<typeof presence.say>) =>
        [...(await presence.say(...words))].sort((a, b) => b - a),
    }
  })
  await createReconciliationStore(database).lease(1_000, 9_000)
  expect(await first?.say(16, 1_000, 3_000)).toEqual([])
  expect(await second?.say(0, 1_000, 3_000)).toEqual([16])
  expect(await third?.say(2, 1_000, 2_000)).toEqual([16, 0])
  expect(await first?.say(5, 1_000, 3_000)).toEqual([2, 0])

  // One that has said nothing for too long is gone, and so is one that took its leave.
  expect(await first?.say(5, 2_500, 4_000)).toEqual([0])
  await second?.leave()
  expect(await first?.say(5, 2_500, 4_000)).toEqual([])
  expect(await database.models.leases.countDocuments({ _id: 'reconcile' })).toBe(1)
})
