import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  money,
  partitionOf,
  shopDayOf,
  shopTimeOf,
  StatementQuery,
  type MerchantId,
  type OperatorName,
  type StatementPage,
} from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'
import {
  aCajaChange,
  aClosing,
  aHandOver,
  aMovement,
  anId,
  anInjection,
  anOpening,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  start,
} from '../testing/builders.ts'
import { sessionDocId } from '../mongo/documents.ts'
import { ensureProjections } from '../projections/all.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { profiled } from '../testing/profiled.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { testReads } from '../testing/test-reads.ts'

const stranger = 'bogota' as MerchantId
const entel = 'Entel' as OperatorName
const partition = partitionOf(merchant)

let database: LogDatabase
let writer: TestLogWriter
let time = start
const reads = () =>
  testReads(database, { now: () => time, wakeProjector: writer.wakeProjector }).reads
const asked = (query: object = {}) => StatementQuery.parse(query)
const seconds = (count: number) => start + count * 1_000

/** Writes one operation at its own time; gives back its id. */
const at = async (instant: number, operation: Operation): Promise<Operation> => {
  time = instant
  writer.setTime(instant)
  await writer.enqueue(operation)
  return operation
}
const sell = async (instant: number, number: string, changed: object = {}) =>
  at(instant, aTopup({ number, ...changed }))

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

const short = (page: StatementPage | null) =>
  page?.entries.map(({ kind, number, change, after }) => [
    kind,
    number,
    change.posted,
    after.posted,
    after.reserved + after.incoming,
  ])

describe('the statement of a float', () => {
  it('shows each step with the balances after it, oldest first', async () => {
    const sold = await sell(seconds(1), '70000001')
    const refused = await sell(seconds(2), '70000002')
    await at(seconds(3), aVerdict(idOf(sold), 'authorized'))
    await at(seconds(4), aVerdict(idOf(refused), 'rejected'))
    await at(seconds(5), aVerdict(idOf(refused), 'authorized'))
    const page = await reads().floatStatement(merchant, 'Tigo', asked())
    expect(short(page)).toEqual([
      ['injection', 1, 10_000, 10_000, 0],
      ['hold', 1, 0, 10_000, 1_050],
      ['hold', 2, 0, 10_000, 2_100],
      ['sale', 1, -1_050, 8_950, 1_050],
      ['release', 2, 0, 8_950, 0],
      ['correction', 2, -1_050, 7_900, 0],
    ])
    expect(page).toMatchObject({ currency: 'BOB', next: null })
    expect(page?.entries.map(({ operationId }) => operationId).slice(1, 2)).toEqual([idOf(sold)])
  })

  it('comes page by page, nothing twice and nothing left out, even of one instant', async () => {
    await writer.enqueueAll(
      Array.from({ length: 8 }, (_, index) => aTopup({ number: String(70_000_000 + index) })),
    )
    const whole = await reads().floatStatement(merchant, 'Tigo', asked())
    expect(new Set(whole?.entries.map((entry) => entry.at)).size).toBe(1)
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await reads().floatStatement(merchant, 'Tigo', asked({ limit: 2, cursor }))
      expect(page?.entries.length).toBeLessThanOrEqual(2)
      seen.push(...(page?.entries ?? []).map(({ seq }) => seq))
      cursor = page?.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(whole?.entries.map(({ seq }) => seq))
    expect(seen).toHaveLength(9)
  })

  it('keeps to its period: from is within it, to is not', async () => {
    for (const second of [1, 2, 3]) await sell(seconds(second), `7000000${second}`)
    const period = {
      from: new Date(seconds(1)).toISOString(),
      to: new Date(seconds(3)).toISOString(),
    }
    const page = await reads().floatStatement(merchant, 'Tigo', asked(period))
    expect(page?.entries.map(({ number }) => number)).toEqual([1, 2])
  })

  it('is nothing for another merchant or an unknown operator', async () => {
    expect(await reads().floatStatement(stranger, 'Tigo', asked())).toBeNull()
    expect(await reads().floatStatement(merchant, 'Viva', asked())).toBeNull()
  })
})

describe('the statement of a session', () => {
  it('shows the cash that moved in it, with the reason', async () => {
    const sold = await sell(seconds(1), '70000001')
    await at(seconds(2), aVerdict(idOf(sold), 'authorized'))
    await at(seconds(3), aMovement({ reason: '=cambio', amount: money(500) }))
    await at(seconds(4), aMovement({ direction: 'out', amount: money(200) }))
    await at(seconds(5), aCajaChange({ balance: money(41_000) }))
    await at(seconds(6), aClosing({ counted: money(41_100) }))
    const page = await reads().sessionStatement(merchant, 1, asked())
    expect(short(page)).toEqual([
      ['opening', null, 50_000, 50_000, 0],
      ['injection', 1, -10_000, 40_000, 0],
      ['hold', 1, 0, 40_000, 1_050],
      ['sale', 1, 1_050, 41_050, 0],
      ['cash-in', 1, 500, 41_550, 0],
      ['cash-out', 2, -200, 41_350, 0],
      ['correction', null, -350, 41_000, 0],
      ['closing', null, 100, 41_100, 0],
    ])
    expect(page?.entries[4]).toMatchObject({ reason: '=cambio', operator: null })
    expect(page?.entries[3]).toMatchObject({ operator: 'Tigo', originSessionId: null })
  })

  it('ends with the session: a later settlement is the open session’s, and names its origin', async () => {
    const late = await sell(seconds(1), '70000001')
    await at(seconds(2), aClosing({ counted: money(41_050), acceptPending: true }))
    await at(seconds(2), anOpening({ declared: money(41_050) }))
    const closed = await reads().sessionStatement(merchant, 1, asked())
    await at(seconds(3), aVerdict(idOf(late), 'authorized'))
    expect(await reads().sessionStatement(merchant, 1, asked())).toEqual(closed)
    expect(short(closed)?.map(([kind]) => kind)).toEqual(['opening', 'injection', 'hold'])
    const open = await reads().sessionStatement(merchant, 2, asked())
    expect(open?.entries).toMatchObject([
      { kind: 'late-sale', originSessionId: 1, number: 1, change: { posted: 1_050 } },
    ])
  })

  it('begins where the one before ended: each change between two is in the next, even of one instant', async () => {
    const sold = await Promise.all(
      ['70000001', '70000002', '70000003'].map((number) => sell(start, number)),
    )
    const [first, second, handedBack] = sold.map(idOf)
    const pending = 3 * 1_050
    await writer.enqueueAll([
      aClosing({ counted: money(40_000 + pending), acceptPending: true }),
      aVerdict(first ?? anId(), 'authorized'),
      aCajaChange({ balance: money(39_950 + pending) }),
      anOpening({ declared: money(39_940 + pending) }),
      aClosing({ sessionId: 2, counted: money(39_940 + pending) }),
      aVerdict(second ?? anId(), 'authorized'),
      anOpening(),
      aVerdict(handedBack ?? anId(), 'rejected'),
    ])
    const pages = await Promise.all(
      [1, 2, 3].map((id) => reads().sessionStatement(merchant, id, asked())),
    )
    expect(pages.slice(1).map(short)).toEqual([
      [
        ['late-sale', 1, 1_050, 41_050, 2_100],
        ['correction', null, -50, 41_000, 2_100],
        ['opening', null, -10, 40_990, 2_100],
      ],
      [
        ['late-sale', 2, 1_050, 42_040, 1_050],
        ['release', 3, 0, 42_040, 0],
      ],
    ])
    expect(pages[2]?.entries.map(({ originSessionId }) => originSessionId)).toEqual([1, 1])
    const seqs = pages.flatMap((page) => page?.entries.map(({ seq }) => seq) ?? [])
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other))
    expect(await reads().shiftReport(merchant, 2)).toMatchObject({
      session: { opening: 40_990, openingDifference: -10, pendingEarlier: 2_100 },
      totals: [
        { kind: 'correction-before', amount: -50 },
        { kind: 'sale-before', operator: 'Tigo', count: 1, amount: 1_050 },
      ],
      broughtForward: 40_000,
      atOpening: { amount: -10 },
      expected: 40_990,
    })
    expect(await reads().shiftReport(merchant, 3)).toMatchObject({
      session: { opening: 42_040, pendingEarlier: 0 },
      totals: [{ kind: 'sale-before', amount: 1_050 }],
      broughtForward: 40_990,
      expected: 42_040,
    })
  })

  it('of a day adds up its sales by operator, caja, hour and state, and lists its sessions', async () => {
    const zone = 'America/La_Paz'
    const nextDay = start + 24 * 3_600_000
    const first = await sell(seconds(1), '70000001')
    await at(seconds(2), aVerdict(idOf(first), 'authorized'))
    const anHourLater = new Date(seconds(3_601)).toISOString()
    const second = await sell(seconds(3_601), '70000002', {
      amount: money(2_000),
      requestedAt: anHourLater,
    })
    await at(seconds(3_602), aVerdict(idOf(second), 'rejected'))
    await sell(nextDay, '70000003')
    await at(nextDay + 1, aHandOver({ counted: money(42_100), acceptPending: true }))
    const report = await reads().dayReport(merchant, shopDayOf(start, zone), zone)
    const hour = Number(shopTimeOf(start, zone).slice(11, 13))
    expect(report.sums).toEqual([
      { operator: 'Tigo', cajaId: 1, hour, state: 'committed', count: 1, amount: 1_050 },
      { operator: 'Tigo', cajaId: 1, hour: hour + 1, state: 'released', count: 1, amount: 2_000 },
    ])
    expect(report.sessions.map(({ id }) => id)).toEqual([1])
    expect(report.position).toBeGreaterThan(0)
    const next = await reads().dayReport(merchant, shopDayOf(nextDay, zone), zone)
    expect(next.sums).toMatchObject([{ state: 'reserved', count: 1 }])
    expect(next.sessions.map(({ id }) => id)).toEqual([1, 2])
    expect(await reads().dayReport(stranger, shopDayOf(start, zone), zone)).toMatchObject({
      sums: [],
      sessions: [],
    })
  })

  it('is nothing for another merchant or an unknown number', async () => {
    expect(await reads().sessionStatement(stranger, 1, asked())).toBeNull()
    expect(await reads().sessionStatement(merchant, 9, asked())).toBeNull()
    expect(await reads().sessionBalance(merchant, 9, start)).toBeNull()
    expect(await reads().shiftReport(stranger, 1)).toBeNull()
  })
})

describe('a balance at an instant', () => {
  it('is that of the last entry at or before it', async () => {
    const sold = await sell(seconds(1), '70000001')
    await at(seconds(2), aVerdict(idOf(sold), 'authorized'))
    const float = async (instant: number) => {
      const found = await reads().floatBalance(merchant, 'Tigo', instant)
      return [found?.posted, found?.reserved]
    }
    expect(await float(start - 1)).toEqual([0, 0])
    expect(await float(start)).toEqual([10_000, 0])
    expect(await float(seconds(1))).toEqual([10_000, 1_050])
    expect(await float(seconds(2) - 1)).toEqual([10_000, 1_050])
    expect(await float(seconds(2))).toEqual([8_950, 0])
    expect(await reads().sessionBalance(merchant, 1, seconds(1))).toMatchObject({
      posted: 40_000,
      incoming: 1_050,
    })
  })

  it('still to come is now; outside a session it is the session’s own nearest end', async () => {
    const now = new Date(start).toISOString()
    expect(await reads().floatBalance(merchant, 'Tigo', seconds(9))).toMatchObject({ at: now })
    expect(await reads().sessionBalance(merchant, 1, start - 5)).toMatchObject({ at: now })
    await at(seconds(1), aClosing({ counted: money(40_000) }))
    await at(seconds(2), anOpening())
    await at(seconds(3), aMovement({ sessionId: 2 }))
    expect(await reads().sessionBalance(merchant, 1, seconds(3))).toMatchObject({
      at: new Date(seconds(1)).toISOString(),
      posted: 40_000,
    })
  })
})

describe('the report of a shift', () => {
  const busyShift = async () => {
    await at(start, anInjection({ operator: entel, amount: money(5_000) }))
    const sold = await sell(seconds(1), '70000001')
    const other = await sell(seconds(1), '70000002', { operator: entel, slug: 'entel' })
    const refused = await sell(seconds(1), '70000003')
    await sell(seconds(1), '70000004', { amount: money(2_000), carrierAmount: 2_000 })
    await at(seconds(2), aVerdict(idOf(sold), 'authorized'))
    await at(seconds(2), aVerdict(idOf(other), 'authorized'))
    await at(seconds(2), aVerdict(idOf(refused), 'rejected'))
    await at(seconds(3), aMovement({ amount: money(500) }))
    await at(seconds(3), aMovement({ amount: money(100) }))
    await at(seconds(4), aMovement({ direction: 'out', amount: money(200) }))
    await at(seconds(5), aCajaChange({ balance: money(39_000) }))
  }
  const total = (kind: string, operator: string | null, count: number, amount: number) => ({
    kind,
    operator,
    count,
    amount,
  })

  it('adds up by kind and operator, pending apart, with the expected cash so far', async () => {
    await busyShift()
    const report = await reads().shiftReport(merchant, 1)
    expect(report?.totals).toEqual([
      total('cash-in', null, 2, 600),
      total('cash-out', null, 1, -200),
      total('correction-out', null, 1, -500),
      total('initial', null, 1, 50_000),
      total('injection', 'Entel', 1, -5_000),
      total('injection', 'Tigo', 1, -10_000),
      total('pending', 'Tigo', 1, 2_000),
      total('sale', 'Entel', 1, 1_050),
      total('sale', 'Tigo', 1, 1_050),
    ])
    expect(report).toMatchObject({
      expected: 37_000,
      pending: 2_000,
      broughtForward: 0,
      atClosing: null,
    })
  })

  it('of a closed session never changes, whatever becomes of its sales', async () => {
    await busyShift()
    const late = (await reads().topup(merchant, 4))?.topupId
    await at(seconds(6), aClosing({ counted: money(38_900), acceptPending: true }))
    const closed = await reads().shiftReport(merchant, 1)
    expect(closed).toMatchObject({
      session: { state: 'closed', expected: 37_000, counted: 38_900, difference: -100 },
      pending: 2_000,
      atClosing: { amount: -100, at: new Date(seconds(6)).toISOString() },
    })
    await at(seconds(7), anOpening({ declared: money(38_900) }))
    await at(seconds(8), aVerdict(late ?? anId(), 'authorized'))
    expect(await reads().shiftReport(merchant, 1)).toEqual(closed)
    expect(await reads().shiftReport(merchant, 2)).toMatchObject({
      totals: [total('late-sale', 'Tigo', 1, 2_000)],
      expected: 38_900,
    })
  })

  it('is refused where the lines contradict the session', async () => {
    await busyShift()
    await writer.projectAll()
    await database.db
      .collection<{ _id: string; income: number }>('cash')
      .updateOne({ _id: sessionDocId(merchant, 1) }, { $inc: { income: 1 } })
    await expect(reads().shiftReport(merchant, 1)).rejects.toThrow(
      'session principal/1: income 2701, lines 2700',
    )
  })
})

describe('a report is cut at one block', () => {
  const setUp = async () => {
    const sold = await sell(seconds(1), '70000001')
    await writer.projectAll()
    const sessionsOf = database.db.collection<{ _id: string; position: number }>('cash')
    const lines = database.db.collection('statement_lines')
    const _id = sessionDocId(merchant, 1)
    const before = await sessionsOf.findOne({ _id })
    await at(seconds(2), aVerdict(idOf(sold), 'authorized'))
    await writer.projectAll()
    const newest = await lines.find({ position: { $gt: before?.position ?? 0 } }).toArray()
    expect(newest.length).toBeGreaterThan(0)
    const names: number[] = []
    const { reads: cut } = testReads(database, {
      now: () => time,
      shown: async (_partition, _needs, named) => {
        if (named === undefined) return { kind: 'reached', position: before?.position ?? 0 }
        names.push(named)
        if ((await lines.countDocuments({ position: named })) === 0) await lines.insertMany(newest)
        return { kind: 'reached', position: named }
      },
    })
    return { before, newest, names, sessionsOf, lines, cut }
  }

  it('a session that is ahead waits for its lines', async () => {
    const { newest, names, lines, cut } = await setUp()
    await lines.deleteMany({ position: newest[0]?.['position'] })
    expect(await cut.shiftReport(merchant, 1)).toMatchObject({ session: { income: 1_050 } })
    expect(names).toEqual([newest[0]?.['position']])
  })

  it('lines that are ahead of the session are of a later block', async () => {
    const { before, names, sessionsOf, cut } = await setUp()
    if (before === null) throw new Error('the session is missing')
    await sessionsOf.replaceOne({ _id: before._id }, before)
    expect(await cut.shiftReport(merchant, 1)).toMatchObject({
      session: { income: 0 },
      pending: 1_050,
    })
    expect(await cut.sessionBalance(merchant, 1, seconds(9))).toMatchObject({ incoming: 1_050 })
    expect(names).toEqual([])
  })
})

describe('every read of these', () => {
  it('is one scan of the account’s own keys: no other index, no sort, no key too many', async () => {
    for (const index of Array.from({ length: 40 }).keys()) {
      await sell(seconds(index), String(70_000_000 + index), { amount: money(10) })
    }
    await writer.projectAll()
    const read = reads()
    const limit = 5
    const first = await read.floatStatement(merchant, 'Tigo', asked({ limit }))
    const next = asked({ limit, cursor: first?.next ?? undefined })
    for (const [work, keysMax] of [
      [() => read.floatStatement(merchant, 'Tigo', next), 100],
      [() => read.sessionStatement(merchant, 1, next), 100],
      [() => read.floatBalance(merchant, 'Tigo', seconds(20)), 1],
      [() => read.sessionBalance(merchant, 1, seconds(20)), 1],
      [() => read.shiftReport(merchant, 1), 45],
    ] as const) {
      const queries = await profiled(database, work)
      const ofLines = queries.filter(({ shape }) => shape.startsWith('statement_lines'))
      expect(ofLines.map(({ plan }) => plan)).toEqual(['IXSCAN { _id: 1 }'])
      for (const { examined } of ofLines) expect(examined).toBeLessThanOrEqual(keysMax)
      expect(
        queries.filter(({ plan, hasSortStage }) => hasSortStage || plan.includes('COLLSCAN')),
      ).toEqual([])
    }
  })
})
