import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { blocksDatabaseOf, operationEntries } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { ensureProjections, projections } from '../projections/all.ts'
import { openRebuild } from '../rebuild/open-rebuild.ts'
import { rebuildProjections } from '../rebuild/rebuild-projections.ts'
import { aTopup, aVerdict, idOf, start } from '../testing/builders.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter } from '../testing/test-log-writer.ts'
import { testPartition } from '../testing/inbound-for.ts'
import { checkpointMismatch, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { openDump, writeDump } from './dump.ts'
import type { Replay } from './replay.ts'
import { openLogRecords, readLogRecords } from './stored-records.ts'
import { verifyLog, type VerifyOptions } from './verify-log.ts'
import { proveOnThreads } from './walk-on-threads.ts'

let database: LogDatabase
let folder: string
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
}, 60_000)
afterEach(() => database.empty())
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const records = () => readLogRecords({ blocks: database.db, ledger: database.db })
const prove = (options?: VerifyOptions) => verifyLog(records(), options)
const written = async (batchSizeMax = 400) => {
  const writer = testLogWriter(database, { batchSizeMax })
  await writeHistory(writer, aLedgerHistory())
  await writer.projectAll()
  await writer.stop()
  return writer
}

describe('the proof of a log', () => {
  it.each([1, 7, 400])(
    'finds nothing in a history of every kind of operation, written in blocks of %s by several owners',
    async (batchSizeMax) => {
      await written(batchSizeMax)
      const kinds = await database.db.collection('operations').distinct('kind')
      const steps = ['case', 'commit', 'correct', 'progress', 'refuse', 'release', 'review']
      expect(kinds.sort()).toEqual([...steps, ...operationEntries.keys()].sort())
      const proof = await prove()
      expect(proof.findings).toEqual([])
      expect(proof.entries).toBe(await database.db.collection('operations').countDocuments())
      expect(proof.expired).toBe(0)
    },
  )

  it('finds nothing after a takeover under a longer duplicate window, which reads older guards again', async () => {
    const sale = aTopup({ number: '73333333' })
    const again = aTopup({ number: '73333333', confirmDuplicate: true })
    const suspect = aTopup({ number: '73333333' })
    const [opening = []] = aLedgerHistory()
    const before = testLogWriter(database, { policy: { duplicateWindowMs: 1_000 } })
    before.setTime(start - 290_000)
    await before.enqueueAll([...opening, sale])
    before.setTime(start - 150_000)
    await before.enqueue(again)
    await before.enqueue(aVerdict(idOf(again), 'rejected'))
    await before.projectAll()
    const after = testLogWriter(database, { policy: { duplicateWindowMs: 300_000 } })
    after.setTime(start)
    await after.enqueue(suspect)
    await after.projectAll()

    const [refused] = await database.db
      .collection('operations')
      .find({ entry: { $regex: `^${idOf(suspect)}` } })
      .toArray()
    expect(refused?.['outcome']).toContain('DUPLICATE_SUSPECTED')
    expect((await prove()).findings).toEqual([])
  })

  it('counts refusals by time, which no replay can make again, and lets none follow an outcome', async () => {
    const writer = testLogWriter(database)
    const [opening = []] = aLedgerHistory()
    await writer.enqueueAll(opening)
    const late = aTopup({ number: '74444444' })
    await writer.enqueue(late, { acceptUntil: start - 1 })
    await writer.enqueue(late, { acceptUntil: start + 5_000 })
    await writer.projectAll()
    const proof = await prove()
    expect(proof.findings).toEqual([])
    expect(proof.expired).toBe(1)
  })

  it('proves a log that is written and projected meanwhile', async () => {
    const writer = testLogWriter(database)
    await writeHistory(writer, aLedgerHistory())
    await writer.projectAll()
    const stop = new AbortController()
    let sales = 0
    const selling = (async () => {
      while (!stop.signal.aborted) {
        sales += 1
        const sale = aTopup({ number: String(74_000_000 + sales), sessionId: 3 })
        await writer.enqueue(sale)
        await writer.enqueue(aVerdict(idOf(sale), sales % 2 === 0 ? 'authorized' : 'rejected'))
        if (sales % 3 === 0) await writer.projector.project()
      }
    })()
    const proofs = [await prove()]
    while (proofs.length < 3) {
      // The one that is counted already may be in the log by now: the next one is not.
      const counted = sales
      await until(() => sales > counted + 1)
      proofs.push(await prove())
    }
    stop.abort()
    await selling
    expect(proofs.flatMap(({ findings }) => findings)).toEqual([])
    expect(new Set(proofs.map(({ entries }) => entries)).size).toBe(3)
    // Documents that the projections did not show yet are excused, and compared on the next run.
    await writer.projectAll()
    expect((await prove()).findings).toEqual([])
  }, 60_000)

  it('asks nothing of a projection that lies behind', async () => {
    const writer = testLogWriter(database)
    await writeHistory(writer, aLedgerHistory())
    expect((await prove()).findings).toEqual([])
  })

  it('writes nothing: no collection, no index, no document', async () => {
    const { client, databaseName } = database.db
    const foreign = client.db(`${databaseName}_foreign`)
    await foreign.collection<{ _id: string }>('people').insertOne({ _id: 'ana' })
    const opened = await openLogRecords(
      database.uri.replace(/\/([^/?]+)(\?|$)/, '/$1_foreign$2'),
      5_000,
    )
    try {
      await expect(verifyLog(opened.records)).rejects.toThrow('it has people')
      const collections = await foreign.listCollections().toArray()
      expect(collections.map(({ name }) => name)).toEqual(['people'])
    } finally {
      await opened.close()
      await foreign.dropDatabase()
    }
  })
})

describe('on threads', () => {
  const program = new URL('../../dist/audit/walk-thread.js', import.meta.url)
  /** The blocks in their own database, as the ledger's tools look for them. */
  const blocksBeside = async () => {
    const { client, databaseName } = database.db
    const beside = client.db(blocksDatabaseOf(databaseName))
    const to = { db: beside.databaseName, coll: 'blocks' }
    await database.db
      .collection('blocks')
      .aggregate([{ $out: to }])
      .toArray()
    return beside
  }
  const proveThere = async (uri: string, options: VerifyOptions = {}) => {
    const settings = { uri, connectTimeoutMs: 2_000, keepsReplays: true }
    const threads = proveOnThreads(settings, program)
    return verifyLog(records(), {
      ...options,
      provers: { count: 2, prove: threads.prove },
    }).finally(threads.close)
  }

  it('the proof and its checkpoint are those of one thread, findings included', async () => {
    await written()
    const beside = await blocksBeside()
    try {
      await database.db.collection('operations').updateOne({}, { $set: { fingerprint: 'other' } })
      await database.db.collection('sales').updateOne({ number: 2 }, { $set: { phone: '7' } })
      const ends: (readonly Replay[])[] = []
      const onProven = (replays: readonly Replay[]) => ends.push(replays)
      const same = { seconds: 0, linesPerSecond: 0 }
      const alone = { ...(await prove({ onProven })), ...same }
      expect(alone.findings.map(({ code }) => code)).toEqual(['OPERATION', 'SALE'])
      expect({ ...(await proveThere(database.uri, { onProven })), ...same }).toEqual(alone)
      const [one, other] = ends
      expect(other).toEqual(one)
      const replays = other ?? []
      expect((await proveThere(database.uri, { replays })).findings).toEqual(alone.findings)
    } finally {
      await beside.dropDatabase()
    }
  }, 30_000)

  it('a database that does not answer ends the proof with the reason', async () => {
    await written()
    const silent = 'mongodb://127.0.0.1:1/none?serverSelectionTimeoutMS=200'
    await expect(proveThere(silent)).rejects.toThrow('ECONNREFUSED')
  }, 30_000)
})

describe('a checkpoint', () => {
  const proven = async (file: string) => {
    let replays: readonly Replay[] = []
    const proof = await prove({ onProven: (last) => (replays = last) })
    const { birth } = await records().inspect()
    writeCheckpoint(file, { birth: birth?.birth ?? '', replays })
    return proof
  }
  const kept = (file: string) => {
    const checkpoint = readCheckpoint(file)
    if (checkpoint === null) throw new Error('no checkpoint')
    return checkpoint
  }

  it('lets a later run go on from where the last one ended, with the same result', async () => {
    const file = join(folder, 'later.json')
    const steps = aLedgerHistory()
    const writer = testLogWriter(database)
    await writeHistory(writer, steps.slice(0, 9))
    await writer.projectAll()
    const first = await proven(file)
    await writeHistory(writer, steps.slice(9))
    await writer.projectAll()

    const { birth, replays } = kept(file)
    expect(await checkpointMismatch({ birth, replays }, records())).toBeNull()
    const entries = replays[testPartition]?.entries
    const resumed = await prove({ replays })
    const whole = await prove()
    expect(entries).toBe(first.entries)
    expect(resumed.findings).toEqual([])
    expect({ ...resumed, seconds: 0, linesPerSecond: 0 }).toEqual({
      ...whole,
      seconds: 0,
      linesPerSecond: 0,
    })
  })

  it('keeps no block that a projection has not shown: the next run compares it', async () => {
    const file = join(folder, 'behind.json')
    const writer = testLogWriter(database)
    const steps = aLedgerHistory()
    await writeHistory(writer, steps.slice(0, 9))
    await writer.projectAll()
    const { entries } = await proven(file)
    await writeHistory(writer, steps.slice(9))
    expect((await proven(file)).entries).toBeGreaterThan(entries)
    expect(kept(file).replays[testPartition]?.entries).toBe(entries)
    await writer.projectAll()
    await database.db.collection('sales').updateOne({ sessionId: 2 }, { $set: { phone: '7' } })
    expect((await prove({ replays: kept(file).replays })).findings).toMatchObject([
      { code: 'SALE' },
    ])
  })

  it('still reports the earlier findings of the part that is not read again', async () => {
    const file = join(folder, 'found.json')
    await written()
    await database.db.collection('operations').updateOne({}, { $set: { fingerprint: 'other' } })
    expect((await proven(file)).found).toBe(1)
    const { replays } = kept(file)
    expect((await prove({ replays })).findings).toMatchObject([{ code: 'OPERATION' }])
  })

  it('is refused where the log is another one', async () => {
    const file = join(folder, 'other.json')
    await written()
    await proven(file)
    await database.db.collection('blocks').deleteMany({ '_id.n': { $gt: 3 } })
    expect(await checkpointMismatch(kept(file), records())).toMatch(
      `partition ${testPartition} has another block`,
    )
    const other = { ...kept(file), birth: 'another' }
    expect(await checkpointMismatch(other, records())).toMatch('born as another')
  })

  it('is refused where it is damaged', async () => {
    const file = join(folder, 'damaged.json')
    await written()
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
    await writeDump({ blocks: database.db, ledger: database.db }, path)
    return path
  }
  const proveDump = async (path: string) => {
    const opened = openDump(path)
    return verifyLog(opened.records).finally(opened.close)
  }
  const documentsIn = (file: string): readonly Buffer[] => {
    const bytes = readFileSync(file)
    const documents: Buffer[] = []
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at)) {
      documents.push(bytes.subarray(at, at + bytes.readInt32LE(at)))
    }
    return documents
  }

  it('of blocks alone is proven as the database is, whatever the order of its documents', async () => {
    await written()
    const path = await dumped('whole')
    expect(readdirSync(path).sort()).toEqual([
      'blocks.bson',
      'case_closings.bson',
      'day_closings.bson',
      'leases.bson',
      'quarantine.bson',
      'quarantine_actions.bson',
      'reconciliations.bson',
      'selling.bson',
    ])
    const file = join(path, 'blocks.bson')
    writeFileSync(file, Buffer.concat([...documentsIn(file)].reverse()))
    const same = { seconds: 0, linesPerSecond: 0 }
    expect({ ...(await proveDump(path)), ...same }).toEqual({ ...(await prove()), ...same })
  })

  it('shows a block that is there twice, one that is missing, and a changed byte', async () => {
    await written()
    const path = await dumped('damaged')
    const file = join(path, 'blocks.bson')
    const documents = documentsIn(file)
    const codes = async () => (await proveDump(path)).findings.map(({ code }) => code)
    writeFileSync(file, Buffer.concat([...documents, documents.at(-1) ?? Buffer.alloc(0)]))
    expect((await proveDump(path)).findings).toMatchObject([
      { code: 'BLOCK', detail: 'the block is there twice', partition: testPartition },
    ])
    writeFileSync(file, Buffer.concat(documents.filter((_, index) => index !== 3)))
    expect(await codes()).toContain('BLOCK')
    const whole = Buffer.concat(documents)
    const at = whole.indexOf('"correlationId":"') + '"correlationId":"'.length
    whole.writeUInt8(whole.readUInt8(at) ^ 1, at)
    writeFileSync(file, whole)
    expect(await codes()).toContain('CHAIN')
  })

  it('that is cut off, or is none, is refused with the reason', async () => {
    await written()
    const path = await dumped('cut')
    const file = join(path, 'blocks.bson')
    writeFileSync(file, readFileSync(file).subarray(0, -7))
    await expect(proveDump(path)).rejects.toThrow('cut off')
    writeFileSync(file, 'not bson at all')
    await expect(proveDump(path)).rejects.toThrow('no BSON document')
    await expect(proveDump(join(folder, 'nowhere'))).rejects.toThrow('does not exist')
    rmSync(file)
    await expect(proveDump(path)).rejects.toThrow('no dump of a ledger')
  })
})

describe('a rebuild', () => {
  const rebuild = () =>
    rebuildProjections({
      ...openRebuild({ db: database.db, blocks: database.db }, { timeoutMs: 5_000 }),
      projections: projections.filter(({ name }) => name === 'sales' || name === 'operations'),
      onProgress: () => undefined,
      isStopping: () => false,
      times: { leaseMs: 10_000, settleMs: 30, settledMs: 10_000, keepMs: 10, heardMs: 10 },
    })
  afterEach(() => ensureProjections(database.db))

  it('is proven by later reads, and a proof of a dropped generation is refused', async () => {
    await written()
    const before = records()
    await before.projections?.begin(testPartition)
    await rebuild()
    await expect(before.projections?.byIds(testPartition, 'sales', ['a-sale'])).rejects.toThrow(
      'sales was rebuilt meanwhile: verify once more',
    )
    expect((await prove()).findings).toEqual([])
    await database.db.collection('sales_b').updateOne({ sessionId: 2 }, { $set: { phone: '7' } })
    const [finding, ...others] = (await prove()).findings
    expect(finding).toMatchObject({ partition: testPartition })
    expect(others).toEqual([])
    await rebuild()
    expect((await prove()).findings).toEqual([])
  })
})
