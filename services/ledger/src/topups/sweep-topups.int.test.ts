import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createOutbox } from '../mongo/outbox.ts'
import {
  aDecision,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testWriter, type TestWriter } from '../testing/test-writer.ts'
import type { OutboxMessage } from '../writer/ports.ts'
import { createSweeper } from './sweep-topups.ts'

const limits = { outboxAgeMs: 2_000, backoffMsMin: 5_000, backoffMsMax: 60_000, batchMax: 200 }

let database: FreshDatabase
let writer: TestWriter
let time = start
let brokerUp = true
let sent: OutboxMessage[] = []
const aSweeper = () =>
  createSweeper(
    {
      ...createOutbox(database),
      send: (messages) => {
        if (brokerUp) sent.push(...messages)
        return Promise.resolve(brokerUp)
      },
      now: () => time,
    },
    limits,
  )
const jobs = () => sent.filter(({ type }) => type === 'FundsReserved.v1').length

beforeAll(async () => {
  database = await freshDatabase()
})
beforeEach(async () => {
  time = start
  sent = []
  brokerUp = true
  writer = testWriter(database)
  await writer.submitAll(anOpenShopOperations())
  await database.collections.outbox.deleteMany({})
})
afterEach(() => database.empty())
afterAll(() => database.drop())

describe('the sweeper', () => {
  it('leaves alone what is still on its way', async () => {
    await writer.submit(aTopup())
    time = start + limits.outboxAgeMs
    expect(await aSweeper().sweep()).toEqual({ unsent: 0, asked: 0 })
  })

  it('sends what a dead ledger left in the outbox, and forgets it once it is sent', async () => {
    await writer.submit(aTopup())
    time = start + limits.outboxAgeMs + 1
    const sweeper = aSweeper()
    expect(await sweeper.sweep()).toEqual({ unsent: 1, asked: 0 })
    expect(sent.map(({ type }) => type)).toEqual(['FundsReserved.v1'])
    // The deletion is not waited for on a majority, and reads are: it shows a moment later.
    while ((await sweeper.sweep()).unsent > 0);
    expect(await database.collections.outbox.countDocuments()).toBe(0)
  })

  it('keeps in the outbox what the broker did not take', async () => {
    await writer.submit(aTopup())
    time = start + limits.outboxAgeMs + 1
    brokerUp = false
    const sweeper = aSweeper()
    await sweeper.sweep()
    brokerUp = true
    expect(await sweeper.sweep()).toEqual({ unsent: 1, asked: 0 })
    expect(jobs()).toBe(1)
  })

  it('asks about a held sale again and again, ever more seldom, also after an emptied broker', async () => {
    await writer.submit(aTopup())
    await database.collections.outbox.deleteMany({})
    const sweeper = aSweeper()
    const askedAt: number[] = []
    for (let second = 1; second <= 160; second += 1) {
      time = start + second * 1_000
      if ((await sweeper.sweep()).asked === 1) askedAt.push(second)
    }
    expect(askedAt).toEqual([6, 11, 21, 41, 81, 141])
  })

  it('leaves a sale in review to its person, and has it closed once that has decided', async () => {
    const sale = aTopup()
    await writer.submit(sale)
    await writer.submit(aVerdict(idOf(sale), 'unresolved'))
    await database.collections.outbox.deleteMany({})
    time = start + 3_600_000
    const sweeper = aSweeper()
    expect(await sweeper.sweep()).toEqual({ unsent: 0, asked: 0 })
    await writer.submit(aDecision(idOf(sale), 'rejected'))
    await database.collections.outbox.deleteMany({})
    expect(await sweeper.sweep()).toEqual({ unsent: 0, asked: 1 })
    expect(sent.at(-1)?.type).toBe('CloseTopup.v1')
  })

  it('stops asking when the sale has ended', async () => {
    const sale = aTopup()
    await writer.submit(sale)
    await writer.submit(aVerdict(idOf(sale), 'authorized'))
    await database.collections.outbox.deleteMany({})
    time = start + 3_600_000
    expect(await aSweeper().sweep()).toEqual({ unsent: 0, asked: 0 })
  })
})
