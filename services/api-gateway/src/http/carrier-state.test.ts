import { expect, test } from '@jest/globals'
import type { CarrierState } from '@recargas/contracts'
import { createCarrierState } from './carrier-state.ts'

const good: CarrierState = { available: true, reason: null, breaker: 'closed' }

const aReader = () => {
  const play = { now: 0, reads: 0, answer: (): Promise<CarrierState> => Promise.resolve(good) }
  const state = createCarrierState({
    read: () => {
      play.reads += 1
      return play.answer()
    },
    now: () => play.now,
    freshMs: 2_000,
    staleMs: 30_000,
  })
  return { play, state }
}

test('many readers ask the adapter once in two seconds', async () => {
  const { play, state } = aReader()
  expect(await Promise.all([state(), state(), state()])).toEqual([good, good, good])
  play.now = 1_999
  await state()
  expect(play.reads).toBe(1)
  play.now = 2_000
  await state()
  expect(play.reads).toBe(2)
})

test('the last word stands while the adapter is silent, then nobody knows', async () => {
  const { play, state } = aReader()
  await state()
  play.answer = () => Promise.reject(new Error('gone'))
  play.now = 30_000
  expect(await state()).toEqual(good)
  play.now = 33_000
  expect(await state()).toBeNull()
  play.answer = () => Promise.resolve(good)
  play.now = 35_000
  expect(await state()).toEqual(good)
})
