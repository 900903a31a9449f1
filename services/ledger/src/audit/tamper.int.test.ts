import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import type { Limits } from '../accounting/limits.ts'
import { blockDocument, blockOf } from '../log/block-documents.ts'
import { hashOf, type Block } from '../log/block.ts'
import { ensureProjections } from '../projections/all.ts'
import { aTopup, policy, start } from '../testing/builders.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter } from '../testing/test-log-writer.ts'
import { testPartition } from '../testing/inbound-for.ts'
import type { FindingCode } from './findings.ts'
import { standalone } from './find-strays.ts'
import { readLogRecords } from './stored-records.ts'
import { verifyLog } from './verify-log.ts'

const { Double, Int32, Long } = mongoose.mongo

type StoredDocument = { _id: never } & Record<string, unknown>
type Kind = {
  readonly in: string
  readonly is?: string
  readonly code: FindingCode
  /** Every kind of field that a ledger stores; `0` stands for each place of a list. */
  readonly paths: string
  /** Key of one more document than the log made. */
  readonly another: unknown
}

const kinds: Readonly<Record<string, Kind>> = {
  accounts: {
    in: 'balances',
    is: 'account',
    code: 'ACCOUNT',
    paths:
      'is p merchant currency kind of number posted reserved incoming createdAt updatedAt position',
    another: 'account/another',
  },
  merchants: {
    in: 'balances',
    is: 'merchant',
    code: 'MERCHANT',
    paths:
      'is p currency sequences.topup sequences.injection sequences.movement sequences.caja ' +
      'sequences.session sequences.operator position',
    another: 'merchant/another',
  },
  cajas: {
    in: 'cash',
    is: 'caja',
    code: 'CAJA',
    paths:
      'is p merchant id name specialty active openSession lastSession idleFrom createdBy updatedBy ' +
      'createdAt updatedAt position',
    another: 'caja/another',
  },
  sessions: {
    in: 'cash',
    is: 'session',
    code: 'SESSION',
    paths:
      'is p merchant id currency cajaId userId createdBy updatedBy state previous idleFrom opening ' +
      'openingCounted openingDifference income outgo pending pendingEarlier shortage ' +
      'expected counted difference remarks openedAt openedDay closedAt closedDay updatedAt ' +
      'corrections.0.operationId corrections.0.counted corrections.0.corrected corrections.0.difference ' +
      'corrections.0.reason corrections.0.by corrections.0.at position',
    another: 'session/another',
  },
  sales: {
    in: 'sales',
    code: 'SALE',
    paths:
      'p merchant number currency sessionId cajaId actor.userId actor.username actor.role operator ' +
      'carrier slug phone amount carrierAmount confirmDuplicate fingerprint bundle.provider bundle.code bundle.name ' +
      'correlationId requestedAt day reservedAt state releaseReason invalid invalid.field invalid.message ' +
      'cases.0 attempts.0.attempt attempts.0.startedAt attempts.0.endedAt attempts.0.row ' +
      'attempts.0.observed attempts.0.httpStatus attempts.0.carrierStatus attempts.0.resultCode ' +
      'decision decision.operationId decision.result decision.evidence decision.note ' +
      'decision.by.userId decision.by.username decision.by.role decision.at decision.confirmedBy ' +
      'decision.confirmedBy.userId decision.confirmedBy.username decision.confirmedBy.role ' +
      'decision.confirmedAt decision.isFinal updatedAt progressAt open position',
    another: '00000000-0000-4000-8000-ffffffffffff',
  },
  operations: {
    in: 'operations',
    code: 'OPERATION',
    paths:
      'p entry nth kind merchant at fingerprint outcome saleId resolves refusedUntil ' + 'position',
    another: { p: testPartition, n: 2, i: 999 },
  },
  'statement lines': {
    in: 'statement_lines',
    code: 'STATEMENT',
    paths:
      'lines.0.i lines.0.entry lines.0.kind lines.0.posted lines.0.reserved lines.0.incoming ' +
      'lines.0.after.posted lines.0.after.reserved lines.0.after.incoming lines.0.session ' +
      'lines.0.sessionBefore lines.0.operator position',
    another: { p: testPartition, account: 'another', at: new Date(start), n: 2 },
  },
  injections: {
    in: 'injections',
    code: 'INJECTION',
    paths: 'p merchant number currency sessionId userId operator amount at position',
    another: '00000000-0000-4000-8000-ffffffffffff',
  },
  cases: {
    in: 'cases',
    code: 'CASE',
    paths:
      'p merchant state openedAt kind topupId amount currency carrierAmount from to likely.0 position',
    another: '00000000-0000-4000-8000-ffffffffffff',
  },
  blocks: {
    in: 'blocks',
    code: 'CHAIN',
    paths: 'birth epoch owner at prev hash namespace partitions rules policy entries.0',
    another: { p: 77, n: 0 },
  },
}
const pathsOf = (kind: Kind): readonly string[] => kind.paths.split(' ')
const cases = Object.entries(kinds).flatMap(([name, kind]) =>
  pathsOf(kind).map((path) => [name, path] as const),
)

const allowance = { count: 1_000, amount: 1_000_000_000 }
const seldomReached: Limits = { cashier: allowance, number: allowance, operator: allowance }

let database: LogDatabase
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
  const limited = { ...policy, limits: seldomReached }
  const writer = testLogWriter(database, { batchSizeMax: 7, policy: limited })
  await writeHistory(writer, aLedgerHistory())
  await writer.enqueue(aTopup({ number: '74444444' }), { acceptUntil: start - 1 })
  await writer.projectAll()
  await writer.stop()
}, 60_000)
afterAll(() => database.drop())

const kindNamed = (name: string): Kind => {
  const kind = kinds[name]
  if (kind === undefined) throw new Error(`no kind ${name}`)
  return kind
}
const collectionOf = (name: string) => database.db.collection<StoredDocument>(kindNamed(name).in)
const asStored = { promoteValues: false, promoteLongs: false } as const
const documentsOf = (name: string) => {
  const { is } = kindNamed(name)
  return collectionOf(name)
    .find(is === undefined ? {} : { is }, asStored)
    .sort({ _id: 1 })
    .toArray()
}
const prove = () => verifyLog(readLogRecords({ blocks: database.db, ledger: database.db }))
const codesFound = async () => (await prove()).findings.map(({ code }) => code)

/** Leaves of a document, with the places of lists. */
const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leaves(item, [...path, String(index)]))
  }
  const isPlain = typeof value === 'object' && value?.constructor === Object
  return isPlain
    ? Object.entries(value).flatMap(([field, inner]) => leaves(inner, [...path, field]))
    : [path]
}
const pathOf = (leaf: readonly string[]) =>
  leaf.map((part) => (/^\d+$/.test(part) ? '0' : part)).join('.')

const far = 1_000_003
const changed = (value: unknown): unknown => {
  if (value instanceof Long) return value.add(far)
  if (value instanceof Int32) return new Int32(value.valueOf() + far)
  if (value instanceof Double) return new Double(value.valueOf() + far)
  if (value instanceof Date) return new Date(value.getTime() + 1)
  if (typeof value === 'string') return `${value} `
  if (typeof value === 'boolean') return !value
  return 'something'
}
const valueAt = (document: StoredDocument, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], document)

/** Applies one change, runs the check, and reverts it. */
const during = async <Result>(
  name: string,
  document: StoredDocument,
  change: () => Promise<unknown>,
  look: () => Promise<Result>,
): Promise<Result> => {
  await change()
  try {
    return await look()
  } finally {
    await collectionOf(name).replaceOne({ _id: document._id }, document, { upsert: true })
  }
}
const setting = (name: string, document: StoredDocument, path: string, value: unknown) => () =>
  collectionOf(name).updateOne({ _id: document._id }, { $set: { [path]: value } })

describe('the proof of a log', () => {
  it('finds nothing before anything is changed', async () => {
    expect((await prove()).findings).toEqual([])
  })

  it.each(Object.keys(kinds))('knows every kind of field in %s', async (name) => {
    const found = new Set((await documentsOf(name)).flatMap((each) => leaves(each).map(pathOf)))
    const empty = ['attempts', 'lines', 'likely', 'cases']
    const unchangeable = ['v', 'kind', '_id', '_id.p', '_id.n', '_id.i', '_id.account', '_id.at']
    const known = new Set([...pathsOf(kindNamed(name)), ...empty, ...unchangeable])
    expect([...found].filter((path) => !known.has(path))).toEqual([])
  })

  it.each(cases)('finds a change in %s of %s', async (name, path) => {
    for (const document of await documentsOf(name)) {
      const leaf = leaves(document).find((each) => pathOf(each) === path)
      if (leaf === undefined) continue
      const change = setting(name, document, leaf.join('.'), changed(valueAt(document, leaf)))
      expect(await during(name, document, change, codesFound)).toContain(kindNamed(name).code)
      return
    }
    throw new Error(`no ${name} holds ${path}`)
  })

  it.each(Object.keys(kinds))('finds one of %s missing', async (name) => {
    const [document] = await documentsOf(name)
    if (document === undefined) throw new Error('nothing to remove')
    const remove = () => collectionOf(name).deleteOne({ _id: document._id })
    const codes = await during(name, document, remove, codesFound)
    expect(codes).toContain(name === 'blocks' ? 'BLOCK' : kindNamed(name).code)
  })

  it.each(Object.keys(kinds))('finds one more in %s than the log made', async (name) => {
    const { another, code } = kindNamed(name)
    const [document] = await documentsOf(name)
    if (document === undefined) throw new Error('nothing to copy')
    const { resolves: _, ...copy } = document
    const nth = name === 'operations' ? { nth: 'another' } : {}
    await collectionOf(name).insertOne({ ...copy, ...nth, _id: another as never })
    const codes = await codesFound()
    await collectionOf(name).deleteOne({ _id: another as never })
    expect(codes).toContain(name === 'blocks' ? 'DATABASE' : code)
  })

  it('finds a document that shows another position of the log, or one that it has not', async () => {
    const [, document] = await documentsOf('sales')
    if (document === undefined) throw new Error('no sale')
    const { findings } = await during(
      'sales',
      document,
      setting('sales', document, 'position', new Int32(3)),
      prove,
    )
    expect(findings).toMatchObject([{ code: 'SALE', entry: document._id }])
    expect(findings[0]?.detail).toMatch(/^shows position 3, the log changed it last at \d+$/)
  })

  it('finds a projection that is ahead of the log, and one of no partition', async () => {
    const positions = database.db.collection<{ _id: { p: number; projection: string }; n: number }>(
      'projection_positions',
    )
    const key = { p: testPartition, projection: 'sales' }
    const stored = await positions.findOne({ _id: key })
    await positions.updateOne({ _id: key }, { $set: { n: 1_000 } })
    await positions.insertOne({ _id: { p: 77, projection: 'sales' }, n: 1 })
    const { findings } = await prove()
    await positions.updateOne({ _id: key }, { $set: { n: stored?.n ?? -1 } })
    await positions.deleteOne({ _id: { p: 77, projection: 'sales' } })
    expect(findings).toMatchObject([
      { code: 'DATABASE', detail: 'in projection_positions, but of no partition' },
      { code: 'PROJECTION', partition: testPartition, entry: 'sales', position: 1_000 },
    ])
  })

  it('finds blocks that are missing at the end: the projections have shown them', async () => {
    const [last] = (await documentsOf('blocks')).slice(-1)
    if (last === undefined) throw new Error('no block')
    const remove = () => collectionOf('blocks').deleteOne({ _id: last._id })
    const codes = await during('blocks', last, remove, codesFound)
    expect(codes).toContain('PROJECTION')
    expect(codes).toContain('OPERATION')
  })

  it('names a block that is missing, of an unknown version, of another shape or of another birth', async () => {
    const blocks = await documentsOf('blocks')
    const document = blocks[4]
    if (document === undefined) throw new Error('no block')
    const found = async (change: () => Promise<unknown>) => {
      const { findings } = await during('blocks', document, change, prove)
      return findings.find(({ code }) => code === 'BLOCK')
    }
    const place = { partition: testPartition, position: 4 }
    expect(
      await found(() => collectionOf('blocks').deleteOne({ _id: document._id })),
    ).toMatchObject({ ...place, detail: 'the block is missing, the next one has position 5' })
    expect(await found(setting('blocks', document, 'v', 2))).toMatchObject({
      ...place,
      detail: expect.stringContaining('v: '),
    })
    expect(await found(setting('blocks', document, 'entries', 'none'))).toMatchObject(place)
    expect(await found(setting('blocks', document, 'birth', 'another'))).toMatchObject({
      ...place,
      detail: expect.stringContaining('the block is of birth another'),
    })
  })

  it('goes on after a block that is missing: the entries that follow are taken as they are', async () => {
    const [, , , , document] = await documentsOf('blocks')
    if (document === undefined) throw new Error('no block')
    const remove = () => collectionOf('blocks').deleteOne({ _id: document._id })
    const { entries, findings } = await during('blocks', document, remove, prove)
    const all = await prove()
    expect(entries).toBeGreaterThan(all.entries / 2)
    expect(findings.filter(({ code }) => code === 'BLOCK')).toHaveLength(1)
  })

  it('names a database that lacks a collection or an index, and one that keeps no majority', async () => {
    const operations = database.db.collection('operations')
    const resolves = { p: 1, resolves: 1 } as const
    await operations.dropIndex('p_1_resolves_1')
    await database.db.collection('cases').rename('cases_kept')
    const { findings } = await prove()
    await database.db.collection('cases_kept').rename('cases')
    await operations.createIndex(
      resolves,
      { unique: true, partialFilterExpression: { resolves: { $exists: true } } },
      {},
    )
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'DATABASE', detail: 'no collection cases' }),
        expect.objectContaining({
          code: 'DATABASE',
          detail: expect.stringContaining('operations has no index unique {"p":1,"resolves":1}'),
        }),
      ]),
    )
    expect(standalone({})).toMatchObject([{ id: 'mongod' }])
    expect(standalone({ setName: 'rs0' })).toEqual([])
    expect(standalone({ msg: 'isdbgrid' })).toEqual([])
    expect((await prove()).findings).toEqual([])
  })

  it('finds a changed amount although every hash was made anew to fit it', async () => {
    const before = await documentsOf('blocks')
    try {
      await rehash((text) => text.replace(/(drawer\/1",)1050,/, '$12100,'))
      const codes = await codesFound()
      expect(codes).toContain('REPLAY')
      expect(codes).toContain('RUNNING_BALANCE')
      expect(codes).not.toContain('CHAIN')
    } finally {
      for (const document of before) {
        await collectionOf('blocks').replaceOne({ _id: document._id }, document)
      }
    }
    expect(await codesFound()).toEqual([])
  })
})

/** Changes entries and rehashes the chain, as an attacker who knows its rules would. */
const rehash = async (change: (text: string) => string): Promise<void> => {
  const blocks = collectionOf('blocks')
  let previous: Block | null = null
  const stored = await blocks
    .find({ '_id.p': testPartition } as never)
    .sort({ _id: 1 })
    .toArray()
  for (const document of stored) {
    const position = (document._id as unknown as { readonly n: number }).n
    const read = blockOf(document, { partition: testPartition, position })
    if (read.kind === 'damaged') throw new Error(read.damage.detail)
    const { block } = read
    const entries = block.kind === 'batch' ? { entries: block.entries.map(change) } : {}
    const next = { ...block, ...entries, previous: previous?.hash ?? block.previous } as Block
    previous = { ...next, hash: hashOf(next) }
    const { _id, ...fields } = blockDocument(previous)
    await blocks.replaceOne({ _id: _id }, fields)
  }
}
