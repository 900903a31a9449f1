import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { money, type RequestTopup } from '@recargas/contracts'
import { apply } from './apply.ts'
import { merge, emptyState, viewOf } from '../accounting/ledger-view.ts'
import type { Operation, Policy } from '../accounting/operation.ts'
import { ensureProjections, projections } from '../projections/all.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import {
  aClosing,
  aDecision,
  aMovement,
  anId,
  anInjection,
  anOpening,
  anOpenShopOperations,
  aRefusedPress,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriterOptions } from '../testing/test-log-writer.ts'
import { keepOutcome } from './announce.ts'
import { blocksCollection } from './block-store.ts'
import type { Block } from './block.ts'

import { heldInMemoryMax } from './memory.ts'
import { expiredUntilOf, logEntryOf, parseEntry, serializeEntry } from '../accounting/entry.ts'
import { walkBlocks } from './walk-blocks.ts'

let database: LogDatabase
let partition = 0
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
afterAll(() => database.drop())
beforeEach(async () => {
  partition += 1
  // The shop of one test is another's too, in another partition: its documents must not be found there.
  await Promise.all(
    [...projections.map(({ name }) => name), positionsCollection].map((name) =>
      database.db.collection(name).deleteMany({}),
    ),
  )
})

const aWriter = (options: TestLogWriterOptions = {}) =>
  testLogWriter(database, { partition, ...options })

const logOf = async (of = partition): Promise<readonly Block[]> => {
  const blocks: Block[] = []
  for await (const read of walkBlocks(database.store, of, null)) {
    if (read.kind === 'damaged') throw new Error(JSON.stringify(read.damage))
    blocks.push(read.block)
  }
  return blocks
}

/** Applies every entry again under its block's time and policy: the result must equal the log. */
const replayed = async () => {
  const state = emptyState()
  const kinds: string[] = []
  for (const block of await logOf()) {
    if (block.kind !== 'batch') continue
    for (const text of block.entries) {
      const entry = parseEntry(text, (id) => state.accounts.get(id), block.at)
      kinds.push(entry.kind)
      if (expiredUntilOf(entry.outcome) !== null) continue
      const operation = JSON.parse(entry.operation) as Operation
      const policy = JSON.parse(block.policy) as Policy
      const applied = apply(viewOf(state), operation, { at: block.at, policy })
      merge(state, applied.changes)
      const again = logEntryOf(applied, {
        fingerprint: entry.fingerprint,
        operation: entry.operation,
        outcome: keepOutcome(applied.outcome, operation),
      })
      expect(again === null ? null : serializeEntry(again, block.at)).toBe(text)
    }
  }
  return { state, kinds }
}
const said = (messages: readonly { readonly type: string; readonly body: string }[]) =>
  messages.map(({ type, body }) => {
    const { data } = JSON.parse(body) as { readonly data: { refusal?: { code: string } } }
    return data.refusal === undefined ? type : `${type} ${data.refusal.code}`
  })

test('operations become blocks whose entries the rules make again, and jobs and answers follow', async () => {
  const writer = aWriter()
  const sale = aTopup()
  expect(await writer.enqueueAll([...anOpenShopOperations(), sale])).toEqual(
    Array.from({ length: 4 }, () => ({ kind: 'done' })),
  )
  await writer.enqueue(aVerdict(idOf(sale), 'authorized'))
  expect(writer.blockSizes).toEqual([4, 1])
  expect(said(writer.jobs)).toEqual(['FundsReserved.v1'])
  expect(said(writer.notifications).at(-1)).toBe('TopupSettled.v1')
  const { state, kinds } = await replayed()
  expect(kinds.slice(-2)).toEqual(['reserve', 'commit'])
  expect(state.topups.get(idOf(sale))?.state).toBe('committed')
  expect((await logOf()).map(({ kind }) => kind)).toEqual(['birth', 'takeover', 'batch', 'batch'])
})

test('one owner after the other goes on where the log ends, however far the projections are', async () => {
  const sales = Array.from({ length: 6 }, (_, index) =>
    aTopup({ number: `7000000${index}`, amount: money(500 + index), keyed: true }),
  )
  const steps: Operation[][] = [
    [...anOpenShopOperations()],
    sales.slice(0, 3),
    [aVerdict(idOf(sales[0] as Operation), 'authorized')],
    [aVerdict(idOf(sales[1] as Operation), 'unresolved'), ...sales.slice(3)],
    [aDecision(idOf(sales[1] as Operation), 'authorized'), anInjection({ amount: money(900) })],
    [aVerdict(idOf(sales[2] as Operation), 'rejected'), aMovement()],
    [aClosing({ acceptPending: true }), anOpening()],
    [aVerdict(idOf(sales[3] as Operation), 'authorized')],
    // Everything again: each has had its one effect.
    [...sales, aVerdict(idOf(sales[0] as Operation), 'authorized')],
  ]
  for (const [index, operations] of steps.entries()) {
    const writer = aWriter()
    writer.setTime(start + 1_000 * index)
    for (const disposition of await writer.enqueueAll(operations))
      expect(disposition).toEqual({ kind: 'done' })
    if (index % 3 === 1) await writer.projector.project()
    if (index % 3 === 2) await writer.projectAll()
    await writer.stop()
  }
  const { state, kinds } = await replayed()
  expect(kinds.filter((kind) => kind === 'reserve')).toHaveLength(6)
  expect(kinds.filter((kind) => kind === 'commit')).toHaveLength(2)
  expect(state.topups.get(idOf(sales[2] as Operation))?.state).toBe('released')
})

describe('a repeat', () => {
  test.each(['unprojected', 'projected'] as const)(
    'gets the first answer, and another body under its key is refused: %s',
    async (how) => {
      const first = aWriter()
      const refused = aTopup({ amount: money(99_999_999), keyed: true })
      await first.enqueueAll([...anOpenShopOperations(), refused])
      if (how === 'projected') await first.projectAll()
      const writer = aWriter()
      await writer.enqueue(refused)
      await writer.enqueue(refused, { fingerprint: 'B'.repeat(43) })
      expect(said(writer.notifications)).toEqual([
        'FundsRefused.v1 INSUFFICIENT_FLOAT',
        'FundsRefused.v1 IDEMPOTENCY_KEY_REUSED',
      ])
      expect(writer.blockSizes).toEqual([])
    },
  )

  test('of a verdict settles once, also while the projections show its sale as held', async () => {
    const writer = aWriter()
    const sale = aTopup()
    // Another sale is held: its money could be taken for a second settlement.
    await writer.enqueueAll([...anOpenShopOperations(), sale, aTopup({ number: '70000009' })])
    await writer.projectAll()
    const settle = () => writer.enqueue(aVerdict(idOf(sale), 'authorized'))
    expect([await settle(), await settle()]).toEqual([{ kind: 'done' }, { kind: 'done' }])
    writer.resubscribe()
    expect(await settle()).toEqual({ kind: 'done' })
    expect(writer.blockSizes).toEqual([5, 1])
    expect((await replayed()).kinds.filter((kind) => kind === 'commit')).toHaveLength(1)
  })
})

describe('a press that comes too late', () => {
  test('is refused for ever, also by an owner whose clock is behind; a later press of its key sells', async () => {
    const late = aTopup({ keyed: true })
    const writer = aWriter()
    await writer.enqueueAll(anOpenShopOperations())
    writer.setTime(start + 10_001)
    await writer.enqueue(late, { acceptUntil: start + 10_000 })
    const behind = aWriter()
    behind.setTime(start)
    await behind.enqueue(late, { acceptUntil: start + 10_000 })
    expect([...said(writer.notifications), ...said(behind.notifications)].slice(-2)).toEqual([
      'FundsRefused.v1 EXPIRED',
      'FundsRefused.v1 EXPIRED',
    ])
    await behind.enqueue(late, { acceptUntil: start + 11_000, fingerprint: 'B'.repeat(43) })
    expect(said(behind.notifications).at(-1)).toBe('FundsRefused.v1 IDEMPOTENCY_KEY_REUSED')
    await behind.enqueue(late, { acceptUntil: start + 11_000 })
    expect(said(behind.jobs)).toEqual(['FundsReserved.v1'])
    expect((await replayed()).kinds.slice(-2)).toEqual(['refuse', 'reserve'])
  })

  test('or from a clock too far ahead is refused, and a block from a fast clock stops no shop', async () => {
    const fast = aWriter()
    fast.setTime(start + 75_000)
    await fast.enqueueAll(anOpenShopOperations())
    const writer = aWriter()
    const ahead = aTopup({ number: '70000009' })
    await writer.enqueue(ahead, { acceptUntil: start + 60_000 })
    expect(said(writer.notifications)).toEqual(['FundsRefused.v1 EXPIRED'])
    await writer.enqueue(aTopup())
    expect(said(writer.jobs)).toEqual(['FundsReserved.v1'])
    const [last] = (await logOf()).slice(-1)
    expect(last?.at).toBe(start + 75_000)
  })
})

describe('an owner', () => {
  test('that another one followed is fenced: its batch is dropped, none of it is in the log', async () => {
    const old = aWriter()
    await old.enqueueAll(anOpenShopOperations())
    const next = aWriter()
    await next.enqueue(aTopup())
    const sale = aTopup({ number: '70000002' })
    expect(await old.enqueue(sale)).toEqual({ kind: 'dropped' })
    expect(old.fenced()).toBe(1)
    expect((await replayed()).state.topups.has(idOf(sale))).toBe(false)
    // On the same subscription it takes the partition over again, and the next one is fenced.
    expect(await old.enqueue(sale)).toEqual({ kind: 'done' })
    expect(await next.enqueue(aTopup({ number: '70000003' }))).toEqual({ kind: 'dropped' })
  })

  test('whose replies are lost appends the same bytes until it knows, once', async () => {
    const sentBytes: string[] = []
    const writer = aWriter({
      insert: async (block, next) => {
        const reply = await next(block)
        if (block.kind !== 'batch') return reply
        sentBytes.push(block.hash)
        return sentBytes.length < 4 ? 'unknown' : reply
      },
    })
    await writer.enqueueAll(anOpenShopOperations())
    expect(sentBytes.length).toBe(4)
    expect(new Set(sentBytes).size).toBe(1)
    expect((await logOf()).filter(({ kind }) => kind === 'batch')).toHaveLength(1)
  })

  test('in doubt leaves its position to the takeover of its next subscription', async () => {
    let isDeaf = false
    const writer = aWriter({
      insert: (block, next) => (isDeaf ? Promise.resolve('unknown') : next(block)),
    })
    await writer.enqueueAll(anOpenShopOperations())
    isDeaf = true
    const sale = aTopup({ keyed: true })
    const first = writer.enqueue(sale)
    writer.resubscribe()
    const second = writer.enqueue(sale)
    // The clock stands still, so that one round of tries would never end: it is moved past it.
    writer.setTime(start + 6_000)
    expect(await first).toEqual({ kind: 'dropped' })
    isDeaf = false
    expect(await second).toEqual({ kind: 'done' })
    expect((await replayed()).kinds.filter((kind) => kind === 'reserve')).toHaveLength(1)
  })

  test('whose log is damaged stops and says so; the other partitions go on', async () => {
    const writer = aWriter()
    await writer.enqueueAll(anOpenShopOperations())
    await writer.stop()
    await database.db
      .collection(blocksCollection)
      .updateOne({ '_id.p': partition, '_id.n': 2 }, { $set: { rules: 7 } })
    const next = aWriter()
    void next.enqueue(aTopup())
    const neighbour = testLogWriter(database, { partition: 500 + partition })
    await neighbour.enqueueAll(anOpenShopOperations())
    expect(neighbour.blockSizes).toEqual([3])
    for (let turn = 0; next.damages.length === 0 && turn < 1_000; turn += 1) {
      await database.store.newest(partition)
    }
    expect(next.damages[0]).toEqual({
      partition,
      position: 2,
      detail: 'the block is not what its hash covers',
    })
    await next.stop()
    expect(await database.store.newest(partition)).toMatchObject({ block: { position: 2 } })
  })
})

test('a batch that would pass the bound of a block goes on in the next one', async () => {
  const writer = aWriter()
  await writer.enqueueAll(anOpenShopOperations())
  const notes = Array.from({ length: 6 }, () =>
    aMovement({ reason: 'x'.repeat(200_000), amount: money(1) }),
  )
  await writer.enqueueAll(notes)
  expect(writer.blockSizes.length).toBeGreaterThan(2)
  expect(writer.blockSizes.slice(1).reduce((sum, size) => sum + size, 0)).toBe(6)
})

/** Sales of different numbers, so that the duplicate guard stays quiet. */
const sales = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aTopup({ number: String(70_000_000 + index), amount: money(10), carrierAmount: 10 }),
  )
const outcomeOf = async (operation: Operation): Promise<unknown> => {
  for (const block of await logOf()) {
    if (block.kind !== 'batch') continue
    for (const text of block.entries) {
      const { id, outcome } = JSON.parse(text) as { readonly id: string; readonly outcome: unknown }
      if (id === idOf(operation) || id.startsWith(`${idOf(operation)}:`)) return outcome
    }
  }
  return null
}

describe('more held sales than memory keeps', () => {
  const manyHeld = async () => {
    const writer = aWriter()
    await writer.enqueueAll([...anOpenShopOperations(), anInjection({ amount: money(20_000) })])
    const held = sales(heldInMemoryMax + 300)
    await writer.enqueueAll(held)
    await writer.projectAll()
    // Memory forgets at the next block.
    await writer.enqueue(aMovement())
    const [oldest, second] = held
    const last = held.at(-1)
    if (oldest === undefined || second === undefined || last === undefined) throw new Error('none')
    return { writer, held, oldest, second, last }
  }
  const suspected = (sale: Operation, state: string) => ({
    code: 'DUPLICATE_SUSPECTED',
    details: { topupId: idOf(sale), state },
  })

  test('are settled all the same', async () => {
    const { writer, held } = await manyHeld()
    const dispositions = await writer.enqueueAll(
      held.map((sale) => aVerdict(idOf(sale), 'authorized')),
    )
    expect(dispositions.filter(({ kind }) => kind !== 'done')).toEqual([])
    const { kinds } = await replayed()
    expect(kinds.filter((kind) => kind === 'commit')).toHaveLength(held.length)
  }, 60_000)

  test('are named to a second press, in memory or beyond, also by the next owner an hour later', async () => {
    const { writer, oldest, second, last } = await manyHeld()
    await writer.enqueue(aVerdict(idOf(second), 'unresolved'))
    await writer.stop()
    const next = aWriter()
    next.setTime(start + 3_600_000)
    const equalTo = async (sale: Operation) => {
      const equal = aTopup({ ...(sale.data as RequestTopup), operationId: anId() })
      await next.enqueue(equal, { acceptUntil: start + 3_610_000 })
      return outcomeOf(equal)
    }
    expect(await equalTo(oldest)).toMatchObject(suspected(oldest, 'reserved'))
    expect(await equalTo(last)).toMatchObject(suspected(last, 'reserved'))
    expect(await equalTo(second)).toMatchObject(suspected(second, 'in-review'))
    await next.enqueue(aVerdict(idOf(last), 'authorized'))
    expect(await equalTo(last)).toEqual({ kind: 'topup', state: 'reserved' })
    await replayed()
  }, 60_000)
})

test('batches of 1 and of 400 make the same entries', async () => {
  const operations = [...anOpenShopOperations(), ...sales(40)]
  const verdicts = operations
    .slice(3)
    .map((sale, index) => aVerdict(idOf(sale), index % 3 === 0 ? 'rejected' : 'authorized'))
  const entriesBy = async (batchSizeMax: number) => {
    partition += 1
    const writer = aWriter({ batchSizeMax })
    await writer.enqueueAll([...operations, ...verdicts])
    await writer.stop()
    return (await logOf()).flatMap((block) => (block.kind === 'batch' ? block.entries : []))
  }
  const byOne = await entriesBy(1)
  expect(byOne).toHaveLength(83)
  expect(await entriesBy(400)).toEqual(byOne)
})

test('the next batch waits for capacity', async () => {
  let go: () => void = () => undefined
  const isOpen = new Promise<void>((resolve) => (go = resolve))
  const writer = aWriter({ batchSizeMax: 1, waitForCapacity: () => isOpen })
  const dispositions = anOpenShopOperations().map((operation) => writer.enqueue(operation))
  expect(await dispositions[0]).toEqual({ kind: 'done' })
  // A batch that did not wait would have begun by then: its first read is as far away as these.
  for (let read = 0; read < 5; read += 1) await database.store.newestPosition(partition)
  expect(writer.blockSizes).toHaveLength(1)
  go()
  await Promise.all(dispositions)
  expect(writer.blockSizes).toHaveLength(3)
})

test('a wake takes the partition over and appends nothing else', async () => {
  const writer = aWriter()
  expect(await writer.wake()).toEqual({ kind: 'done' })
  expect(await writer.wake()).toEqual({ kind: 'done' })
  expect((await logOf()).map(({ kind }) => kind)).toEqual(['birth', 'takeover'])
})

test('a gateway’s refusal of a press is final for its key, and a sold key keeps its sale', async () => {
  const writer = aWriter()
  await writer.enqueueAll(anOpenShopOperations())
  const [refused, sold] = [aTopup({ keyed: true }), aTopup({ keyed: true, number: '70000009' })]
  const refusal = { code: 'CARRIER_UNAVAILABLE', details: {} } as const
  await writer.enqueue(aRefusedPress({ operationId: idOf(refused), refusal }))
  await writer.enqueue(refused)
  expect(said(writer.notifications).slice(-2)).toEqual([
    'OperationRefused.v1 CARRIER_UNAVAILABLE',
    'FundsRefused.v1 CARRIER_UNAVAILABLE',
  ])
  await writer.enqueue(sold)
  await writer.enqueue(aVerdict(idOf(sold), 'authorized'))
  await writer.enqueue(aRefusedPress({ operationId: idOf(sold) }))
  expect(said(writer.notifications).at(-1)).toBe('TopupSettled.v1')
})

test('a verdict for a sale that is not in the books is reported as such', async () => {
  expect(await aWriter().enqueue(aVerdict(idOf(aTopup()), 'authorized'))).toEqual({
    kind: 'unknown-topup',
  })
})

test('a writer whose clock cannot be trusted refuses presses by time, and settles at the time of the block before', async () => {
  let isClockTrusted = true
  const writer = aWriter({ isClockTrusted: () => isClockTrusted })
  const sale = aTopup()
  await writer.enqueueAll([...anOpenShopOperations(), sale])
  isClockTrusted = false
  writer.setTime(start + 75_000)
  await writer.enqueue(aVerdict(idOf(sale), 'authorized'))
  await writer.enqueue(aTopup({ number: '70000001' }), { acceptUntil: start + 80_000 })
  expect(said(writer.notifications).slice(-2)).toEqual([
    'TopupSettled.v1',
    'FundsRefused.v1 EXPIRED',
  ])
  expect((await logOf()).at(-1)?.at).toBe(start)
  isClockTrusted = true
  writer.setTime(start + 1_000)
  await writer.enqueue(aTopup({ number: '70000002' }))
  expect(writer.jobs).toHaveLength(2)
  await replayed()
})

test('a takeover far above the projections, as after a restore, keeps few blocks in memory', async () => {
  const writer = aWriter({ batchSizeMax: 1 })
  await writer.enqueueAll(anOpenShopOperations())
  const movements = Array.from({ length: 2_100 }, () => aMovement({ amount: money(1) }))
  for (let from = 0; from < movements.length; from += 300) {
    await writer.enqueueAll(movements.slice(from, from + 300))
  }
  await writer.stop()
  await Promise.all(
    [...projections.map(({ name }) => name), positionsCollection].map((name) =>
      database.db.collection(name).deleteMany({}),
    ),
  )
  const next = aWriter()
  await next.wake()
  expect(next.projector.lag().blocks).toBeLessThan(500)
  await next.enqueue(aMovement())
  await next.projectAll()
  expect(await database.db.collection('operations').countDocuments({ p: partition })).toBe(2_104)
}, 60_000)
