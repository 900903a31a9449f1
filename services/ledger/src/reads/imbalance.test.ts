import { expect, it } from '@jest/globals'
import { createImbalances, type PartitionSum } from './imbalance.ts'

const sum = (changed: Partial<PartitionSum> = {}): PartitionSum => ({
  partition: 3,
  currency: 'BOB',
  posted: 0,
  reserved: 300,
  incoming: 300,
  position: 7,
  ...changed,
})
const shownAt = (position: number) => new Map([[3, position]])
const bob = (amount: number) => [{ currency: 'BOB', amount }]

it('sums the accounts of each currency', () => {
  const imbalances = createImbalances()
  expect(imbalances([sum()], shownAt(7))).toEqual(bob(0))
  expect(imbalances([sum({ posted: -7, incoming: 290 })], shownAt(7))).toEqual(bob(17))
})

it('in the middle of a group the last exact sum counts', () => {
  const imbalances = createImbalances()
  const torn = sum({ reserved: 1_300, position: 9 })
  expect(imbalances([torn], shownAt(7))).toEqual([])
  expect(imbalances([sum()], shownAt(7))).toEqual(bob(0))
  expect(imbalances([torn], shownAt(7))).toEqual(bob(0))
  // Once the group is whole nothing excuses a difference.
  expect(imbalances([torn], shownAt(9))).toEqual(bob(1_000))
})

it('differences of two partitions do not cancel, and a torn one leaves its neighbour exact', () => {
  const imbalances = createImbalances()
  const positions = new Map([
    [3, 7],
    [4, 7],
  ])
  const other = sum({ partition: 4, posted: -7 })
  expect(imbalances([sum({ posted: 7 }), other], positions)).toEqual(bob(14))
  const torn = sum({ posted: 90, position: 8 })
  expect(imbalances([torn, { ...other, posted: -1 }], positions)).toEqual(bob(8))
})
