import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { openLedgerDatabase } from './collections.ts'
import { currentLayout } from './layout.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const open = () => openLedgerDatabase(database.uri, { connectTimeoutMs: 5_000, poolSize: 4 })

test('a ledger whose balances lie in collections of their own is refused, and left as it is', async () => {
  const { connection } = database
  await connection.collection('state').drop()
  await connection.collection<{ _id: number }>('partitions').insertOne({ _id: 3 })
  await expect(open()).rejects.toThrow('made by an earlier version')
  const found = await connection.db?.listCollections({ name: 'state' }).toArray()
  expect(found).toEqual([])

  await connection.collection('partitions').drop()
  await (await open()).close()
})

test.each([
  ['earlier', { $unset: { layout: '' } } as const],
  ['earlier', { $set: { layout: currentLayout - 1 } } as const],
  ['later', { $set: { layout: currentLayout + 1 } } as const],
])('a ledger whose data were written by an %s version is refused (%j)', async (which, change) => {
  const identity = database.connection.collection<{ _id: string }>('identity')
  await identity.updateOne({ _id: 'ledger' }, change)
  await expect(open()).rejects.toThrow(
    `made by ${which === 'later' ? 'a later' : 'an earlier'} version`,
  )

  await identity.updateOne({ _id: 'ledger' }, { $set: { layout: currentLayout } })
  await (await open()).close()
})
