import { expect, test } from '@jest/globals'
import { MerchantId, partitionOf, type LedgerEvent } from '@recargas/contracts'
import { aSale, merchant, settledEvent } from '../testing/samples.ts'
import { createHeardPositions } from './heard-positions.ts'

const other = MerchantId.parse('bogota')

const event = (position?: number, of: MerchantId = merchant): LedgerEvent => {
  const settled = settledEvent(aSale(0), 0, { merchant: of })
  return {
    ...settled,
    data: { ...settled.data, ...(position !== undefined && { position }) },
  } as LedgerEvent
}
const heard = () => {
  let now = 0
  const positions = createHeardPositions(() => now)
  return { ...positions, setTime: (at: number) => (now = at) }
}

test('the newest block of a shop is the latest that any event named, in whatever order they come', () => {
  const { hear, newestOf } = heard()
  expect(newestOf(merchant)).toBeNull()
  for (const position of [7, 9, 8]) hear(event(position))
  expect(newestOf(merchant)).toBe(9)
})

test('another partition has its own, and an event without a position changes none', () => {
  const { hear, newestOf } = heard()
  expect(partitionOf(other)).not.toBe(partitionOf(merchant))
  hear(event(9))
  hear(event())
  hear(event(3, other))
  expect([newestOf(merchant), newestOf(other)]).toEqual([9, 3])
})

test('after a minute without a newer one it is forgotten, so that a restored ledger with fewer blocks is read again', () => {
  const { hear, newestOf, setTime } = heard()
  hear(event(9))
  setTime(59_999)
  hear(event(4))
  expect(newestOf(merchant)).toBe(9)
  setTime(60_000)
  expect(newestOf(merchant)).toBeNull()
  hear(event(4))
  expect(newestOf(merchant)).toBe(4)
})
