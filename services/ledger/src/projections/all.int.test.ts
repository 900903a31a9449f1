import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import { accountOf, cajaOf, merchantOf, sessionOf, topupOf } from '../mongo/documents.ts'
import {
  aClosing,
  aDecision,
  aMovement,
  anInjection,
  anOpening,
  anOpenShopOperations,
  aRefusedPress,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { rebuiltState } from '../testing/rebuilt-state.ts'
import { ensureProjections, projections } from './all.ts'
import { createProjectionStore } from './projection-store.ts'
import { createProjector } from './projector.ts'
import type { ReadableBlock } from './projection.ts'

let database: LogDatabase
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
  await ensureProjections(database.db)
}, 60_000)
afterAll(() => database.drop())

const partition = 3
const story = () => {
  const sale = aTopup()
  const released = aTopup({ number: '70000002', amount: money(2_000) })
  const reviewed = aTopup({ number: '70000003', amount: money(3_000) })
  return [
    ...anOpenShopOperations(),
    sale,
    aVerdict(idOf(sale), 'authorized'),
    released,
    reviewed,
    aVerdict(idOf(released), 'rejected'),
    aVerdict(idOf(released), 'authorized'),
    aVerdict(idOf(reviewed), 'pending', { nextAt: new Date(start + 90_000).toISOString() }),
    aVerdict(idOf(reviewed), 'unresolved'),
    aDecision(idOf(reviewed), 'authorized'),
    anInjection({ amount: money(700) }),
    aMovement(),
    aRefusedPress(),
    aClosing({ acceptPending: true }),
    anOpening(),
  ]
}

/** Two operations in each block. */
const projectedStory = () => {
  const shop = aShop([])
  const rebuilt = rebuiltState()
  const blocks: ReadableBlock[] = []
  const operations = story()
  for (let from = 0; from < operations.length; from += 2) {
    shop.wait(1_000)
    const entries = operations.slice(from, from + 2).flatMap((operation) => {
      const taken = rebuilt.take(operation, shop.run(operation), shop.at())
      return taken === null ? [] : [taken.read]
    })
    blocks.push({ partition, position: blocks.length, at: shop.at(), entries, bytes: 1 })
  }
  return { shop, blocks }
}

const all = async (name: string, filter: object = {}) =>
  (await database.db.collection(name).find(filter).toArray()) as never[]
const byId = <Value extends object>(values: Iterable<Value>) =>
  [...values].map((value) => JSON.stringify(value, Object.keys(value).sort())).sort()

test('the projections show the state that the blocks made, each document at its block', async () => {
  const { shop, blocks } = projectedStory()
  const store = createProjectionStore(database.db, { timeoutMs: 5_000 })
  const projector = createProjector(projections, store, { blocksMax: 3 })
  await projector.begin(partition)
  blocks.forEach(projector.enqueue)
  for (let round = 0; projector.lag().blocks > 0; round += 1) {
    expect(round).toBeLessThan(20)
    expect(await projector.project()).toEqual([])
  }

  const { state } = shop
  expect((await all('balances', { is: 'account' })).map(accountOf)).toEqual(
    expect.arrayContaining([...state.accounts.values()]),
  )
  expect((await all('balances', { is: 'merchant' })).map(merchantOf)).toEqual([
    ...state.merchants.values(),
  ])
  expect((await all('cash', { is: 'caja' })).map(cajaOf)).toEqual([...state.cajas.values()])
  expect(byId((await all('cash', { is: 'session' })).map(sessionOf))).toEqual(
    byId(state.sessions.values()),
  )
  const sales = (await all('sales')).map(topupOf)
  expect(sales).toHaveLength(state.topups.size)
  for (const sale of sales) expect(sale).toEqual(state.topups.get((sale as { id: string }).id))
  expect(await all('cases')).toHaveLength(1)
  expect(await all('injections')).toHaveLength(2)
  const entries = blocks.flatMap((block) => block.entries)
  expect(await all('operations')).toHaveLength(entries.length)

  const float = [...state.accounts.keys()].find((id) => id.endsWith('float/Tigo')) ?? ''
  const statement = await database.db
    .collection('statement_lines')
    .find({
      _id: {
        $gte: { p: partition, account: float, at: new Date(0), n: 0 },
        $lt: { p: partition, account: float, at: new Date(8e15), n: 0 },
      },
    } as never)
    .sort({ _id: 1 })
    .toArray()
  const lines = statement.flatMap(({ lines: each }) => each as { after: { posted: number } }[])
  const expected = entries.flatMap((entry) =>
    entry.lines.filter(({ account }) => account === float),
  )
  const nothing = { posted: 0, reserved: 0, incoming: 0 }
  expect(lines.map(({ after }) => ({ ...nothing, ...after }))).toEqual(
    expected.map(({ after }) => after),
  )
})

test('a second effect of an operation, and a second end of a reservation, raise an alarm', async () => {
  const { blocks } = projectedStory()
  const store = createProjectionStore(database.db, { timeoutMs: 5_000 })
  const entries = blocks.flatMap((block) => block.entries)
  for (const twice of [
    entries.find(({ kind }) => kind === 'reserve'),
    entries.find(({ resolves }) => resolves !== null),
  ]) {
    if (twice === undefined) throw new Error('the story has one')
    const projector = createProjector(projections, store, { blocksMax: 3 })
    await projector.begin(4)
    const at = start
    projector.enqueue({ partition: 4, position: 0, at, entries: [twice], bytes: 1 })
    const again = twice.resolves === null ? twice : { ...twice, id: `${twice.id}-again` }
    projector.enqueue({ partition: 4, position: 1, at, entries: [again], bytes: 1 })
    const failures = await projector.project()
    expect(failures.map(({ projection }) => projection)).toEqual(['operations'])
    expect(String(failures[0]?.error)).toContain('E11000')
    await Promise.all(
      [...projections.map(({ name }) => name), 'projection_positions'].map((name) =>
        database.db.collection(name).deleteMany({ $or: [{ p: 4 }, { '_id.p': 4 }] }),
      ),
    )
  }
})
