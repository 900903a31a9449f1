import { expect, test } from '@jest/globals'
import { MerchantId, partitionOf, type LedgerEvent } from '@recargas/contracts'
import { aSale, merchant, settledEvent } from '../testing/samples.ts'
import { createKnownPositions } from './known-positions.ts'

const other = MerchantId.parse('bogota')

const event = (position?: number, of: MerchantId = merchant): LedgerEvent => {
  const settled = settledEvent(aSale(0), 0, { merchant: of })
  return {
    ...settled,
    data: { ...settled.data, ...(position !== undefined && { position }) },
  } as LedgerEvent
}
const received = () => {
  let now = 0
  const positions = createKnownPositions(() => now)
  return { ...positions, setTime: (at: number) => (now = at) }
}

test('the newest block of a shop is the latest of any event, in whatever order they arrive', () => {
  const { receive, newestOf } = received()
  expect(newestOf(merchant)).toBeNull()
  for (const position of [7, 9, 8]) receive(event(position))
  expect(newestOf(merchant)).toBe(9)
})

test('another partition has its own, and an event without a position changes none', () => {
  const { receive, newestOf } = received()
  expect(partitionOf(other)).not.toBe(partitionOf(merchant))
  receive(event(9))
  receive(event())
  receive(event(3, other))
  expect([newestOf(merchant), newestOf(other)]).toEqual([9, 3])
})

test('after a minute without a newer one it is forgotten, so that a restored ledger with fewer blocks is read again', () => {
  const { receive, newestOf, setTime } = received()
  receive(event(9))
  setTime(59_999)
  receive(event(4))
  expect(newestOf(merchant)).toBe(9)
  setTime(60_000)
  expect(newestOf(merchant)).toBeNull()
  receive(event(4))
  expect(newestOf(merchant)).toBe(4)
})
