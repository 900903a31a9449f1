import { expect, test } from '@jest/globals'
import { eventually, until } from './eventually.ts'

const brief = { timeoutMs: 20, everyMs: 1 }

test('returns the first value that is accepted, of the type that the predicate leaves', async () => {
  const answers = [undefined, undefined, 'third', 'fourth']
  const found: string = await eventually(
    () => Promise.resolve(answers.shift()),
    (answer) => answer !== undefined,
  )
  expect(found).toBe('third')
  expect(answers).toEqual(['fourth'])
})

test('fails with the last value and the time it waited', async () => {
  let reads = 0
  const waiting = eventually(
    () => ({ reads: (reads += 1) }),
    () => false,
    brief,
  )
  await expect(waiting).rejects.toThrow(/^still \{"reads":\d+\} after 20 ms$/)
  await expect(waiting).rejects.toThrow(`"reads":${reads}}`)
  expect(reads).toBeGreaterThan(1)
})

test('reads once without any time, and fails with the error of a read', async () => {
  const none = { timeoutMs: 0 }
  expect(await eventually(() => 5, Boolean, none)).toBe(5)
  await expect(eventually(() => 0, Boolean, none)).rejects.toThrow('still 0 after 0 ms')
  const gone = () => Promise.reject(new Error('the server is gone'))
  await expect(eventually(gone, Boolean)).rejects.toThrow('the server is gone')
})

test('waits until something holds', async () => {
  let looks = 0
  await until(() => (looks += 1) === 3, { everyMs: 1 })
  expect(looks).toBe(3)
  await expect(until(() => Promise.resolve(false), brief)).rejects.toThrow(
    'still false after 20 ms',
  )
})
