import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import { chainStart, extendChain, type PlacedEntry } from '../domain/chain.ts'
import type { Limits } from '../domain/limits.ts'
import { headId } from '../mongo/documents.ts'
import { placedEntryOf, type JournalDocument } from '../mongo/journal-documents.ts'
import { keptIn } from '../mongo/kept-in.ts'
import { readRecords } from '../mongo/ledger-records.ts'
import { headsIn } from '../mongo/state.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { testPartition, testWriter } from '../testing/test-writer.ts'
import type { FindingCode } from './findings.ts'
import type { DerivedKind } from './ledger-source.ts'
import { verifyLedger } from './verify-ledger.ts'

const { Double, Int32, Long } = mongoose.mongo

type Kind = DerivedKind | 'heads' | 'identity' | 'journal' | 'outbox'
type StoredDocument = { _id: string | number } & Record<string, unknown>

/** Every kind of field that a ledger stores; `0` stands for each place of a list. */
const fields: Readonly<Record<Kind, { readonly code: FindingCode; readonly paths: string }>> = {
  accounts: {
    code: 'ACCOUNT',
    paths: 'is p merchant currency kind of number posted reserved incoming createdAt updatedAt',
  },
  cajas: {
    code: 'CAJA',
    paths:
      'is p merchant id name specialty active openSession lastSession idleFrom createdBy updatedBy ' +
      'createdAt updatedAt',
  },
  cases: {
    code: 'CASE',
    paths: 'p merchant state openedAt kind topupId amount currency carrierAmount from to likely.0',
  },
  identity: { code: 'DATABASE', paths: '' },
  injections: {
    code: 'INJECTION',
    paths: 'p merchant number currency sessionId userId operator amount at',
  },
  journal: {
    code: 'CHAIN',
    paths:
      'p seq kind merchant day topupId sessionId resolves fingerprint operation outcome at ' +
      'lines.0.account lines.0.posted lines.0.reserved lines.0.incoming lines.0.after.posted ' +
      'lines.0.after.reserved lines.0.after.incoming lines.0.session batch.number batch.size ' +
      'batch.epoch batch.duplicateWindowMs batch.previous batch.hash ' +
      'batch.limits.cashier.count batch.limits.cashier.amount batch.limits.number.count ' +
      'batch.limits.number.amount batch.limits.operator.count batch.limits.operator.amount',
  },
  merchants: {
    code: 'MERCHANT',
    paths:
      'is p currency sequences.topup sequences.injection sequences.movement sequences.caja ' +
      'sequences.session sequences.operator',
  },
  outbox: {
    code: 'OUTBOX',
    paths:
      'p at messages.0.to messages.0.id messages.0.type messages.0.correlationId messages.0.body',
  },
  heads: { code: 'HEAD', paths: 'is p epoch seq batch hash at' },
  sessions: {
    code: 'SESSION',
    paths:
      'is p merchant id currency cajaId userId createdBy updatedBy state previous idleFrom opening ' +
      'openingCounted openingDifference income outgo pending pendingEarlier shortage ' +
      'expected counted difference remarks openedAt openedDay closedAt closedDay updatedAt',
  },
  topups: {
    code: 'TOPUP',
    paths:
      'p merchant number currency sessionId cajaId actor.userId actor.username actor.role operator ' +
      'carrier slug phone amount carrierAmount confirmDuplicate fingerprint bundle.provider bundle.code bundle.name ' +
      'correlationId requestedAt day reservedAt state releaseReason invalid invalid.field invalid.message ' +
      'cases.0 attempts.0.attempt attempts.0.startedAt attempts.0.endedAt attempts.0.row ' +
      'attempts.0.observed attempts.0.httpStatus attempts.0.carrierStatus attempts.0.resultCode ' +
      'decision decision.operationId decision.result decision.evidence decision.note ' +
      'decision.by.userId decision.by.username decision.by.role decision.at decision.confirmedBy ' +
      'decision.confirmedBy.userId decision.confirmedBy.username decision.confirmedBy.role ' +
      'decision.confirmedAt decision.isFinal updatedAt progressAt open',
  },
}
/** What no entry tells: the database's own birth, and through whom the owner of a partition writes. */
const unproven: Partial<Record<Kind, readonly string[]>> = {
  identity: ['bornAt', 'namespace', 'layout'],
  heads: ['session'],
}
const places: Readonly<Record<Kind, { readonly in: string; readonly is?: string }>> = {
  ...keptIn,
  heads: { in: 'state', is: 'head' },
  identity: { in: 'identity' },
  journal: { in: 'journal' },
  outbox: { in: 'outbox' },
}
const kinds = Object.keys(fields) as Kind[]
const cases = kinds.flatMap((kind) => pathsOf(kind).map((path) => [kind, path] as const))
function pathsOf(collection: Kind): readonly string[] {
  return fields[collection].paths.split(' ').filter((path) => path !== '')
}

const allowance = { count: 1_000, amount: 1_000_000_000 }
const seldomReached: Limits = {
  cashier: allowance,
  number: allowance,
  operator: allowance,
}

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await writeHistory(
    testWriter(database, { batchSizeMax: 7, limits: seldomReached }),
    aLedgerHistory(),
  )
}, 60_000)
afterAll(() => database.drop())

const collectionOf = (kind: Kind) =>
  database.connection.collection<StoredDocument>(
    places[kind].in,
  ) as unknown as mongoose.mongo.Collection<StoredDocument>
const asStored = { promoteValues: false, promoteLongs: false } as const
const documentsOf = (kind: Kind) => {
  const { is } = places[kind]
  return collectionOf(kind)
    .find(is === undefined ? {} : { is }, asStored)
    .sort({ _id: 1 })
    .toArray()
}
const codesFound = async () => {
  const { findings } = await verifyLedger(readRecords(database.collections))
  return findings.map(({ code }) => code)
}

/** Leaves of a document, with every place of a list named 0. */
const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] => {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leaves(item, [...path, String(index)]))
  }
  const isPlain = typeof value === 'object' && value?.constructor === Object
  return isPlain
    ? Object.entries(value).flatMap(([field, inner]) => leaves(inner, [...path, field]))
    : [path]
}
const kindOf = (path: readonly string[]) =>
  path.map((part) => (/^\d+$/.test(part) ? '0' : part)).join('.')

/** Without a head no entry belongs to the ledger. */
const lostHead: FindingCode = 'DATABASE'

const far = 1_000_003
const changed = (collection: Kind, value: unknown): unknown => {
  // A head may run ahead of the journal, but never fall behind it.
  const step = collection === 'heads' ? -1 : far
  if (value instanceof Long) return value.add(step)
  if (value instanceof Int32) return new Int32(value.valueOf() + step)
  if (value instanceof Double) return new Double(value.valueOf() + step)
  if (value instanceof Date) return new Date(value.getTime() + Math.sign(step))
  if (typeof value === 'string') return `${value} `
  if (typeof value === 'boolean') return !value
  return 'something'
}
const valueAt = (document: StoredDocument, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], document)

/** What verdicts without an entry may change is proven once the sale is settled. */
const isProvable = (collection: Kind, document: StoredDocument, path: string): boolean =>
  collection !== 'topups' ||
  !('open' in document) ||
  !/^(?:attempts|updatedAt|progressAt)/.test(path)

/** Lets one change be looked at, and takes it back. */
const during = async <Result>(
  collection: Kind,
  document: StoredDocument,
  change: () => Promise<unknown>,
  look: () => Promise<Result>,
): Promise<Result> => {
  await change()
  try {
    return await look()
  } finally {
    await collectionOf(collection).replaceOne({ _id: document._id }, document, {
      upsert: true,
      bypassDocumentValidation: true,
    })
  }
}

describe('the proof', () => {
  it('finds nothing before anything is changed', async () => {
    expect(await codesFound()).toEqual([])
  })

  it.each(kinds)('knows every kind of field in %s', async (collection) => {
    const found = new Set(
      (await documentsOf(collection)).flatMap((document) => leaves(document).map(kindOf)),
    )
    const empty = ['attempts', 'lines', 'likely', 'messages']
    const known = new Set([...pathsOf(collection), '_id', ...(unproven[collection] ?? [])])
    expect([...found].filter((path) => !known.has(path) && !empty.includes(path))).toEqual([])
  })

  it.each(cases)('finds a change in %s of %s', async (collection, kind) => {
    for (const document of await documentsOf(collection)) {
      const path = leaves(document).find((leaf) => kindOf(leaf) === kind)
      if (path === undefined || !isProvable(collection, document, kind)) continue
      const $set = { [path.join('.')]: changed(collection, valueAt(document, path)) }
      const codes = await during(
        collection,
        document,
        () =>
          collectionOf(collection).updateOne(
            { _id: document._id },
            { $set },
            { bypassDocumentValidation: true },
          ),
        codesFound,
      )
      const isHeadLost = collection === 'heads' && ['is', 'p'].includes(kind)
      expect(codes).toContain(isHeadLost ? lostHead : fields[collection].code)
      return
    }
    throw new Error(`no ${collection} holds ${kind}`)
  })

  it.each(kinds)('finds one of %s missing', async (collection) => {
    const [document] = await documentsOf(collection)
    if (document === undefined) throw new Error('nothing to remove')
    const codes = await during(
      collection,
      document,
      () => collectionOf(collection).deleteOne({ _id: document._id }),
      codesFound,
    )
    // What is sent leaves the outbox: only what is there can be wrong.
    if (collection === 'outbox') expect(codes).toEqual([])
    else expect(codes).toContain(collection === 'heads' ? lostHead : fields[collection].code)
  })

  it.each(kinds.filter((name) => name !== 'identity'))(
    'finds one more in %s than the journal made',
    async (collection) => {
      const [document] = await documentsOf(collection)
      if (document === undefined) throw new Error('nothing to copy')
      const copy: StoredDocument = {
        ...document,
        _id: collection === 'heads' ? headId(77) : '3:999999',
      }
      for (const field of ['number', 'seq', 'id'] as const) {
        if (field in copy) copy[field] = changed('journal', copy[field])
      }
      delete copy['resolves']
      if (collection === 'sessions') copy['state'] = 'closed'
      await collectionOf(collection).insertOne(copy)
      const codes = await codesFound()
      await collectionOf(collection).deleteOne({ _id: copy._id })
      const isOutside = collection === 'journal' || collection === 'heads'
      expect(codes).toContain(isOutside ? 'DATABASE' : fields[collection].code)
    },
  )

  it('finds a changed amount although every hash was made anew to fit it', async () => {
    const before = await documentsOf('journal')
    const heads = await documentsOf('heads')
    const { journal } = database.collections
    const headsHere = headsIn(database.collections)
    const sale = await journal.findOne({ kind: 'commit' })
    const lines = sale?.lines.map((line) => ({ ...line, posted: line.posted * 2 }))
    await journal.updateOne({ _id: sale?._id ?? '' }, { $set: { lines: lines ?? [] } })
    try {
      await rehash()
      const codes = await codesFound()
      expect(codes).toContain('REPLAY')
      expect(codes).toContain('RUNNING_BALANCE')
      expect(codes).not.toContain('CHAIN')
    } finally {
      for (const document of before) {
        await collectionOf('journal').replaceOne({ _id: document._id }, document)
      }
      for (const document of heads) {
        await headsHere.replaceOne({ _id: String(document._id) }, document as never)
      }
    }
    expect(await codesFound()).toEqual([])
  })

  it('says what cannot be read, and goes on', async () => {
    const [first] = await documentsOf('journal')
    if (first === undefined) throw new Error('no entry')
    const journal = collectionOf('journal')
    for (const $set of [{ lines: 'none' }, { lines: [{}] }, { at: 'today' }, { outcome: 7 }]) {
      const codes = await during(
        'journal',
        first,
        () => journal.updateOne({ _id: first._id }, { $set }),
        codesFound,
      )
      expect(codes).toContain('DAMAGED')
    }
  })
})

/** What somebody would do who knows how the chain is made. */
const rehash = async (): Promise<void> => {
  const { journal } = database.collections
  let hash = chainStart
  let open: PlacedEntry[] = []
  for await (const stored of journal.find({ p: testPartition }).sort({ seq: 1 })) {
    open.push(placedEntryOf(stored))
    if (stored.batch === undefined) continue
    const previous = hash
    hash = extendChain(previous, sealOf(stored), open)
    open = []
    await journal.updateOne(
      { _id: stored._id },
      { $set: { 'batch.previous': previous, 'batch.hash': hash } },
    )
  }
  await headsIn(database.collections).updateOne({ _id: headId(testPartition) }, { $set: { hash } })
}
const sealOf = ({ at, batch }: JournalDocument) => ({
  at: at.getTime(),
  epoch: batch?.epoch ?? 0,
  duplicateWindowMs: batch?.duplicateWindowMs ?? 0,
  ...(batch?.limits === undefined ? {} : { limits: batch.limits }),
})
