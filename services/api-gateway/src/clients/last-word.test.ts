import { expect, test } from '@jest/globals'
import type { CarrierState } from '@recargas/contracts'
import { aCarrierState } from '../testing/samples.ts'
import { createLastWord } from './last-word.ts'

const good = aCarrierState()

const aReader = () => {
  const play = { now: 0, reads: 0, answer: (): Promise<CarrierState> => Promise.resolve(good) }
  const state = createLastWord({
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
  expect(await Promise.all([state.current(), state.current(), state.current()])).toEqual([
    good,
    good,
    good,
  ])
  play.now = 1_999
  await state.current()
  expect(play.reads).toBe(1)
  play.now = 2_000
  await state.current()
  expect(play.reads).toBe(2)
})

test('the last word stands while the adapter is silent, then nobody knows', async () => {
  const { play, state } = aReader()
  await state.current()
  play.answer = () => Promise.reject(new Error('gone'))
  play.now = 30_000
  expect(await state.current()).toEqual(good)
  play.now = 33_000
  expect(await state.current()).toBeNull()
  play.answer = () => Promise.resolve(good)
  play.now = 35_000
  expect(await state.current()).toEqual(good)
})

test('a sale takes the last word at once, asks for the next beside it, and waits only where nobody knows', async () => {
  const { play, state } = aReader()
  expect(await state.lastKnown()).toEqual(good)
  play.now = 2_000
  let answer: (next: CarrierState) => void = () => undefined
  play.answer = () => new Promise((resolve) => (answer = resolve))
  expect(await state.lastKnown()).toEqual(good)
  expect(play.reads).toBe(2)
  const withoutTigo = { ...good, offered: ['entel'] }
  answer(withoutTigo)
  await state.current()
  expect(await state.lastKnown()).toEqual(withoutTigo)
  expect(play.reads).toBe(2)
})
