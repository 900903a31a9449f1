import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { money, type OperatorName, type RequestTopup } from '@recargas/contracts'
import {
  aCaja,
  anId,
  anInjection,
  anOpenShopOperations,
  aRefusedPress,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testPartition, testWriter } from '../testing/test-writer.ts'
import type { Operation } from '../domain/operation.ts'
import { accountDocId } from '../mongo/documents.ts'
import { readRecords } from '../mongo/ledger-records.ts'
import { accountsIn } from '../mongo/state.ts'
import { verifyLedger } from '../verify/verify-ledger.ts'
import { heldInMemoryMax } from './committed-state.ts'
import type { LedgerStore } from './ports.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterEach(() => database.empty())
afterAll(() => database.drop())

const proofOf = () => verifyLedger(readRecords(database.collections))
const balances = async (of: string) => {
  const found = await accountsIn(database.collections).findOne({
    _id: accountDocId(`principal/${of}`),
  })
  return { posted: found?.posted, reserved: found?.reserved, incoming: found?.incoming }
}
const types = (messages: readonly { readonly type: string }[]) => messages.map(({ type }) => type)
/** Sales of different numbers, so that the duplicate guard stays quiet. */
const sales = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aTopup({ number: String(70_000_000 + index), amount: money(10), carrierAmount: 10 }),
  )

describe('the writer of a partition', () => {
  it('reserves and commits a sale, each in one durable batch, and the journal explains every balance', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup()
    expect(await writer.submit(sale)).toEqual({ kind: 'done' })
    expect(await balances('float/Tigo')).toEqual({ posted: 10_000, reserved: 1_050, incoming: 0 })
    await writer.submit(aVerdict(idOf(sale), 'authorized'))

    expect(await balances('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
    expect(await balances('drawer/1')).toEqual({ posted: 41_050, reserved: 0, incoming: 0 })
    expect(writer.batchSizes).toEqual([3, 1, 1])
    expect(types(writer.sent).slice(-2)).toEqual(['FundsReserved.v1', 'TopupSettled.v1'])
    expect(await proofOf()).toMatchObject({ entries: 5, commits: 1, findings: [] })
    // Only the carrier's job must outlive the process: who waits at a gateway asks.
    expect(await database.collections.outbox.countDocuments()).toBe(1)
  })

  it('settles what is held beyond the number that it keeps in memory', async () => {
    const writer = testWriter(database)
    await writer.submitAll([...anOpenShopOperations(), anInjection({ amount: money(20_000) })])
    const held = sales(heldInMemoryMax + 300)
    await writer.submitAll(held)
    const fates = await writer.submitAll(held.map((sale) => aVerdict(idOf(sale), 'authorized')))
    expect(fates.filter(({ kind }) => kind !== 'done')).toEqual([])
    expect(await proofOf()).toMatchObject({ commits: held.length, findings: [] })
  }, 60_000)

  it('goes on to the next batch once there is room for what it causes', async () => {
    let commits = 0
    let go: () => void = () => undefined
    const isOpen = new Promise<void>((resolve) => (go = resolve))
    const writer = testWriter(database, {
      batchSizeMax: 1,
      room: () => isOpen,
      store: (store) => ({
        ...store,
        commit: (batch) => {
          commits += 1
          return store.commit(batch)
        },
      }),
    })
    const fates = anOpenShopOperations().map((operation) => writer.submit(operation))
    expect(await fates[0]).toEqual({ kind: 'done' })
    // One that did not wait would have begun by then: what it reads first is as far away as this.
    for (let read = 0; read < 5; read += 1) await database.collections.journal.countDocuments()
    expect(commits).toBe(1)
    go()
    await Promise.all(fates)
    expect(commits).toBe(3)
  })

  it('tells a second press of a sale that is held, in memory or beyond, that it is held', async () => {
    const writer = testWriter(database)
    await writer.submitAll([...anOpenShopOperations(), anInjection({ amount: money(20_000) })])
    const held = sales(heldInMemoryMax + 300)
    await writer.submitAll(held)
    const [beyond, released] = held
    const last = held.at(-1)
    if (beyond === undefined || released === undefined || last === undefined)
      throw new Error('none')
    await writer.submit(aVerdict(idOf(released), 'rejected'))
    const pressedAgain = async (sale: Operation) => {
      const again = aTopup({ ...(sale.data as RequestTopup), operationId: anId() })
      await writer.submit(again)
      const entry = await database.collections.journal.findOne({ _id: idOf(again) })
      return JSON.parse(entry?.outcome ?? '') as unknown
    }
    const isHeld = (sale: Operation) => ({
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: idOf(sale), state: 'reserved' },
    })
    expect(await pressedAgain(beyond)).toMatchObject(isHeld(beyond))
    expect(await pressedAgain(last)).toMatchObject(isHeld(last))
    expect(await pressedAgain(released)).not.toHaveProperty('code')
    await writer.submit(aVerdict(idOf(beyond), 'authorized'))
    const sold = { details: { topupId: idOf(beyond), state: 'committed' } }
    expect(await pressedAgain(beyond)).toMatchObject(sold)
    expect(await proofOf()).toMatchObject({ commits: 1, findings: [] })
  }, 60_000)

  it('asks about an equal sale that has no outcome, however old, also after a takeover', async () => {
    const first = testWriter(database)
    await first.submitAll([...anOpenShopOperations(), anInjection({ amount: money(20_000) })])
    const held = sales(heldInMemoryMax + 100)
    await first.submitAll(held)
    const [oldest, second] = held
    const last = held.at(-1)
    if (oldest === undefined || second === undefined || last === undefined) throw new Error('none')
    const successor = testWriter(database, { isNeverLate: true })
    successor.setTime(start + 3_600_000)
    await successor.submit(aVerdict(idOf(second), 'unresolved'))
    const equalTo = async (sale: Operation) => {
      const equal = aTopup({ ...(sale.data as RequestTopup), operationId: anId() })
      await successor.submit(equal)
      const entry = await database.collections.journal.findOne({ _id: idOf(equal) })
      return JSON.parse(entry?.outcome ?? '') as unknown
    }
    const suspected = (sale: Operation, state: string) => ({
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: idOf(sale), state },
    })
    expect(await equalTo(oldest)).toMatchObject(suspected(oldest, 'reserved'))
    expect(await equalTo(last)).toMatchObject(suspected(last, 'reserved'))
    expect(await equalTo(second)).toMatchObject(suspected(second, 'in-review'))
    await successor.submit(aVerdict(idOf(last), 'authorized'))
    expect(await equalTo(last)).toEqual({ kind: 'topup', state: 'reserved' })
    expect(await proofOf()).toMatchObject({ commits: 1, findings: [] })
  }, 60_000)

  it('writes whatever arrived together in one transaction, whatever its number', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    await writer.submitAll(sales(300))
    expect(writer.batchSizes).toEqual([3, 300])
    expect(await balances('float/Tigo')).toMatchObject({ posted: 10_000, reserved: 3_000 })
  })

  it('makes the same journal with batches of 1 and of 400', async () => {
    const operations = [...anOpenShopOperations(), ...sales(40)]
    const verdicts = operations
      .slice(3)
      .map((sale, index) => aVerdict(idOf(sale), index % 3 === 0 ? 'rejected' : 'authorized'))
    const journalOf = async (partition: number, batchSizeMax: number) => {
      const writer = testWriter(database, { partition, batchSizeMax })
      await writer.submitAll([...operations, ...verdicts])
      await writer.stop()
      const entries = await database.collections.journal
        .find({ p: partition })
        .sort({ seq: 1 })
        .toArray()
      return entries.map(({ seq, kind, lines, outcome, operation }) => ({
        seq,
        kind,
        lines,
        outcome,
        operation,
      }))
    }
    const byOne = await journalOf(testPartition, 1)
    await database.empty()
    const byMany = await journalOf(testPartition, 400)
    expect(byOne).toHaveLength(83)
    expect(byMany).toEqual(byOne)
  })

  it('answers a repeated operation with its first outcome and writes nothing', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup()
    await writer.submitAll([sale, sale])
    await writer.submit(sale)
    expect(types(writer.sent).filter((type) => type === 'FundsReserved.v1')).toHaveLength(1)
    expect(await database.collections.journal.countDocuments({ _id: idOf(sale) })).toBe(1)
    await writer.submit(aVerdict(idOf(sale), 'authorized'))
    await writer.submit(sale)
    expect(writer.sent.at(-1)?.type).toBe('TopupSettled.v1')
    expect(await balances('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
  })

  it('refuses a known operation id that asks for something else', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup()
    await writer.submit(sale)
    await writer.submit(sale, 'another body')
    expect(writer.sent.at(-1)?.body).toContain('IDEMPOTENCY_KEY_REUSED')
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 1_050 })
  })

  it('gives a repeat that comes too late its first answer, not the word that it expired', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup()
    await writer.submit(sale)
    await writer.submit(aVerdict(idOf(sale), 'authorized'))
    writer.setTime(start + 10_001)
    expect(await writer.submit(sale)).toEqual({ kind: 'done' })
    expect(writer.sent.at(-1)?.type).toBe('TopupSettled.v1')
  })

  it('never sells what a gateway refused, though an earlier press of the key comes after it', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup({ keyed: true })
    const refusal = { code: 'CARRIER_UNAVAILABLE', details: {} } as const
    await writer.submit(aRefusedPress({ operationId: idOf(sale), refusal }))
    expect(await writer.submit(sale)).toEqual({ kind: 'done' })
    expect(writer.sent.map(({ body }) => body.includes('CARRIER_UNAVAILABLE')).slice(-2)).toEqual([
      true,
      true,
    ])
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 0 })
    expect(await proofOf()).toMatchObject({ findings: [] })
  })

  it('gives a refused press of a key that sold before the sale, not the refusal', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup({ keyed: true })
    await writer.submit(sale)
    await writer.submit(aVerdict(idOf(sale), 'authorized'))
    await writer.submit(aRefusedPress({ operationId: idOf(sale) }))
    expect(writer.sent.at(-1)?.type).toBe('TopupSettled.v1')
  })

  it('writes the neighbours of a repeat that nobody looked up, and answers both', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const [first, ...others] = sales(20)
    if (first === undefined) throw new Error('no sales')
    await writer.submit(first)
    const fates = await writer.submitAll([...others.slice(0, 9), first, ...others.slice(9)])
    expect(fates).toEqual(fates.map(() => ({ kind: 'done' })))
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 200 })
    expect(await proofOf()).toMatchObject({ entries: 23, findings: [] })
  })

  it('leaves no trace of a request that expired, so its key may be tried again', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    writer.setTime(start + 10_001)
    const sale = aTopup()
    await writer.submit(sale)
    const { data } = JSON.parse(writer.sent.at(-1)?.body ?? '') as Record<string, unknown>
    expect(data).toMatchObject({
      refusal: { code: 'EXPIRED' },
      acceptUntil: new Date(start + 10_000).toISOString(),
    })
    expect(await database.collections.journal.countDocuments({ _id: idOf(sale) })).toBe(0)
  })

  it('ends a reservation once however often the verdict comes, and keeps its first outcome', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const sale = aTopup()
    await writer.submit(sale)
    const authorized = aVerdict(idOf(sale), 'authorized')
    await writer.submitAll([authorized, authorized])
    await writer.submit(authorized)
    expect(await balances('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
    expect((await proofOf()).commits).toBe(1)
  })

  it('says of a verdict for a sale it has not seen that it does not know it', async () => {
    const writer = testWriter(database)
    expect(await writer.submit(aVerdict(idOf(aTopup()), 'authorized'))).toEqual({
      kind: 'unknown-topup',
    })
  })
})

describe('one bad operation among many', () => {
  it('is set aside when the database refuses it, and its neighbours are written', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const [bad, ...good] = sales(50)
    if (bad === undefined) throw new Error('no sale')
    // A document in the way: the database refuses this one insert for a reason `apply` cannot see.
    await database.collections.topups.insertOne({
      _id: idOf(bad),
      merchant: 'x',
      number: 1,
    } as never)
    const middle = [...good.slice(0, 25), bad, ...good.slice(25)]
    const fates = await writer.submitAll(middle)
    expect(fates.filter(({ kind }) => kind === 'failed')).toHaveLength(1)
    expect(fates[25]?.kind).toBe('failed')
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 490 })
    // At most two transactions beside the three of the shop.
    expect(writer.batchSizes).toEqual([3, 49])
    await database.collections.topups.deleteOne({ _id: idOf(bad) })
    expect((await proofOf()).findings).toEqual([])
  })

  it('is found by halves when the database does not name it', async () => {
    const namesNobody = (store: LedgerStore): LedgerStore => ({
      ...store,
      commit: async (batch) => {
        const result = await store.commit(batch)
        return result.kind === 'refused' ? { ...result, entryId: null } : result
      },
    })
    const writer = testWriter(database, { store: namesNobody })
    await writer.submitAll(anOpenShopOperations())
    const all = sales(20)
    const bad = all[13]
    if (bad === undefined) throw new Error('no sale')
    await database.collections.topups.insertOne({
      _id: idOf(bad),
      merchant: 'x',
      number: 1,
    } as never)
    const fates = await writer.submitAll(all)
    expect(fates.map(({ kind }) => kind).indexOf('failed')).toBe(13)
    expect(fates.filter(({ kind }) => kind === 'done')).toHaveLength(19)
  })

  it('is stopped by the database even where `apply` would let it through', async () => {
    const accounts = accountsIn(database.collections)
    const _id = accountDocId('principal/float/Viva')
    await accounts.insertOne({
      _id,
      is: 'account',
      p: testPartition,
      kind: 'float',
      posted: 5,
      reserved: 5,
      incoming: 0,
    } as never)
    await expect(accounts.updateOne({ _id }, { $set: { reserved: 6 } as never })).rejects.toThrow(
      /validation/,
    )
    // Nor does it take what is no kind at all, which nobody would look at.
    await expect(database.collections.state.insertOne({ _id: 'x' })).rejects.toThrow(/validation/)
  })
})

describe('the fence', () => {
  it('stops a writer whose partition another one took, before it can write anything', async () => {
    const zombie = testWriter(database)
    await zombie.submitAll(anOpenShopOperations())
    const successor = testWriter(database)
    await successor.submit(anInjection({ amount: money(7_000) }))

    expect(await zombie.submit(aTopup())).toEqual({ kind: 'dropped' })
    expect(zombie.fenced()).toBe(1)
    expect(await balances('float/Tigo')).toMatchObject({ posted: 17_000, reserved: 0 })
    // Even asked again it does not take the partition back by itself.
    expect(await zombie.submit(aTopup())).toEqual({ kind: 'dropped' })
    expect(await successor.submit(aTopup())).toEqual({ kind: 'done' })
    expect((await proofOf()).findings).toEqual([])
  })

  it('lets a writer own the partition again on a new subscription, from what is stored', async () => {
    const first = testWriter(database)
    await first.submitAll(anOpenShopOperations())
    const second = testWriter(database)
    await second.submit(aTopup())
    await first.submit(aTopup({ number: '71111111' }))
    first.resubscribe()
    expect(await first.submit(aTopup({ number: '72222222' }))).toEqual({ kind: 'done' })
    expect(await second.submit(aTopup({ number: '73333333' }))).toEqual({ kind: 'dropped' })
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 2_100 })
    expect((await proofOf()).findings).toEqual([])
  })

  it('remembers held sales, open sessions and the duplicate guard across a takeover', async () => {
    const first = testWriter(database)
    await first.submitAll(anOpenShopOperations())
    const sale = aTopup()
    await first.submit(sale)
    const second = testWriter(database)
    await second.submit(aTopup())
    expect(second.sent.at(-1)?.body).toContain('DUPLICATE_SUSPECTED')
    await second.submit(aVerdict(idOf(sale), 'authorized'))
    expect(await balances('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
  })

  it('notices an account that somebody changed by hand and writes nothing on top of it', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    await accountsIn(database.collections).updateOne(
      { _id: accountDocId('principal/float/Tigo') },
      { $inc: { posted: 1 } },
    )
    expect(await writer.submit(aTopup())).toEqual({ kind: 'dropped' })
    expect((await proofOf()).findings).toMatchObject([{ code: 'ACCOUNT' }])
  })

  it('writes nothing over an account that is there although the writer never made it', async () => {
    const writer = testWriter(database)
    await writer.submitAll(anOpenShopOperations())
    const _id = accountDocId('principal/float/Viva')
    const planted = {
      _id,
      is: 'account',
      p: testPartition,
      kind: 'float',
      posted: 5,
      reserved: 0,
      incoming: 0,
    }
    await accountsIn(database.collections).insertOne(planted as never)
    const injection = anInjection({ operator: 'Viva' as OperatorName })
    expect(await writer.submit(injection)).toEqual({ kind: 'dropped' })
    expect(await balances('float/Viva')).toEqual({ posted: 5, reserved: 0, incoming: 0 })
    expect(await database.collections.journal.countDocuments({ _id: idOf(injection) })).toBe(0)
  })
})

describe('a database that fails', () => {
  it('keeps the messages and writes them once the database is back', async () => {
    let failures = 2
    const failing = (store: LedgerStore): LedgerStore => ({
      ...store,
      commit: async (batch) => {
        if (failures > 0) {
          failures -= 1
          throw new Error('no primary')
        }
        return store.commit(batch)
      },
    })
    const writer = testWriter(database, { store: failing })
    const fates = await writer.submitAll(anOpenShopOperations())
    expect(fates.every(({ kind }) => kind === 'done')).toBe(true)
    expect(writer.failures).toHaveLength(2)
    expect(await proofOf()).toMatchObject({ entries: 3, findings: [] })
  })

  it('does not apply a batch twice whose commit was done but whose answer was lost', async () => {
    let lost = false
    const losing = (store: LedgerStore): LedgerStore => ({
      ...store,
      commit: async (batch) => {
        const result = await store.commit(batch)
        if (!lost && batch.entries.some(({ entry }) => entry.kind === 'reserve')) {
          lost = true
          throw new Error('connection reset')
        }
        return result
      },
    })
    const writer = testWriter(database, { store: losing })
    await writer.submitAll(anOpenShopOperations())
    expect(await writer.submit(aTopup())).toEqual({ kind: 'done' })
    expect(await balances('float/Tigo')).toMatchObject({ reserved: 1_050 })
    expect((await proofOf()).findings).toEqual([])
  })

  it('drops what waits when it is told to stop, for whoever is next', async () => {
    const writer = testWriter(database, {
      store: (store) => ({ ...store, takeOver: () => Promise.reject(new Error('no primary')) }),
    })
    const fate = writer.submit(aCaja())
    await writer.stop()
    expect(await fate).toEqual({ kind: 'dropped' })
  })
})
