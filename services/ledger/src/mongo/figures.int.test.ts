import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { accountDocId } from './documents.ts'
import { createFigures } from './figures.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const account = (_id: string, kind: string, amounts: readonly [number, number, number]) => {
  const [posted, reserved, incoming] = amounts
  const [merchant = '', , of = ''] = _id.split('/')
  return {
    _id: accountDocId(_id),
    is: 'account',
    p: 0,
    merchant,
    currency: 'BOB',
    kind,
    of,
    posted,
    reserved,
    incoming,
  }
}
const topup = (_id: string, merchant: string, number: number, state: string, at: string) => ({
  _id,
  p: 0,
  merchant,
  number,
  state,
  reservedAt: new Date(at),
  progressAt: new Date('2026-01-02T00:00:00Z'),
  ...(state === 'committed' ? {} : { open: true }),
})

it('floats, held sales, outbox and balance are what the database holds, settled sales aside', async () => {
  const { collections } = database
  await collections.state.insertMany([
    account('a/float/Tigo', 'float', [1_000, 300, 0]),
    account('b/float/Viva', 'float', [500, 0, 0]),
    account('a/other-income', 'other-income', [-1_507, 0, 300]),
  ] as never)
  await collections.topups.insertMany([
    topup('1', 'a', 1, 'committed', '2026-01-01T00:00:00Z'),
    topup('2', 'a', 2, 'reserved', '2026-01-01T00:02:00Z'),
    topup('3', 'a', 3, 'reserved', '2026-01-01T00:03:00Z'),
    topup('4', 'b', 1, 'reserved', '2026-01-01T00:01:00Z'),
  ] as never)
  await collections.outbox.insertMany([
    { _id: 'y', p: 0, at: new Date('2026-01-01T00:09:00Z'), messages: [] },
    { _id: 'x', p: 0, at: new Date('2026-01-01T00:08:00Z'), messages: [] },
  ])
  const figures = await createFigures(database)()
  expect(figures.floats).toEqual([
    { merchant: 'a', operator: 'Tigo', currency: 'BOB', available: 700, reserved: 300 },
    { merchant: 'b', operator: 'Viva', currency: 'BOB', available: 500, reserved: 0 },
  ])
  expect(figures.imbalances).toEqual([{ currency: 'BOB', amount: 7 }])
  expect(figures.held).toEqual([
    { state: 'reserved', count: 3, oldestAt: Date.parse('2026-01-01T00:01:00Z') },
    { state: 'in-review', count: 0, oldestAt: null },
  ])
  expect(figures.oldestUnsentAt).toBe(Date.parse('2026-01-01T00:08:00Z'))
})

it('no figure looks at a settled sale', async () => {
  const { collections } = database
  for (const query of [
    collections.topups.find({ open: true, state: 'reserved' }),
    collections.topups.find({ open: true, merchant: 'a', state: 'reserved' }).sort({ number: 1 }),
  ]) {
    const { executionStats } = (await query.explain('executionStats')) as {
      readonly executionStats: { readonly totalDocsExamined: number; readonly nReturned: number }
    }
    expect(executionStats.totalDocsExamined).toBe(executionStats.nReturned)
  }
})
