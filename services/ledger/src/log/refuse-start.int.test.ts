import { afterAll, beforeAll, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { ensureModels, openModels, type LedgerModels } from '../mongo/models.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { birthBlock } from './block.ts'
import { blocksCollection } from './block-store.ts'
import { readAtStart, startRefusal } from './refuse-start.ts'

let database: LogDatabase
let connection: mongoose.Connection
let models: LedgerModels
beforeAll(async () => {
  database = await logDatabase()
  connection = await mongoose.createConnection(database.uri).asPromise()
  models = openModels(connection)
  await ensureModels(models)
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const refusal = async () => startRefusal(await readAtStart(database.db, models, database.store))
const birth = { id: 'a-birth', namespace: 'a-namespace', partitions: 16, at: 1 }

test('a ledger whose blocks are lost is refused for each kind of document that they would explain', async () => {
  expect(await refusal()).toBeNull()
  const documents = [
    ['case_closings', 'reconciliations', 'quarantine', 'quarantine_actions', 'leases', 'selling'],
    ['projection_positions'],
  ].flat()
  for (const name of documents) {
    const collection = database.db.collection(name)
    await collection.insertOne({ _id: 'x' as never })
    expect(await refusal()).toContain(`the ledger has no blocks, while ${name} hold documents`)
    await collection.deleteMany({})
  }
  expect(await refusal()).toBeNull()
})

test('a restore that was cut off is named as such, before and after its first block', async () => {
  const selling = database.db.collection<{ _id: string }>('selling')
  await selling.insertOne({ _id: 'selling', open: false, unfinished: true } as never)
  const sentence = 'a restore of this database was not finished: run it again'
  expect(await refusal()).toBe(sentence)
  await database.store.insert([birthBlock(0, birth)])
  expect(await refusal()).toBe(sentence)
  await selling.updateOne({ _id: 'selling' }, { $unset: { unfinished: '' } })
  expect(await refusal()).toBeNull()
})

test('blocks of two ledgers, and collections of an earlier one, are refused and left as they are', async () => {
  await database.store.insert([birthBlock(5, { ...birth, id: 'another' })])
  expect(await refusal()).toContain('partition 5 (birth another)')
  await database.db.createCollection('topups')
  expect(await refusal()).toContain('made by an earlier version')
  expect(await database.db.collection(blocksCollection).countDocuments()).toBe(2)
})
