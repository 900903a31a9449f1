import { expect, test } from '@jest/globals'
import { runRounds } from './rounds.ts'

/** Rounds whose pause outlasts the test, so that the test ends each one. */
const startRounds = () => {
  const waiting: (() => void)[] = []
  let begun = 0
  const rounds = runRounds(
    () => {
      begun += 1
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
    { everyMs: 60_000, begin: 'at-once', onFailure: () => undefined },
  )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    ...rounds,
    begun: () => begun,
    settle,
    endRound: async () => {
      waiting.shift()?.()
      await settle()
    },
  }
}

test('a round that is waited for begins at once, and the next one after a whole pause', async () => {
  const rounds = startRounds()
  await rounds.endRound()
  expect(rounds.begun()).toBe(1)
  rounds.wake()
  await rounds.settle()
  expect(rounds.begun()).toBe(2)
  await rounds.endRound()
  expect(rounds.begun()).toBe(2)
  await rounds.stop()
})

test('a change during a round is seen by another one right after it', async () => {
  const rounds = startRounds()
  rounds.wake()
  await rounds.settle()
  expect(rounds.begun()).toBe(1)
  await rounds.endRound()
  expect(rounds.begun()).toBe(2)
  await rounds.endRound()
  await rounds.stop()
})

test('a stop ends the pause and begins no further round', async () => {
  const rounds = startRounds()
  await rounds.endRound()
  await rounds.stop()
  rounds.wake()
  await rounds.settle()
  expect(rounds.begun()).toBe(1)
})
