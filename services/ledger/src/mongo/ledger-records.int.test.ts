import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { readRecords } from './ledger-records.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterEach(() => database.empty())
afterAll(() => database.drop())

/** Together more than the server puts into one reply. */
const large = 'x'.repeat(1_000_000)
const count = 40

describe('the records of a ledger', () => {
  it('are read to their end where they do not fit into one reply', async () => {
    const { journal } = database.collections
    for (let seq = 1; seq <= count; seq += 1) {
      await journal.insertOne({ _id: `entry ${seq}`, p: 0, seq, operation: large } as never)
    }
    const seqs: number[] = []
    for await (const entries of readRecords(database.collections).live.entries(0, 0, count)) {
      seqs.push(...entries.map(({ seq }) => seq))
    }
    expect(seqs).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  })

  it('are found by their ids where they do not fit into one reply', async () => {
    const { topups } = database.collections
    const ids = Array.from({ length: count }, (_, index) => `sale ${index}`)
    for (const [index, _id] of ids.entries()) {
      await topups.insertOne({ _id, p: 0, merchant: 'm', number: index, slug: large } as never)
    }
    const { live } = readRecords(database.collections)
    const asTopups = ids.map((id) => ({
      id,
      attempts: [],
      cases: [],
      bundle: null,
      actor: {},
      amount: 1,
    }))
    const found = await live.differences(0, {
      topups: asTopups.map((topup) => ({ ...topup, carrierAmount: 1 })) as never,
    })
    expect(found).toHaveLength(count)
    expect(found.every(({ fields }) => fields.has('slug'))).toBe(true)
  })
})
