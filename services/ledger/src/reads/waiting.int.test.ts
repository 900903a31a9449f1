import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  HeldQuery,
  HistoryQuery,
  ledgerPositionHeader,
  money,
  partitionOf,
  StatementQuery,
} from '@recargas/contracts'
import { closeServer, createMetrics, listen, silentLog } from '@recargas/runtime'
import { createCases } from '../cases/close-case.ts'
import { createHttp } from '../http/server.ts'
import { ensureProjections } from '../projections/all.ts'
import {
  anId,
  anOpenShopOperations,
  aTopup,
  idOf,
  merchant,
  start,
  tigo,
} from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { profiled } from '../testing/profiled.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { testReads } from '../testing/test-reads.ts'
import type { Reads } from './create-reads.ts'

let database: LogDatabase
let writer: TestLogWriter
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
  writer = testLogWriter(database, { partition: partitionOf(merchant) })
  await writer.enqueueAll(anOpenShopOperations())
  await writer.projectAll()
}, 60_000)
afterAll(async () => {
  await writer.stop()
  await database.drop()
})

const page = HistoryQuery.parse({})
const statement = StatementQuery.parse({})
/** Every read of one shop, and those of all that wait. */
const every = ({ reads, operatorReads, caseBook }: Reads) => ({
  operation: () => reads.operation(merchant, idOf(aTopup())),
  topup: () => reads.topup(merchant, 1),
  topups: () => reads.topups(merchant, page),
  injections: () => reads.injections(merchant, page),
  reviews: () => reads.reviews(merchant, page),
  cases: () => reads.cases(merchant, page),
  floats: () => reads.floats(merchant),
  cajas: () => reads.cajas(merchant),
  caja: () => reads.caja(merchant, 1),
  session: () => reads.session(merchant, 1),
  activeSession: () => reads.activeSession(merchant, '2'),
  floatStatement: () => reads.floatStatement(merchant, tigo, statement),
  sessionStatement: () => reads.sessionStatement(merchant, 1, statement),
  floatBalance: () => reads.floatBalance(merchant, tigo, start),
  sessionBalance: () => reads.sessionBalance(merchant, 1, start),
  shiftReport: () => reads.shiftReport(merchant, 1),
  held: () => operatorReads.held(HeldQuery.parse({ state: 'reserved' })),
  retiredCajas: () => operatorReads.retiredCajas(),
  case: () => caseBook.find('none'),
  caseList: () => caseBook.list({ state: 'open', limit: 10, cursor: 0, merchant }),
})

/** An instance that projects nothing; a second of its clock passes with each look. */
const stranger = (whileWaiting: () => Promise<void> = () => Promise.resolve()) => {
  let time = start
  return testReads(database, {
    now: () => start,
    waits: {
      now: () => time,
      pause: async () => {
        time += 1_000
        await whileWaiting()
      },
    },
  })
}

it('a read on an instance that does not own the partition waits for the projector of the one that does', async () => {
  const sale = aTopup({ number: '70000001', amount: money(1_000) })
  await writer.enqueue(sale)
  const { reads } = stranger(writer.projectAll)
  expect(await reads.operation(merchant, idOf(sale))).toMatchObject({ kind: 'topup' })
  await writer.enqueue(aTopup({ number: '70000002', amount: money(500) }))
  expect(await stranger(writer.projectAll).reads.floats(merchant)).toMatchObject([
    { reserved: 1_500 },
  ])
})

it('every read shows every appended block, or names the late projection after two seconds', async () => {
  await writer.enqueue(aTopup({ number: '70000003', amount: money(100) }))
  for (const [name, read] of Object.entries(every(stranger()))) {
    const error: unknown = await read().catch((thrown: unknown) => thrown)
    const late = /^ProjectionLate: partition \d+: projection \w+ does not show block \d+ yet$/
    expect([name, String(error)]).toEqual([name, expect.stringMatching(late)])
  }
  await writer.projectAll()
  for (const read of Object.values(every(stranger()))) await read()
})

/** Every document of the blocks and of the projections, by collection. */
const everything = async (): Promise<ReadonlyMap<string, unknown>> => {
  const collections = await database.db.listCollections({}, { nameOnly: true }).toArray()
  const names = collections.map(({ name }) => name).filter((name) => !name.startsWith('system.'))
  const documents = await Promise.all(
    names.sort().map((name) => database.db.collection(name).find().sort({ _id: 1 }).toArray()),
  )
  return new Map(names.map((name, index) => [name, documents[index]]))
}

it('a read of an unknown id by an instance 75 s ahead writes nothing, nor does any other read, and the owner goes on selling', async () => {
  await writer.enqueue(aTopup({ number: '70000005', amount: money(100) }))
  await writer.projectAll()
  const before = await everything()
  expect([...before.keys()]).toEqual(expect.arrayContaining(['blocks', 'operations', 'sales']))
  const ahead = () => start + 75_000
  const waits = { now: ahead, pause: () => Promise.resolve() }
  const all = testReads(database, { now: ahead, waits })
  expect(await all.reads.operation(merchant, anId())).toEqual({ kind: 'absent' })
  for (const read of Object.values(every(all))) await read()
  await all.operatorReads.overview()
  await all.figures()
  expect(await everything()).toEqual(before)
  const sale = aTopup({ number: '70000006', amount: money(100) })
  expect(await writer.enqueue(sale)).toEqual({ kind: 'done' })
  expect(await stranger(writer.projectAll).reads.operation(merchant, idOf(sale))).toMatchObject({
    kind: 'topup',
    topup: { state: 'reserved' },
  })
})

it('each read finds its documents by an index, and sorts nothing but held sales', async () => {
  const queries = await profiled(database, async () => {
    for (const read of Object.values(every(stranger()))) await read()
    const { reads } = stranger()
    await reads.topups(merchant, { ...page, sessionId: 1 })
    await reads.topups(merchant, { ...page, state: 'in-review' })
    await reads.topups(merchant, { ...page, phoneNumber: '70000006' })
    await reads.injections(merchant, { ...page, cursor: 5 })
  })
  const scans = queries.filter(({ plan }) => plan.includes('COLLSCAN'))
  expect(scans.map(({ shape }) => shape)).toEqual([])
  const sorts = queries.filter(({ hasSortStage }) => hasSortStage)
  expect(sorts.map(({ shape }) => shape)).toEqual(['sales.find p,open,state'])
  const used = new Set(queries.map(({ shape, plan }) => `${shape.split('.')[0]}: ${plan}`))
  for (const plan of [
    'balances: IXSCAN { p: 1, is: 1, kind: 1, merchant: 1 }',
    'cash: IXSCAN { p: 1, merchant: 1, id: 1 }',
    'cash: IXSCAN { p: 1, merchant: 1, cajaId: 1, id: -1 }',
    'cash: IXSCAN { p: 1, merchant: 1, userId: 1 }',
    'sales: IXSCAN { p: 1, merchant: 1, number: -1 }',
    'sales: IXSCAN { p: 1, merchant: 1, sessionId: 1, number: -1 }',
    'sales: IXSCAN { p: 1, merchant: 1, phone: 1, number: -1 }',
    'sales: IXSCAN { p: 1, merchant: 1, state: 1, number: 1 }',
    'sales: IXSCAN { p: 1, state: 1, progressAt: 1 }',
    'injections: IXSCAN { p: 1, merchant: 1, number: -1 }',
    'cases: IXSCAN { p: 1, merchant: 1, openedAt: 1, _id: 1 }',
    'operations: IXSCAN { p: 1, entry: 1, nth: 1 }',
  ]) {
    expect([...used]).toContain(plan)
  }
})

const token = 'a-service-token-of-a-test'

/** The HTTP of an instance that projects nothing. */
const strangerHttp = async () => {
  const { readsFrom, operatorReads, caseBook } = stranger()
  const unused = {} as never
  const app = createHttp({
    checks: [],
    metrics: createMetrics('ledger'),
    serviceToken: token,
    readsFrom,
    operatorReads,
    reconciliation: { run: null, latest: unused, casesOpen: unused },
    proof: { progress: () => Promise.resolve([]) },
    quarantine: unused,
    freeze: unused,
    cases: createCases(caseBook, () => start),
    days: unused,
    log: silentLog,
  })
  const server = await listen(app, 0, '127.0.0.1')
  const { port } = server.address() as AddressInfo
  return {
    ask: (path: string, named?: string) =>
      fetch(`http://127.0.0.1:${port}/internal${path}`, {
        headers: {
          authorization: `Bearer ${token}`,
          ...(named !== undefined && { [ledgerPositionHeader]: named }),
        },
      }),
    close: () => closeServer(server, { timeoutMs: 100 }),
  }
}

it('over HTTP it is 503 with Retry-After, and answered once it is shown; figures of all shops do not wait', async () => {
  const { ask, close } = await strangerHttp()
  await writer.enqueue(aTopup({ number: '70000004', amount: money(100) }))
  const paths = ['/merchants/principal/floats', '/held?state=reserved', '/cases/none']
  for (const path of paths) {
    const refused = await ask(path)
    expect([path, refused.status]).toEqual([path, 503])
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await refused.json()).toEqual({ code: 'UNAVAILABLE' })
  }
  expect((await ask('/overview')).status).toBe(200)
  await writer.projectAll()
  expect(await Promise.all(paths.map(async (path) => (await ask(path)).status))).toEqual([
    200, 200, 404,
  ])
  await close()
})

it('a block that the caller names is waited for, also where this instance does not know it yet', async () => {
  const { ask, close } = await strangerHttp()
  const sale = aTopup({ number: '70000007', amount: money(100) })
  const path = `/merchants/principal/operations/${idOf(sale)}`
  await writer.projectAll()
  const newest = await database.store.newestPosition(partitionOf(merchant))
  expect(await (await ask(path, String(newest))).json()).toEqual({ kind: 'absent' })
  const late = await ask(path, String(newest + 1))
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2'])
  await writer.enqueue(sale)
  await writer.projectAll()
  expect(await (await ask(path, String(newest + 1))).json()).toMatchObject({ kind: 'topup' })
  for (const bad of ['', '-1', '1.5', 'x', '1e3', '1'.repeat(16)]) {
    const refused = await ask(path, bad)
    expect([bad, refused.status]).toEqual([bad, 400])
    expect(await refused.json()).toEqual({
      code: 'BAD_REQUEST',
      problems: ['x-ledger-position: not the position of a block'],
    })
  }
  await close()
})
