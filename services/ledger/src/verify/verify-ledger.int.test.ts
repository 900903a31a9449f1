import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import { openDump } from '../mongo/dump-records.ts'
import { openLedgerRecords, readRecords } from '../mongo/ledger-records.ts'
import { writeDump } from '../mongo/write-dump.ts'
import { aTopup, aVerdict, idOf, start } from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { testPartition, testWriter } from '../testing/test-writer.ts'
import { checkpointMismatch, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { Replay } from './replay-state.ts'
import { verifyLedger, type VerifyOptions } from './verify-ledger.ts'

let database: FreshDatabase
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
})
afterEach(() => database.empty())
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const prove = (options?: VerifyOptions) => verifyLedger(readRecords(database.collections), options)
const theRest = () => [aTopup({ number: '72222222', sessionId: 3 })]

describe('the proof of a ledger', () => {
  it.each([1, 7, 400])(
    'finds nothing in a history of every kind of operation, written in batches of %s by several owners',
    async (batchSizeMax) => {
      const writer = testWriter(database, { batchSizeMax })
      await writeHistory(writer, aLedgerHistory())
      const kinds = await database.collections.journal.distinct('kind')
      expect(kinds.sort()).toEqual([
        'case',
        'change-caja',
        'close-session',
        'commit',
        'correct',
        'create-caja',
        'decide',
        'inject',
        'move-drawer',
        'open-session',
        'refuse',
        'release',
        'reserve',
        'review',
      ])
      const proof = await prove()
      expect(proof.findings).toEqual([])
      expect(proof.entries).toBe(await database.collections.journal.countDocuments())
    },
  )

  it('finds nothing after a restart under a longer duplicate window, which reads older guards again', async () => {
    const sale = aTopup({ number: '73333333' })
    const again = aTopup({ number: '73333333', confirmDuplicate: true })
    const suspect = aTopup({ number: '73333333' })
    const [opening = []] = aLedgerHistory()
    const before = testWriter(database, { duplicateWindowMs: 1_000 })
    before.setTime(start - 290_000)
    await before.submitAll([...opening, sale])
    before.setTime(start - 150_000)
    await before.submit(again)
    await before.submit(aVerdict(idOf(again), 'rejected'))
    const after = testWriter(database, { duplicateWindowMs: 300_000 })
    after.setTime(start)
    await after.submit(suspect)

    const journalled = await database.collections.journal.findOne({ _id: idOf(suspect) })
    expect(journalled?.outcome).toContain('DUPLICATE_SUSPECTED')
    expect((await prove()).findings).toEqual([])
  })

  it('proves a ledger that is written meanwhile', async () => {
    const writer = testWriter(database)
    await writeHistory(writer, aLedgerHistory())
    const stop = new AbortController()
    let sales = 0
    const selling = (async () => {
      while (!stop.signal.aborted) {
        sales += 1
        const sale = aTopup({ number: String(74_000_000 + sales), sessionId: 3 })
        await writer.submit(sale)
        await writer.submit(aVerdict(idOf(sale), sales % 2 === 0 ? 'authorized' : 'rejected'))
      }
    })()
    const proofs = [await prove(), await prove(), await prove()]
    stop.abort()
    await selling
    expect(proofs.flatMap(({ findings }) => findings)).toEqual([])
    expect(new Set(proofs.map(({ entries }) => entries)).size).toBe(3)
  })

  it('writes nothing: no collection, no index, no document', async () => {
    const client = database.connection.getClient()
    const foreign = client.db(`${database.connection.name}_foreign`)
    await foreign.collection<{ _id: string }>('people').insertOne({ _id: 'ana' })
    const opened = await openLedgerRecords(
      database.uri.replace(/\/([^/?]+)(\?|$)/, '/$1_foreign$2'),
      5_000,
    )
    try {
      await expect(verifyLedger(opened.records)).rejects.toThrow('holds no ledger: it has people')
      const collections = await foreign.listCollections().toArray()
      expect(collections.map(({ name }) => name)).toEqual(['people'])
    } finally {
      await opened.close()
      await foreign.dropDatabase()
    }
  })
})

describe('a checkpoint', () => {
  const proven = async (file: string) => {
    let replays: readonly Replay[] = []
    const proof = await prove({ onProven: (last) => (replays = last) })
    const { name } = await readRecords(database.collections).identity()
    writeCheckpoint(file, { database: name, replays })
    return proof
  }

  it('lets a later run go on from where the last one ended, with the same result', async () => {
    const file = join(folder, 'later.json')
    const steps = aLedgerHistory()
    const writer = testWriter(database)
    await writeHistory(writer, steps.slice(0, 9))
    const first = await proven(file)
    await writeHistory(writer, steps.slice(9))

    const checkpoint = readCheckpoint(file)
    if (checkpoint === null) throw new Error('no checkpoint')
    expect(await checkpointMismatch(checkpoint, readRecords(database.collections))).toBeNull()
    const read: number[] = []
    const resumed = await prove({
      replays: checkpoint.replays,
      onProgress: (replays) => read.push(replays[testPartition]?.entries ?? 0),
    })
    const whole = await prove()
    expect(resumed.findings).toEqual([])
    expect({ ...resumed, seconds: 0, linesPerSecond: 0 }).toEqual({
      ...whole,
      seconds: 0,
      linesPerSecond: 0,
    })
    expect(Math.min(...read)).toBeGreaterThanOrEqual(first.entries)
  })

  it('still tells what an earlier run found in the part that is not read again', async () => {
    const file = join(folder, 'found.json')
    const writer = testWriter(database)
    await writeHistory(writer, aLedgerHistory())
    await database.collections.journal.updateOne({ seq: 5 }, { $set: { fingerprint: 'other' } })
    expect((await proven(file)).found).toBe(1)
    const replays = readCheckpoint(file)?.replays ?? []
    expect((await prove({ replays })).findings).toMatchObject([{ code: 'CHAIN' }])
  })

  it('is refused where the journal is another one', async () => {
    const file = join(folder, 'other.json')
    await writeHistory(testWriter(database), aLedgerHistory())
    await proven(file)
    const checkpoint = readCheckpoint(file)
    if (checkpoint === null) throw new Error('no checkpoint')
    await database.empty()
    await writeHistory(testWriter(database), [...aLedgerHistory(), theRest()])
    expect(await checkpointMismatch(checkpoint, readRecords(database.collections))).toMatch(
      `partition ${testPartition} has another entry`,
    )
  })

  it('is refused where it is damaged', async () => {
    const file = join(folder, 'damaged.json')
    await writeHistory(testWriter(database), aLedgerHistory())
    await proven(file)
    writeFileSync(file, readFileSync(file, 'utf8').replace('"commits":', '"commits":1'))
    expect(() => readCheckpoint(file)).toThrow('damaged')
    writeFileSync(file, 'hello')
    expect(() => readCheckpoint(file)).toThrow('no checkpoint')
    expect(readCheckpoint(join(folder, 'none.json'))).toBeNull()
  })
})

describe('a dump', () => {
  const dumped = async (name: string) => {
    const path = join(folder, name)
    const { db } = database.connection
    if (db === undefined) throw new Error('not connected')
    await writeDump(db, path)
    return path
  }
  const proveDump = async (path: string) => {
    const opened = await openDump(path)
    return verifyLedger(opened.records).finally(opened.close)
  }

  it('is proven without a database, as the database is', async () => {
    await writeHistory(testWriter(database), aLedgerHistory())
    const fromDatabase = await prove()
    const path = await dumped('whole')
    expect({ ...(await proveDump(path)), seconds: 0, linesPerSecond: 0 }).toEqual({
      ...fromDatabase,
      seconds: 0,
      linesPerSecond: 0,
    })
  })

  it('is proven whatever the order of its documents', async () => {
    await writeHistory(testWriter(database), aLedgerHistory())
    const path = await dumped('reordered')
    const file = join(path, 'journal.bson')
    const bytes = readFileSync(file)
    const documents: Buffer[] = []
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at)) {
      documents.push(bytes.subarray(at, at + bytes.readInt32LE(at)))
    }
    writeFileSync(file, Buffer.concat(documents.reverse()))
    expect((await proveDump(path)).findings).toEqual([])
  })

  it('shows a changed byte of a balance', async () => {
    await writeHistory(testWriter(database), aLedgerHistory())
    const path = await dumped('changed')
    const file = join(path, 'state.bson')
    const bytes = readFileSync(file)
    const at = bytes.indexOf('posted') + 'posted'.length + 1
    bytes.writeInt32LE(bytes.readInt32LE(at) + 1, at)
    writeFileSync(file, bytes)
    expect((await proveDump(path)).findings).toMatchObject([{ code: 'ACCOUNT' }])
  })

  it('shows a document of no kind among the balances', async () => {
    await writeHistory(testWriter(database), aLedgerHistory())
    const path = await dumped('stray')
    appendFileSync(
      join(path, 'state.bson'),
      mongoose.mongo.BSON.serialize({ _id: 'nothing', p: testPartition }),
    )
    expect((await proveDump(path)).findings).toEqual([
      expect.objectContaining({ detail: expect.stringContaining('of no kind that state holds') }),
    ])
  })

  it('that is cut off, or is none, is refused with the reason', async () => {
    await writeHistory(testWriter(database), aLedgerHistory())
    const path = await dumped('cut')
    const file = join(path, 'journal.bson')
    writeFileSync(file, readFileSync(file).subarray(0, -7))
    await expect(proveDump(path)).rejects.toThrow('cut off')
    writeFileSync(file, 'not bson at all')
    await expect(proveDump(path)).rejects.toThrow('no BSON document')
    await expect(proveDump(join(folder, 'nowhere'))).rejects.toThrow('does not exist')
    rmSync(file)
    await expect(proveDump(path)).rejects.toThrow('no dump of a ledger')
  })
})
