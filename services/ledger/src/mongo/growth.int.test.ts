import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { money, partitionOf, type MerchantId, type OperatorName } from '@recargas/contracts'
import type { LedgerReads } from '../reads/ports.ts'
import {
  aCaja,
  anInjection,
  anOpening,
  aTopup,
  aVerdict,
  idOf,
  merchant as smallShop,
  start,
  tigo,
} from '../testing/builders.ts'
import { freshDatabase, modelNames, type FreshDatabase } from '../testing/fresh-database.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { testWriter } from '../testing/test-writer.ts'
import { createFigures } from './figures.ts'
import { lowFloatLimits } from '../float/runway.ts'
import { createFloatPaces } from './float-pace.ts'
import { createLedgerReads } from './ledger-reads.ts'
import { createOutbox } from './outbox.ts'
import { profiled, type Profiled } from '../testing/profiled.ts'
import { readDeadLetter } from '../quarantine/dead-letter.ts'
import { createQuarantineDepths, createQuarantineStore } from './quarantine-store.ts'
import { createReconciliationStore } from './reconciliations.ts'
import { createSalesBook } from './sales-book.ts'
import { createSellingBook } from './selling-book.ts'

/** A shop with many sales, all settled: what nobody asks for must cost nothing. */
const grownShop = 'grown' as MerchantId
const partition = partitionOf(grownShop)
const settledSales = 400
/** A query may look at so many documents beside those it gives back. */
const lookedAtBesideMax = 40
const later = start + 600_000
const longAgo = { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' }

/** Queries that look at more on purpose, each with what bounds it. */
const bounded: Readonly<Record<string, string>> = {
  'state.aggregate is': 'one document for each account: grows with shops and cajas, not with sales',
  'topups.aggregate merchant': 'the total of a history, counted to 10,000 by index',
  'injections.aggregate merchant': 'the total of a history, counted to 10,000 by index',
  'journal.aggregate p,seq,kind': 'the entries since the last reconciliation, 10,000 to a query',
  'topups.find p,reservedAt,state,attempts.0,$or':
    'the sales of a week, only where a balance differs',
  'topups.find p,reservedAt,state,$or': 'the sales of a week, only where a balance differs',
  'topups.aggregate merchant,sessionId': 'the total of a shift, counted to 10,000 by index',
  'topups.find p,reservedAt': 'the sales of the duplicate window',
  'journal.aggregate lines.account,$or,at': 'the entries of one shift',
  'cases.aggregate': 'one document for each discrepancy that there ever was',
  'case_closings.aggregate': 'one document for each discrepancy that a person closed',
}

let database: FreshDatabase
let queries: readonly Profiled[]

beforeAll(async () => {
  database = await freshDatabase()
  await grow()
  queries = await profiled(database.connection, work)
}, 120_000)
afterAll(() => database.drop())

const grow = async (): Promise<void> => {
  const small = testWriter(database, { partition: partitionOf(smallShop) })
  await writeHistory(small, aLedgerHistory())
  const writer = testWriter(database, { partition, isNeverLate: true })
  const of = { merchant: grownShop }
  await writer.submitAll([aCaja({ ...of, balance: money(900_000) }), anOpening(of)])
  await writer.submitAll([anInjection({ ...of, amount: money(800_000) })])
  const sales = Array.from({ length: settledSales }, (_, index) =>
    aTopup({ ...of, number: String(71_000_000 + index), amount: money(10), carrierAmount: 10 }),
  )
  await writer.submitAll(sales)
  const verdicts = sales.map((sale) => {
    const verdict = aVerdict(idOf(sale), 'authorized')
    return { ...verdict, data: { ...verdict.data, merchant: grownShop } } as typeof verdict
  })
  expect((await writer.submitAll(verdicts)).every(({ kind }) => kind === 'done')).toBe(true)
}

/** Everything a ledger ever asks its database, on the grown shop. */
const work = async (): Promise<void> => {
  await sellAfterTakeover()
  for (const read of Object.values(readsOf())) await read()
  const outbox = createOutbox(database)
  await outbox.unsent(later, 200)
  await outbox.heldWithoutProgress(later, 200)
  await outbox.forgetSent(['none'])
  await createFigures(database)()
  await createFloatPaces(database, { now: () => later }).all()
  await reconcile()
  await settleQuarantine()
}

const settleQuarantine = async (): Promise<void> => {
  const store = createQuarantineStore(database)
  const letter = readDeadLetter({
    body: Buffer.from('{'),
    messageId: 'm',
    type: 't',
    correlationId: 'c',
    routingKey: 'ledger.3.v1',
    headers: {},
  })
  const { id } = letter
  const filter = { cause: letter.cause, type: 't', queue: letter.queue }
  await store.keep(letter, new Date(later))
  await store.find(id)
  await store.waiting(filter, new Date(later), 20)
  await store.countWaiting({}, new Date(later))
  await store.page({ state: 'waiting', limit: 20, cursor: `1.${id}` })
  await store.groups('waiting')
  await store.actionsOf(id)
  await store.replayed({ id, arrivals: 1 }, 1, new Date(later))
  await store.discarded({ id, arrivals: 1 }, new Date(later))
  await createQuarantineDepths(database)()
  await createSellingBook(database).read()
  await createSellingBook(database).runsAfter(0)
}

const sellAfterTakeover = async (): Promise<void> => {
  const writer = testWriter(database, { partition, isNeverLate: true })
  writer.setTime(later)
  const sale = aTopup({ merchant: grownShop, number: '79999999', keyed: true })
  await writer.submit(sale)
  await writer.submit(sale)
  const verdict = aVerdict(idOf(sale), 'authorized')
  await writer.submit({
    ...verdict,
    data: { ...verdict.data, merchant: grownShop },
  } as typeof verdict)
}

const reconcile = async (): Promise<void> => {
  const book = createSalesBook(database)
  const heads = await book.newestPositions()
  await book.committedBetween(
    heads.map(() => 0),
    heads,
  )
  await book.held(20)
  await book.candidates(10, start)
  await book.candidates(-10, start)
  await book.currencyOf(grownShop)
  const runs = createReconciliationStore(database)
  await runs.latest()
  await runs.unsaid()
  await runs.said(1)
  await (await runs.lease(start, start + 1))?.release()
}

const readsOf = (): Readonly<Record<keyof LedgerReads, () => Promise<unknown>>> => {
  const reads = createLedgerReads(database, {
    now: () => later,
    paces: createFloatPaces(database, { now: () => later }),
    lowFloats: lowFloatLimits(120, '0'),
  })
  const page = { limit: 20 }
  const absent = idOf(aTopup())
  const operator: OperatorName = tigo
  return {
    identity: () => reads.identity(),
    operation: () => reads.operation(grownShop, absent),
    topup: () => reads.topup(grownShop, 7),
    topups: async () => {
      await reads.topups(grownShop, page)
      await reads.topups(grownShop, { ...page, cursor: 200 })
      await reads.topups(grownShop, { ...page, sessionId: 1 })
      await reads.topups(grownShop, { ...page, state: 'in-review' })
      await reads.topups(grownShop, { ...page, ...longAgo })
    },
    injections: async () => {
      await reads.injections(grownShop, page)
      await reads.injections(grownShop, { ...page, ...longAgo })
    },
    reviews: () => reads.reviews(grownShop, page),
    cases: () => reads.cases(grownShop, page),
    floats: () => reads.floats(grownShop),
    cajas: () => reads.cajas(grownShop),
    caja: () => reads.caja(grownShop, 1),
    session: () => reads.session(grownShop, 1),
    activeSession: () => reads.activeSession(grownShop, '2'),
    floatStatement: () => reads.floatStatement(grownShop, operator, page),
    sessionStatement: () => reads.sessionStatement(grownShop, 1, page),
    floatBalance: () => reads.floatBalance(grownShop, operator, start),
    sessionBalance: () => reads.sessionBalance(grownShop, 1, start),
    shiftReport: () => reads.shiftReport(grownShop, 1),
  }
}

describe('as sales pile up', () => {
  it('no query scans a collection, but for the small ones', () => {
    const scans = queries.filter(({ plan }) => plan.includes('COLLSCAN'))
    expect(scans.filter(({ shape }) => bounded[shape] === undefined)).toEqual([])
  })

  it('no query looks at many more documents than it gives back', () => {
    const wasteful = queries.filter(({ examined, given }) => examined > given + lookedAtBesideMax)
    expect(wasteful.filter(({ shape }) => bounded[shape] === undefined)).toEqual([])
  })

  it('every collection was asked, so that the above means something', () => {
    const asked = new Set(queries.map(({ shape }) => shape.split('.')[0]))
    const names = [...Object.keys(database.collections), ...modelNames(database.models)]
    const silent = names.filter((name) => !asked.has(name))
    expect(silent).toEqual([])
  })

  it('a query without an index would be seen', async () => {
    const [seen] = await profiled(database.connection, () =>
      database.collections.topups.find({ 'actor.userId': 'x' } as never).toArray(),
    )
    expect(seen).toMatchObject({ shape: 'topups.find actor.userId', plan: 'COLLSCAN' })
    expect(seen?.examined).toBeGreaterThan(settledSales)
  })
})
