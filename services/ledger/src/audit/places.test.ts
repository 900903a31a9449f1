import { expect, test } from '@jest/globals'
import { createPlaces } from './places.ts'

const key = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

test('a place is the latest position of its key', () => {
  const places = createPlaces()
  for (let index = 0; index < 5_000; index += 1) places.set(key(index), index)
  places.set(key(7), 6_000)
  expect(places.get(key(7))).toBe(6_000)
  expect(places.get(key(0))).toBe(0)
  expect(places.get(key(4_999))).toBe(4_999)
  expect(places.get(key(5_000))).toBeUndefined()
  expect(places.hasForgotten()).toBe(false)
})

test('past the bound the older keys are forgotten, which is reported', () => {
  const places = createPlaces(1_024)
  for (let index = 0; index < 3_000; index += 1) places.set(key(index), index)
  expect(places.hasForgotten()).toBe(true)
  expect(places.get(key(0))).toBeUndefined()
  expect(places.get(key(2_999))).toBe(2_999)
  expect(places.get(key(2_300))).toBe(2_300)
})
