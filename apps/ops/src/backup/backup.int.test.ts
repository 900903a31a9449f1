import { blocksDatabaseOf } from '@recargas/contracts'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { addressAs, ensureDatabaseUsers } from '@recargas/stack/database-users'
import { databaseOf } from '@recargas/stack/stack-access'
import { passwordsBy } from '@recargas/stack/users'
import { databaseNames, fileOf, readBackup, type DatabaseName } from './manifest.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const { MongoClient } = mongoose.mongo
const server = process.env['TEST_MONGODB_URI'] ?? ''
// In containers MongoDB has the users, and takes connections without a password.
const enforcing = process.env['TEST_BACKEND'] === 'docker' ? test.skip : test

const suffix = `_backup_${randomBytes(4).toString('hex')}`
const names = { ledger: `ledger${suffix}`, adapter: `adapter${suffix}` }
const allNames: Readonly<Record<DatabaseName, string>> = {
  ...names,
  blocks: blocksDatabaseOf(names.ledger),
}
const uris = {
  ledger: databaseOf(server, names.ledger),
  adapter: databaseOf(server, names.adapter),
}
const passwords = passwordsBy((name) => `${name} of before`).database
let administrator: mongoose.mongo.MongoClient
const clients: mongoose.mongo.MongoClient[] = []
let folder: string

beforeAll(async () => {
  administrator = new MongoClient(server)
  clients.push(administrator)
  folder = await mkdtemp(join(tmpdir(), 'recargas-backup-'))
})
const dropAll = async () => {
  for (const name of Object.values(allNames)) {
    await administrator.db(name).command({ dropAllUsersFromDatabase: 1 })
    await administrator.db(name).command({ dropAllRolesFromDatabase: 1 })
    await administrator.db(name).dropDatabase()
  }
}
beforeEach(dropAll)
afterAll(async () => {
  await dropAll()
  await Promise.all(clients.map((client) => client.close()))
  await rm(folder, { recursive: true, force: true })
})

const restore = async (path: string) =>
  restoreBackup({
    folder: path,
    manifest: await readBackup(path),
    uris,
    replace: true,
    newPasswords: (users) => users.map(({ name }) => `new one of the ${name}`),
    verify: () => Promise.resolve(0),
    emptyBroker: () => Promise.resolve(),
    now: () => new Date(),
  })

const blockAt = (n: number) => ({ _id: { p: 3, n } })

enforcing(
  'a ledger of before a restore, connected or not, appends nothing after it; its successor does',
  async () => {
    await ensureDatabaseUsers(server, names, passwords)
    const blocksOf = (password: string) => {
      const user = { name: 'ledger', password, knownTo: names.ledger }
      const client = new MongoClient(addressAs(server, names.ledger, user))
      clients.push(client)
      return client.db(allNames.blocks).collection<{ _id: object }>('blocks')
    }
    const old = blocksOf(passwords.ledger)
    await old.insertOne(blockAt(0))
    const books = administrator.db(names.ledger)
    await books.collection('case_closings').insertOne({ by: 'Ana Rojas' })
    for (const projection of ['sales', 'sales_g2', 'projection_positions']) {
      await books.collection(projection).insertOne({ position: 0 })
    }
    const path = join(folder, 'kept')
    await writeBackup(path, uris, 'test')
    await old.insertOne(blockAt(1))

    const { users, documents } = await restore(path)
    expect(documents).toBe(2)
    const held = await books.listCollections({}, { nameOnly: true }).toArray()
    expect(held.map(({ name }) => name).sort()).toEqual(['case_closings', 'selling'])
    expect(users).toEqual({
      users: [`ledger@${names.ledger}`, `adapter@${names.adapter}`],
      isAccessControlled: true,
    })
    // The connection was authenticated before the restore.
    const refused = { codeName: 'Unauthorized' }
    await expect(old.insertOne(blockAt(1))).rejects.toMatchObject(refused)
    await expect(old.findOne()).rejects.toMatchObject(refused)
    const again = blocksOf(passwords.ledger)
    await expect(again.insertOne(blockAt(1))).rejects.toThrow('Authentication failed')

    const successor = blocksOf('new one of the ledger')
    expect(await successor.find().toArray()).toEqual([blockAt(0)])
    await successor.insertOne(blockAt(1))
    await expect(successor.deleteMany({})).rejects.toMatchObject(refused)
    // Cut off, a restore is run again.
    expect((await restore(path)).users).toEqual(users)
  },
)

/** The highest number that a backup's files of one database hold. */
const highestIn = (path: string, database: DatabaseName, collection: string): number => {
  const bytes = readFileSync(fileOf(path, database, collection))
  let highest = 0
  for (let at = 0; at < bytes.byteLength; at += bytes.readInt32LE(at)) {
    const document = mongoose.mongo.BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at)))
    highest = Math.max(highest, (document as { at: number }).at)
  }
  return highest
}

test('a backup’s blocks hold all that its other files speak of, while all of them grow', async () => {
  const collections = { adapter: 'carrier_topups', ledger: 'reconciliations', blocks: 'blocks' }
  const write = async (at: number) => {
    // As the ledger and the adapter do: the block, a decision that follows from it, the call that follows from it.
    for (const database of ['blocks', 'ledger', 'adapter'] as const) {
      await administrator
        .db(allNames[database])
        .collection(collections[database])
        .insertOne({ at }, { writeConcern: { w: 'majority', journal: true } })
    }
  }
  await write(1)
  let isWriting = true
  let written = 1
  const writer = (async () => {
    while (isWriting) await write((written += 1))
  })()
  try {
    for (let round = 0; round < 3; round += 1) {
      const path = join(folder, `round-${round}`)
      await writeBackup(path, uris, 'test')
      const [adapter = 0, ledger = 0, blocks = 0] = databaseNames.map((name) =>
        highestIn(path, name, collections[name]),
      )
      expect(ledger).toBeGreaterThanOrEqual(adapter)
      expect(blocks).toBeGreaterThanOrEqual(ledger)
      expect(blocks).toBeLessThanOrEqual(written)
    }
  } finally {
    isWriting = false
    await writer
  }
})
