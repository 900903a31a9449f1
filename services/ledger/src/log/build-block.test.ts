import { expect, test } from '@jest/globals'
import { LedgerEvent } from '@recargas/contracts'
import { emptyState } from '../accounting/ledger-view.ts'
import type { Operation } from '../accounting/operation.ts'
import { anOpenShopOperations, aTopup, aVerdict, idOf, policy, start } from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog } from '../testing/simulated-log.ts'
import { birthBlock, takeoverBlock, type Block } from './block.ts'
import { buildBlock } from './build-block.ts'
import { memoryOf, remember } from './memory.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'

/** A shop that appends each operation as a block of its own. */
const aWriter = () => {
  const birth = birthBlock(3, { id: 'b', namespace: 'n', partitions: 16, at: start })
  let tip: Block = takeoverBlock(birth, 'o', start)
  const memory = memoryOf(emptyState(), { position: 0, refusedUntil: 0 }, start)
  const nothing = { operations: new Map(), topups: [], sessions: [] }
  /** @returns the kinds of its entries, and the answered codes, each with its limit */
  const write = (operation: Operation, now: number, acceptUntil = now + 10_000) => {
    const items = [{ ...inboundFor(operation), acceptUntil }]
    const circumstances = {
      now,
      policy,
      acceptWindowMs: 10_000,
      clockSkewMs: 2_000,
      isClockTrusted: true,
    }
    const built = buildBlock(tip, memory, nothing, items, circumstances)
    if (built.block !== null) {
      tip = built.block
      remember(memory, { position: tip.position, at: tip.at, entries: built.entries })
    }
    return [...built.entries.map(({ kind }) => kind), ...built.notifications.map(answerOf)]
  }
  for (const operation of anOpenShopOperations()) write(operation, start)
  return write
}
const answerOf = ({ body }: OutgoingMessage): string => {
  const { data } = LedgerEvent.parse(JSON.parse(body))
  if (!('refusal' in data)) return 'done'
  const { refusal, acceptUntil } = data
  return acceptUntil === undefined
    ? refusal.code
    : `${refusal.code} to ${Date.parse(acceptUntil) - start}`
}
const confirmed = (press: Operation): Operation =>
  ({ ...press, data: { ...press.data, confirmDuplicate: true } }) as Operation

test('a confirmation that comes out of time takes no suspicion back, and a later one sells', () => {
  const write = aWriter()
  expect(write(aTopup(), start)).toEqual(['reserve'])
  const press = aTopup({ keyed: true })
  expect(write(press, start + 1_000)).toEqual(['reserve', 'DUPLICATE_SUSPECTED'])
  expect(write(confirmed(press), start + 20_000, start + 15_000)).toEqual([
    'refuse',
    'EXPIRED to 15000',
  ])
  expect(write(confirmed(press), start + 14_000, start + 15_000)).toEqual(['EXPIRED to 15000'])
  expect(write(press, start + 300_000)).toEqual(['DUPLICATE_SUSPECTED'])
  expect(write(press, start + 400_000, start + 1_000)).toEqual(['DUPLICATE_SUSPECTED'])
  expect(write(confirmed(press), start + 410_000)).toEqual(['reserve'])
})

test('a sale that stays unclear is announced as it stands, and one that was reserved is not', () => {
  const write = aWriter()
  const sale = aTopup()
  expect(write(sale, start)).toEqual(['reserve'])
  expect(write(aVerdict(idOf(sale), 'pending'), start + 1_000)).toContain('done')
  expect(write(aVerdict(idOf(sale), 'unresolved'), start + 2_000)).toEqual(['review', 'done'])
})

test('a press refused by time stays refused for every clock, and a later press of its key is a new try', () => {
  const write = aWriter()
  const press = aTopup({ keyed: true })
  expect(write(press, start + 20_000, start + 15_000)).toEqual(['refuse', 'EXPIRED to 15000'])
  expect(write(press, start + 14_000, start + 15_000)).toEqual(['EXPIRED to 15000'])
  expect(write(press, start + 14_000, start + 27_000)).toEqual(['refuse', 'EXPIRED to 27000'])
  expect(write(press, start + 20_000, start + 27_000)).toEqual(['EXPIRED to 27000'])
  expect(write(press, start + 20_000, start + 27_001)).toEqual(['reserve'])
})

test('a press below a refused limit is answered with that limit, which holds for every press up to it', () => {
  const write = aWriter()
  const press = aTopup({ keyed: true })
  expect(write(press, start, start + 60_000)).toEqual(['refuse', 'EXPIRED to 60000'])
  expect(write(press, start + 1_000, start + 11_000)).toEqual(['EXPIRED to 60000'])
})

test('no refusal but one by time names a limit', () => {
  const write = aWriter()
  expect(write(aTopup({ sessionId: 99 }), start)).toEqual(['reserve', 'SESSION_NOT_OPEN'])
})

test('an event names the block of its outcome, and that of a repeat one that is appended already', () => {
  const ledger = simulatedLog({ policy, acceptWindowMs: 10_000, clockSkewMs: 2_000 })
  const owner = ledger.takeOver(start)
  /** @returns the positions that events name, less that of the newest block before them */
  const write = (operations: readonly Operation[], now = start) => {
    const items = operations.map((operation) => inboundFor(operation))
    const { position } = owner.tip
    const { notifications } = ledger.build(owner, items, now)
    ledger.write(owner, items, now, 'whole')
    return notifications.map(({ body }) => {
      const { type, data } = LedgerEvent.parse(JSON.parse(body))
      return `${type} ${(data.position ?? Number.NaN) - position}`
    })
  }
  const opening = anOpenShopOperations()
  expect(write(opening)).toEqual(opening.map(() => 'OperationApplied.v1 1'))
  const sale = aTopup({ keyed: true })
  const refused = aTopup({ keyed: true, sessionId: 99 })
  expect(write([sale, refused, refused])).toEqual(['FundsRefused.v1 1', 'FundsRefused.v1 0'])
  expect(write([aVerdict(idOf(sale), 'authorized')])).toEqual(['TopupSettled.v1 1'])
  expect(write([sale, refused])).toEqual(['TopupSettled.v1 0', 'FundsRefused.v1 0'])
  const late = aTopup({ keyed: true })
  expect(write([late], start + 20_000)).toEqual(['FundsRefused.v1 1'])
  expect(write([late], start + 20_000)).toEqual(['FundsRefused.v1 0'])
})
