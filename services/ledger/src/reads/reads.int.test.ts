import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { CaseQuery, HistoryQuery, money, partitionOf, type MerchantId } from '@recargas/contracts'
import {
  aCaja,
  aClosing,
  aDecision,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  start,
} from '../testing/builders.ts'
import { createCases } from '../cases/close-case.ts'
import { lowFloatLimits, type LowFloatLimits } from '../float/runway.ts'
import { cajaDocId } from '../mongo/documents.ts'
import { ensureProjections } from '../projections/all.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { testReads } from '../testing/test-reads.ts'

const stranger = 'bogota' as MerchantId
const partition = partitionOf(merchant)

let database: LogDatabase
let writer: TestLogWriter
let time = start
/** The writer's own projector writes behind: every read waits for it. */
const allReads = (lowFloats?: LowFloatLimits) =>
  testReads(database, {
    now: () => time,
    wakeProjector: writer.wakeProjector,
    ...(lowFloats === undefined ? {} : { lowFloats }),
  })
const reads = (lowFloats?: LowFloatLimits) => allReads(lowFloats).reads
const operatorReads = () => allReads(lowFloatLimits(120, '9000')).operatorReads

beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
beforeEach(async () => {
  time = start
  writer = testLogWriter(database, { partition })
  await writer.enqueueAll(anOpenShopOperations())
})
afterEach(async () => {
  await writer.stop()
  await database.empty()
})
afterAll(() => database.drop())

describe('the outcome of an operation', () => {
  it('is the sale, held at first and then as it ended', async () => {
    const sale = aTopup()
    await writer.enqueue(sale)
    expect(await reads().operation(merchant, idOf(sale))).toMatchObject({
      kind: 'topup',
      topup: { state: 'reserved', number: '78945612', amount: 1_050 },
    })
    await writer.enqueue(aVerdict(idOf(sale), 'rejected'))
    expect(await reads().operation(merchant, idOf(sale))).toMatchObject({
      kind: 'topup',
      topup: { state: 'released' },
    })
  })

  it('is the first refusal, for ever', async () => {
    const sale = aTopup({ amount: money(20_000), carrierAmount: 20_000 })
    await writer.enqueue(sale)
    expect(await reads().operation(merchant, idOf(sale))).toEqual({
      kind: 'refused',
      fingerprint: 'A'.repeat(43),
      refusal: {
        code: 'INSUFFICIENT_FLOAT',
        details: { operator: 'Tigo', available: 10_000 },
        currency: 'BOB',
      },
    })
  })

  it('is invisible to other merchants', async () => {
    const sale = aTopup()
    await writer.enqueue(sale)
    expect(await reads().operation(stranger, idOf(sale))).toEqual({ kind: 'absent' })
  })

  it('is nothing after a refusal by time alone: a later press of the key is a new try', async () => {
    const sale = aTopup()
    writer.setTime(start + 60_000)
    await writer.enqueue(sale, { acceptUntil: start + 10_000 })
    const absent = { kind: 'absent' }
    expect(await reads().operation(merchant, idOf(sale))).toEqual(absent)
    await writer.enqueue(sale, { acceptUntil: start + 70_000 })
    expect(await reads().operation(merchant, idOf(sale))).toMatchObject({ kind: 'topup' })
  })

  it('is a suspicion until it is confirmed, also where the confirmation came out of time', async () => {
    const suspected = aTopup({ keyed: true })
    await writer.enqueueAll([aTopup(), suspected])
    const suspicion = { kind: 'refused', refusal: { code: 'DUPLICATE_SUSPECTED' } }
    expect(await reads().operation(merchant, idOf(suspected))).toMatchObject(suspicion)
    const data = { ...suspected.data, confirmDuplicate: true }
    const confirmed = { ...suspected, data } as typeof suspected
    writer.setTime(start + 60_000)
    await writer.enqueue(confirmed, { acceptUntil: start + 10_000 })
    expect(await reads().operation(merchant, idOf(suspected))).toMatchObject(suspicion)
    await writer.enqueue(confirmed, { acceptUntil: start + 70_000 })
    expect(await reads().operation(merchant, idOf(suspected))).toMatchObject({ kind: 'topup' })
  })

  it('is the result of any other operation', async () => {
    const caja = aCaja({ name: 'Caja 02' })
    await writer.enqueue(caja)
    expect(await reads().operation(merchant, idOf(caja))).toMatchObject({
      kind: 'applied',
      result: { kind: 'caja', caja: { id: 2, name: 'Caja 02' } },
    })
    expect(await reads().operation(stranger, idOf(caja))).toMatchObject({ kind: 'absent' })
  })
})

describe('histories', () => {
  it('come newest first, page by page, without a sale shown twice or left out', async () => {
    const sales = Array.from({ length: 7 }, (_, index) =>
      aTopup({ number: String(70_000_000 + index), amount: money(10), carrierAmount: 10 }),
    )
    await writer.enqueueAll(sales)
    const seen: number[] = []
    let cursor: number | undefined
    do {
      const page = await reads().topups(
        merchant,
        HistoryQuery.parse({ limit: 3, ...(cursor === undefined ? {} : { cursor }) }),
      )
      expect(page.total).toBe(7)
      expect(page.sessions.map(({ id }) => id)).toEqual([1])
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  it('answer to their filters', async () => {
    const [sold, refused] = [aTopup(), aTopup({ number: '71234567' })]
    await writer.enqueueAll([sold, refused])
    await writer.enqueueAll([
      aVerdict(idOf(sold), 'authorized'),
      aVerdict(idOf(refused), 'rejected'),
    ])
    const found = (query: object) => reads().topups(merchant, HistoryQuery.parse(query))
    expect((await found({ state: 'committed' })).items.map(({ id }) => id)).toEqual([1])
    expect((await found({ operator: 'Entel' })).items).toEqual([])
    expect((await found({ sessionId: 1 })).total).toBe(2)
    expect((await found({ phoneNumber: '71234567' })).items.map(({ id }) => id)).toEqual([2])
    expect(await found({ phoneNumber: '7123456' })).toMatchObject({ items: [], total: 0 })
    expect((await found({ to: new Date(start).toISOString() })).items).toEqual([])
    expect((await reads().topups(stranger, HistoryQuery.parse({}))).items).toEqual([])
    expect((await reads().injections(merchant, HistoryQuery.parse({}))).items).toMatchObject([
      { operator: 'Tigo', amount: 10_000 },
    ])
  })
})

describe('the period of a history', () => {
  it('is that of the requests, whenever the sales were reserved', async () => {
    const at = (offsetMs: number) => new Date(start + offsetMs).toISOString()
    await writer.enqueue(aTopup({ requestedAt: at(-5_000) }))
    const found = async (query: object) =>
      (await reads().topups(merchant, HistoryQuery.parse(query))).items.map(({ id }) => id)
    expect(await found({ from: at(-5_000), to: at(-4_999) })).toEqual([1])
    expect(await found({ from: at(-4_999), to: at(60_000) })).toEqual([])
    expect(await found({ from: at(-60_000), to: at(-5_000) })).toEqual([])
    expect(await found({ from: at(-86_400_000), to: '9999-12-31T23:59:59.999Z' })).toEqual([1])
  })
})

describe('sales and cases in review', () => {
  const first = HistoryQuery.parse({})

  it('is listed with all that happened to it, the longest first, and leaves the list when settled', async () => {
    const [one, other] = [aTopup(), aTopup({ number: '71234567' })]
    await writer.enqueueAll([one, other])
    await writer.enqueueAll([one, other].map((sale) => aVerdict(idOf(sale), 'unresolved')))
    const waiting = await reads().reviews(merchant, first)
    expect(waiting.map(({ id, state }) => [id, state])).toEqual([
      [1, 'in-review'],
      [2, 'in-review'],
    ])
    expect(waiting[0]?.timeline?.map(({ step }) => step)).toEqual([
      'requested',
      'reserved',
      'in-review',
    ])
    expect(await reads().reviews(stranger, first)).toEqual([])

    await writer.enqueue(aDecision(idOf(one), 'rejected'))
    expect((await reads().reviews(merchant, first))[0]).toMatchObject({
      decision: { result: 'rejected', by: '1', isFinal: true },
    })
    await writer.enqueue(aVerdict(idOf(one), 'unresolved', { closed: true }))
    expect((await reads().reviews(merchant, first)).map(({ id }) => id)).toEqual([2])
    expect((await reads().topup(merchant, 1))?.timeline?.map(({ step }) => step)).toEqual([
      'requested',
      'reserved',
      'in-review',
      'decided',
      'released',
    ])
  })

  it('is listed for operators over every shop, the oldest first, with its attempts', async () => {
    const [one, other] = [aTopup(), aTopup({ number: '78945613' })]
    await writer.enqueueAll([one, other])
    const { held } = operatorReads()
    const limit = 10
    expect((await held({ state: 'reserved', limit })).map(({ id }) => id)).toEqual([1, 2])
    expect(await held({ state: 'reserved', limit: 1 })).toHaveLength(1)
    expect(await held({ state: 'reserved', merchant: stranger, limit })).toEqual([])
    await writer.enqueue(aVerdict(idOf(one), 'unresolved'))
    expect((await held({ state: 'reserved', limit })).map(({ id }) => id)).toEqual([2])
    expect(await held({ state: 'in-review', merchant, limit })).toMatchObject([
      { id: 1, merchant, attempts: expect.any(Array) },
    ])
  })

  it('is a case when the truth came too late', async () => {
    const sale = aTopup()
    await writer.enqueue(sale)
    await writer.enqueue(aVerdict(idOf(sale), 'rejected'))
    expect(await reads().cases(merchant, first)).toEqual([])
    await writer.enqueue(aVerdict(idOf(sale), 'authorized'))
    expect(await reads().cases(merchant, first)).toMatchObject([
      {
        kind: 'authorized-after-release',
        amount: 1_050,
        topup: { id: 1, state: 'committed' },
        closing: null,
      },
    ])
    expect(await reads().cases(stranger, first)).toEqual([])
  })

  it('stays open, and counted, until a person closes it; the first closing counts', async () => {
    const sale = aTopup()
    await writer.enqueue(sale)
    await writer.enqueue(aVerdict(idOf(sale), 'rejected'))
    await writer.enqueue(aVerdict(idOf(sale), 'authorized'))
    const cases = createCases(allReads().caseBook, () => start)
    const query = CaseQuery.parse({})
    const id = `${idOf(sale)}:authorized-after-release`
    expect(await cases.list(query)).toMatchObject([{ id, merchant, closing: null }])
    expect(await cases.find(idOf(sale))).toMatchObject({ id })
    expect(await cases.find(idOf(aTopup()))).toBeNull()
    await writer.projectAll()
    const open = async () =>
      (await operatorReads().overview()).openCases.find(({ kind }) => id.endsWith(kind))?.count
    expect(await open()).toBe(1)

    const word = { by: 'Ana Rojas', reason: 'the carrier paid it back' }
    const at = new Date(start).toISOString()
    expect(await cases.close(idOf(sale), word)).toMatchObject({
      kind: 'closed',
      case: { id, closing: { ...word, at } },
    })
    expect(await cases.close(id, { ...word, by: 'Luz Paz' })).toMatchObject({
      kind: 'closed-before',
      case: { closing: { by: 'Ana Rojas' } },
    })
    expect(await open()).toBe(0)
    expect(await cases.list(query)).toEqual([])
    expect(await cases.list({ ...query, state: 'closed' })).toMatchObject([{ id }])
    expect(await reads().cases(merchant, first)).toMatchObject([{ id, closing: { ...word, at } }])
    expect(await cases.list({ ...query, state: 'all', merchant: stranger })).toEqual([])
  })
})

describe('balances, cajas and sessions', () => {
  it('a caja retired with money is listed for operators, one in use is not', async () => {
    const { retiredCajas } = operatorReads()
    await writer.enqueue(aTopup())
    expect(await retiredCajas()).toEqual([])
    // No operation retires a caja with money any more.
    await database.db
      .collection<{ _id: string }>('cash')
      .updateOne({ _id: cajaDocId(merchant, 1) }, { $set: { active: false } })
    expect(await retiredCajas()).toMatchObject([
      { merchant, caja: { id: 1, balance: 40_000, incoming: 1_050 } },
    ])
  })

  it('show every write: the next read has it', async () => {
    await writer.enqueue(aTopup())
    expect(await reads().floats(merchant)).toMatchObject([
      { operator: 'Tigo', posted: 10_000, reserved: 1_050, available: 8_950 },
    ])
    expect(await reads().activeSession(merchant, '2')).toMatchObject({ id: 1, pending: 1_050 })
    expect(await reads().caja(merchant, 1)).toMatchObject({
      caja: { id: 1, balance: 40_000 },
      sessions: [{ id: 1, state: 'open' }],
    })
    await writer.enqueue(aClosing({ counted: money(40_000), acceptPending: true }))
    expect(await reads().activeSession(merchant, '2')).toBeNull()
    expect(await reads().session(merchant, 1)).toMatchObject({ state: 'closed', pending: 1_050 })
  })

  it('are low by the ledger’s own limits, for tills and operators alike', async () => {
    await writer.enqueue(aTopup())
    await writer.projectAll()
    expect(await operatorReads().overview()).toMatchObject({
      held: [
        { state: 'reserved', count: 1 },
        { state: 'in-review', count: 0, oldestAt: null },
      ],
      lowFloats: [{ merchant, operator: 'Tigo', available: 8_950 }],
    })
    const [till] = await reads(lowFloatLimits(0, '9000')).floats(merchant)
    expect(till).toMatchObject({ operator: 'Tigo', isLow: true })
    expect((await reads().floats(merchant))[0]).toMatchObject({ isLow: false })
  })

  it('are nothing for another merchant', async () => {
    await writer.enqueue(aCaja({ name: 'Caja 02' }))
    expect(await reads().cajas(merchant)).toHaveLength(2)
    expect(await reads().cajas(stranger)).toEqual([])
    expect(await reads().caja(stranger, 1)).toBeNull()
    expect(await reads().session(stranger, 1)).toBeNull()
    expect(await reads().floats(stranger)).toEqual([])
  })
})
