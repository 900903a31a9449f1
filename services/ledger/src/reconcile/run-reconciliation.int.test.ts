import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { money, type CarrierMismatchMessage, type OperationId } from '@recargas/contracts'
import { silentLog } from '@recargas/runtime'
import mongoose from 'mongoose'
import type { Operation } from '../accounting/operation.ts'
import { createBalanceClient } from '../http/carrier-balance.ts'
import { createReconciliationStore } from '../mongo/reconciliations.ts'
import { ensureModels, openModels, type LedgerModels } from '../mongo/models.ts'
import { ensureProjections, projections } from '../projections/all.ts'
import { createAwaitPosition } from '../projections/await-position.ts'
import { openProjections } from '../projections/open-projections.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { createSalesQueries } from '../reads/sales-queries.ts'
import {
  aDecision,
  aRecharge,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  start,
} from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { profiled } from '../testing/profiled.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import type { Report } from './report.ts'
import { createReconciler, type Reconciler, type ReconcilePorts } from './run-reconciliation.ts'

/** The ledger's log on a real database; of the adapter only the route that tells the carrier's balance. */
const serviceToken = 'a-service-token-of-a-test'
let database: LogDatabase
let connection: mongoose.Connection
let models: LedgerModels
let writer: TestLogWriter
/** True when a read that waits also advances the projector. */
let isProjecting = true
let adapter: Server
let adapterUrl = ''
let balance = 100_000
let adapterUp = true
let atAnswer: () => Promise<unknown>
let time = start
let said: CarrierMismatchMessage[] = []
let brokerUp = true

beforeAll(async () => {
  database = await logDatabase()
  connection = await mongoose.createConnection(database.uri).asPromise()
  models = openModels(connection)
  await ensureModels(models)
  await ensureProjections(database.db)
  adapter = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${serviceToken}`
    if (!known || request.url !== '/internal/balance' || !adapterUp) {
      response.writeHead(known ? 503 : 401).end()
      return
    }
    const moment = new Date(time).toISOString()
    const body = { balance, maxLoanAmount: 5_000, askedAt: moment, answeredAt: moment }
    void atAnswer().then(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => adapter.listen(0, '127.0.0.1', resolve))
  adapterUrl = `http://127.0.0.1:${(adapter.address() as AddressInfo).port}`
})
beforeEach(async () => {
  balance = 100_000
  adapterUp = true
  atAnswer = () => Promise.resolve()
  time = start
  said = []
  brokerUp = true
  isProjecting = true
  writer = testLogWriter(database)
  await writer.enqueueAll(anOpenShopOperations())
})
afterEach(async () => {
  await writer.stop()
  for (const { name } of await database.db.listCollections().toArray()) {
    if (name !== 'system.profile') await database.db.collection(name).deleteMany({})
  }
})
afterAll(async () => {
  await new Promise((resolve) => adapter.close(resolve))
  await connection.close()
  await database.drop()
})

const newest = async (partition: number): Promise<number> => {
  const read = await database.store.newest(partition)
  return read?.kind === 'block' ? read.block.position : -1
}
/** Projects only for a read that waits: whatever a run finds, it has waited for. */
const salesQueries = () => {
  const { positionOf } = createProjectionStore(database.db, { timeoutMs: 5_000 })
  let projecting: Promise<unknown> = Promise.resolve()
  const awaitPosition = createAwaitPosition({
    newest,
    positions: async (partition) => {
      await projecting
      const found = projections.map(
        async ({ name }) => [name, await positionOf(name, partition)] as const,
      )
      return new Map(await Promise.all(found))
    },
    wakeProjector: () => {
      if (isProjecting) projecting = writer.projectAll()
    },
    now: () => Date.now(),
    pause: (delayMs) => pause(delayMs),
    limits: { waitMsMax: isProjecting ? 10_000 : 50, waitingMax: 100, pollEveryMs: 5 },
  })
  const projected = openProjections(database.db)
  return createSalesQueries({ projected, newest, awaitPosition, commitsPerQuery: 1 })
}
const aReconciler = (changed: Partial<ReconcilePorts> = {}): Reconciler =>
  createReconciler({
    carrierBalance: createBalanceClient({ adapterUrl, serviceToken, timeoutMs: 5_000 }).ask,
    sales: salesQueries(),
    runs: createReconciliationStore({ models }),
    publish: async (message) => {
      if (!brokerUp) return false
      said.push(message)
      await writer.enqueue({ type: 'CarrierMismatch', data: message.data })
      return true
    },
    now: () => time,
    log: silentLog,
    namespace: 'a-namespace',
    merchant,
    leaseMs: 60_000,
    onRun: () => undefined,
    ...changed,
  })
const runNow = async (reconciler = aReconciler()): Promise<Report> => {
  time += 1_000
  const result = await reconciler.run()
  if (result.kind !== 'done') throw new Error(`not done: ${result.kind}`)
  return result.report
}
const sell = async (carrierAmount = 1_050, number = '78945612'): Promise<Operation> => {
  const sale = aTopup({ amount: money(carrierAmount), carrierAmount, number })
  await writer.enqueue(sale)
  return sale
}
const settle = (sale: Operation, verdict: Parameters<typeof aVerdict>[1]) =>
  writer.enqueue(aVerdict(idOf(sale), verdict))
/** The connection broke after the request was sent. */
const unclear = { attempt: 1, startedAt: new Date(start).toISOString(), row: 9, observed: 'EOF' }
const cases = async () => {
  await writer.projectAll()
  return database.db.collection('cases').find().sort({ openedAt: 1 }).toArray()
}

describe('a reconciliation', () => {
  it('begins with a baseline and shows the available amount, the loan counted', async () => {
    expect(await runNow()).toMatchObject({
      run: 1,
      status: 'baseline',
      balance: 100_000,
      maxLoanAmount: 5_000,
      available: 105_000,
      difference: 0,
      caseId: null,
    })
  })

  it('is equal when the carrier took the sum committed since the last run, run after run', async () => {
    await settle(await sell(700, '71111111'), 'authorized')
    await runNow()
    for (const number of ['72222222', '73333333']) {
      await settle(await sell(1_050, number), 'authorized')
      balance -= 1_050
      expect(await runNow()).toMatchObject({
        status: 'equal',
        moved: 1_050,
        committed: 1_050,
        open: 0,
        difference: 0,
      })
    }
    expect(await cases()).toEqual([])
  })

  it('is open while held sales may explain it, names them, and counts a late truth as sold', async () => {
    await runNow()
    const sale = await sell()
    balance -= 1_050
    expect(await runNow()).toMatchObject({
      status: 'open',
      moved: 1_050,
      committed: 0,
      open: 1_050,
      sales: [{ topupId: idOf(sale), carrierAmount: 1_050, state: 'reserved' }],
    })
    await settle(sale, 'not-sent')
    await settle(sale, 'authorized')
    expect(await runNow()).toMatchObject({ status: 'equal', moved: 1_050, committed: 1_050 })
  })

  it('does not take a sale for a difference that is committed while the carrier answers', async () => {
    await runNow()
    atAnswer = async () => settle(await sell(), 'authorized')
    expect(await runNow()).toMatchObject({ status: 'open', moved: 0, open: 1_050 })
    atAnswer = () => Promise.resolve()
    balance -= 1_050
    expect(await runNow()).toMatchObject({ status: 'equal', moved: 1_050, committed: 1_050 })
  })

  it('opens no case for a recharge, recorded before or after the carrier credits it', async () => {
    await runNow()
    await writer.enqueue(aRecharge({ carrierAmount: 5_000 }))
    expect(await runNow()).toMatchObject({ status: 'equal', recharged: 0, rechargesAwaited: 5_000 })
    balance += 5_000
    await settle(await sell(), 'authorized')
    balance -= 1_050
    expect(await runNow()).toMatchObject({
      status: 'equal',
      moved: 1_050 - 5_000,
      committed: 1_050,
      recharged: 5_000,
      rechargesAwaited: 0,
    })
    balance += 800
    await writer.enqueue(aRecharge({ carrierAmount: 800 }))
    expect(await runNow()).toMatchObject({ status: 'equal', recharged: 800, rechargesAwaited: 0 })
    expect(await cases()).toEqual([])
    balance += 1
    expect(await runNow()).toMatchObject({ status: 'different', difference: -1 })
  })

  it('opens one case for one difference, with the sale that explains it', async () => {
    await runNow()
    const sale = await sell()
    await settle(sale, 'unresolved')
    await writer.enqueue(aDecision(idOf(sale), 'rejected'))
    await writer.enqueue({
      type: 'CarrierVerdict',
      data: {
        topupId: idOf(sale),
        merchant,
        verdict: 'unresolved',
        closed: true,
        attempts: [unclear],
      },
    })
    balance -= 1_050
    const report = await runNow()
    expect(report).toMatchObject({
      status: 'different',
      difference: 1_050,
      sales: [{ topupId: idOf(sale), state: 'released' }],
    })
    expect(await runNow()).toMatchObject({ status: 'equal', moved: 0, difference: 0 })
    expect(await cases()).toMatchObject([
      {
        _id: `${String(report.caseId)}:carrier-balance-differs`,
        kind: 'carrier-balance-differs',
        merchant,
        currency: 'BOB',
        carrierAmount: 1_050,
        likely: [idOf(sale)],
      },
    ])
  })

  it('opens a case without likely sales when the shop has topped up its account, and moves no balance', async () => {
    await runNow()
    const balances = await database.db.collection('balances').find().toArray()
    balance += 50_000
    expect(await runNow()).toMatchObject({ status: 'different', difference: -50_000, sales: [] })
    expect(await cases()).toMatchObject([{ carrierAmount: -50_000, likely: [] }])
    expect(await database.db.collection('balances').find().toArray()).toEqual(balances)
  })

  it('looks first at a person’s settlements when the carrier took less', async () => {
    await runNow()
    const byCarrier = await sell(1_050, '71111111')
    await settle(byCarrier, 'authorized')
    const byPerson = await sell(1_050, '72222222')
    await settle(byPerson, 'unresolved')
    await writer.enqueue(aDecision(idOf(byPerson), 'authorized'))
    await writer.enqueue(aVerdict(idOf(byPerson), 'unresolved', { closed: true }))
    balance -= 1_050
    const { difference, sales } = await runNow()
    expect(difference).toBe(-1_050)
    expect(sales.map(({ topupId }): OperationId => topupId)).toEqual([
      idOf(byPerson),
      idOf(byCarrier),
    ])
  })

  it('names sales of another cost too, when their outcome is unproven', async () => {
    await runNow()
    const [released, committed] = [await sell(300, '71111111'), await sell(400, '72222222')]
    for (const [sale, result] of [
      [released, 'rejected'],
      [committed, 'authorized'],
    ] as const) {
      await settle(sale, 'unresolved')
      await writer.enqueue(aDecision(idOf(sale), result))
      await writer.enqueue({
        type: 'CarrierVerdict',
        data: {
          topupId: idOf(sale),
          merchant,
          verdict: 'unresolved',
          closed: true,
          attempts: [unclear],
        },
      })
    }
    balance -= 400 + 1_000
    expect(await runNow()).toMatchObject({
      difference: 1_000,
      sales: [{ topupId: idOf(released) }],
    })
    balance += 2_000
    expect(await runNow()).toMatchObject({
      difference: -2_000,
      sales: [{ topupId: idOf(committed) }],
    })
  })

  it('publishes a case again that a dead instance had stored and not published, or published and not marked', async () => {
    await runNow()
    balance -= 999
    brokerUp = false
    await runNow()
    expect(await cases()).toEqual([])
    brokerUp = true
    const runs = createReconciliationStore({ models })
    const dying = aReconciler({
      runs: { ...runs, markPublished: () => Promise.reject(new Error('the instance died here')) },
    })
    await expect(dying.publishKept()).rejects.toThrow('died')
    await aReconciler().publishKept()
    await aReconciler().publishKept()
    expect(said).toHaveLength(2)
    expect(await cases()).toMatchObject([{ carrierAmount: 999 }])
  })

  it('misses a run when the carrier returns no balance, and counts on from the last', async () => {
    await runNow()
    adapterUp = false
    expect((await aReconciler().run()).kind).toBe('no-balance')
    adapterUp = true
    balance -= 5
    expect(await runNow()).toMatchObject({ run: 2, difference: 5 })
  })

  it('runs on one instance at a time, and on the next one when the lease of a dead one ends', async () => {
    let other: Awaited<ReturnType<Reconciler['run']>> | undefined
    atAnswer = async () => {
      other ??= await aReconciler().run()
    }
    await runNow()
    expect(other).toEqual({ kind: 'running' })
    await createReconciliationStore({ models }).lease(time, time + 60_000)
    expect(await aReconciler().run()).toEqual({ kind: 'running' })
    time += 60_000
    expect((await aReconciler().run()).kind).toBe('done')
  })

  it('keeps one of two runs that compared the same, so that nothing is counted twice', async () => {
    await runNow()
    balance -= 7
    const lease = () => Promise.resolve({ release: () => Promise.resolve() })
    const unlucky = aReconciler({ runs: { ...createReconciliationStore({ models }), lease } })
    let inner: Report | undefined
    atAnswer = async () => {
      atAnswer = () => Promise.resolve()
      inner = await runNow(unlucky)
    }
    expect(await unlucky.run()).toEqual({ kind: 'running' })
    expect(inner).toMatchObject({ run: 2, difference: 7 })
    expect(await cases()).toHaveLength(1)
  })

  it('adds up, page by page, commits that no projection shows yet, and none outside of the range', async () => {
    const queries = salesQueries()
    const costs = [100, 20, 3]
    const sold = await Promise.all(costs.map((cost, index) => sell(cost, `7000000${index}`)))
    const before = await queries.newestPositions()
    await Promise.all(sold.map((sale) => settle(sale, 'authorized')))
    const after = await queries.newestPositions()
    await settle(await sell(4_000), 'authorized')
    expect(await queries.movedBetween(before, after)).toEqual({ committed: 123, recharges: [] })
    expect(await queries.movedBetween(after, after)).toEqual({ committed: 0, recharges: [] })
  })

  it('stores nothing while a projection is behind, and then counts the sales made meanwhile', async () => {
    await runNow()
    isProjecting = false
    await settle(await sell(), 'authorized')
    balance -= 1_050
    await expect(runNow()).rejects.toThrow('partition 3: projection sales does not show block')
    isProjecting = true
    expect(await runNow()).toMatchObject({ run: 2, status: 'equal', committed: 1_050 })
  })

  it('fails where a committed sale is missing in the projection of sales', async () => {
    await runNow()
    const sale = await sell()
    await settle(sale, 'authorized')
    await writer.projectAll()
    await database.db.collection<{ _id: string }>('sales').deleteOne({ _id: idOf(sale) })
    await expect(runNow()).rejects.toThrow('1 of the sales committed in blocks')
  })

  it('scans no collection', async () => {
    for (const number of ['71111111', '72222222'])
      await settle(await sell(700, number), 'authorized')
    await sell()
    const queries = await profiled(connection, async () => {
      for (const change of [0, -1_400, 700]) {
        balance += change
        await runNow()
      }
      await salesQueries().currencyOf(merchant)
    })
    expect(queries.filter(({ plan }) => plan.includes('COLLSCAN'))).toEqual([])
    const asked = queries.map(({ shape }) => shape.split(' ')[0])
    expect(asked).toEqual(
      expect.arrayContaining(['operations.find', 'sales.aggregate', 'sales.find', 'balances.find']),
    )
  })
})
