import { expect, test } from '@jest/globals'
import { emptyState } from '../accounting/ledger-view.ts'
import {
  anOpenShopOperations,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  policy,
  start,
} from '../testing/builders.ts'
import { rebuiltState } from '../testing/rebuilt-state.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { birthBlock, takeoverBlock } from './block.ts'
import { buildBlock } from './build-block.ts'
import { mayBeKnown } from './may-be-known.ts'
import { forgetProjected, memoryOf, remember, type Memory } from './memory.ts'

const sale = aTopup()
/** A shop that has sold once, each operation in a block of its own. */
const remembered = (): Memory => {
  const memory = memoryOf(emptyState(), { position: 0, refusedUntil: 0 }, 0)
  const shop = aShop([])
  const rebuilt = rebuiltState()
  const operations = [...anOpenShopOperations(), sale, aVerdict(idOf(sale), 'authorized')]
  operations.forEach((operation, position) => {
    const taken = rebuilt.take(operation, shop.run(operation), start)
    if (taken !== null) remember(memory, { position, at: start, entries: [taken.read] })
  })
  return memory
}
const forgetting = { projected: 100, duplicateWindowMs: 120_000, operationsKeptMs: 16_000 }
const counts = ({ state, operations, changedAt }: Memory) => ({
  sales: state.topups.size,
  operations: operations.size,
  guards: state.recents.size,
  changes: changedAt.size,
})

test('a settled sale is forgotten once it is projected, its operation and guard after their own time', () => {
  const memory = remembered()
  const all = counts(memory)
  expect(all).toMatchObject({ sales: 1, guards: 2 })
  forgetProjected(memory, { ...forgetting, projected: 2, now: start })
  expect(counts(memory)).toMatchObject({ sales: 1 })
  forgetProjected(memory, { ...forgetting, now: start + 16_000 })
  expect(counts(memory)).toMatchObject({ sales: 0, operations: all.operations, guards: 2 })
  forgetProjected(memory, { ...forgetting, now: start + 16_001 })
  expect(counts(memory)).toMatchObject({ operations: 0, guards: 2 })
  forgetProjected(memory, { ...forgetting, now: start + 120_001 })
  expect(counts(memory)).toEqual({ sales: 0, operations: 0, guards: 0, changes: 0 })
})

test('the repeat of a sale that is forgotten is looked up, so that it is answered', () => {
  const memory = remembered()
  const circumstances = {
    now: start,
    policy,
    acceptWindowMs: 10_000,
    clockSkewMs: 2_000,
    isClockTrusted: true,
  }
  const since = start - 600_000
  const ofThis = { ...inboundFor(sale), acceptUntil: start + 10_000 }
  const ofAnother = { ...inboundFor(aTopup()), acceptUntil: start + 10_000 }
  expect(mayBeKnown(ofThis, { since, memory }, circumstances)).toBe(true)
  expect(mayBeKnown(ofAnother, { since, memory }, circumstances)).toBe(false)
})

test('a block reads only its items’ records of memory, however much is remembered', () => {
  const memory = remembered()
  for (const map of [...Object.values(memory.state), memory.operations]) {
    for (const walk of ['keys', 'values', 'entries', 'forEach', Symbol.iterator] as const) {
      Object.defineProperty(map, walk, {
        value: () => {
          throw new Error('walked through')
        },
      })
    }
  }
  const birth = birthBlock(3, { id: 'b', namespace: 'n', partitions: 16, at: start })
  const tip = takeoverBlock(birth, 'o', start)
  const nothing = { operations: new Map(), topups: [], sessions: [] }
  const circumstances = {
    now: start,
    policy,
    acceptWindowMs: 10_000,
    clockSkewMs: 2_000,
    isClockTrusted: true,
  }
  const items = [sale, aTopup({ number: '70000009' })].map((operation) => inboundFor(operation))
  const built = buildBlock(tip, memory, nothing, items, circumstances)
  expect(built.entries.map(({ kind }) => kind)).toEqual(['reserve'])
})
