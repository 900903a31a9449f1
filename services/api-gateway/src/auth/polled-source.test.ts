import { expect, test } from '@jest/globals'
import { createFakeClock } from '../testing/fake-clock.ts'
import { pollSource } from './polled-source.ts'

const start = (text: () => string) => {
  const clock = createFakeClock()
  const changes: string[] = []
  const troubles: string[] = []
  const followed = pollSource({
    read: () => Promise.resolve().then(text),
    parse: (read) => ({ read }),
    clock,
    everyMs: 60_000,
    retryMs: 5_000,
    onChange: ({ read }) => changes.push(read),
    onTrouble: (error) => troubles.push(String(error)),
  })
  return { clock, followed, changes, troubles }
}

test('an unchanged text keeps its value, and the tokens verified with it', async () => {
  const { clock, followed, changes } = start(() => 'a')
  await followed.looked
  const first = followed.last()
  await clock.advance(60_000)
  expect(followed.last()?.value).toBe(first?.value)
  expect(followed.last()?.seenAt).toBe((first?.seenAt ?? 0) + 60_000)
  expect(changes).toEqual(['a'])
})

test('a failure is reported once, retried sooner, and ends', async () => {
  let looks = 0
  const { clock, followed, changes, troubles } = start(() => {
    looks += 1
    if (looks > 3) return 'a'
    throw new Error('away')
  })
  await followed.looked
  expect(followed.last()).toBeNull()
  await clock.advance(15_000)
  expect([looks, troubles, changes]).toEqual([4, ['Error: away'], ['a']])
  await clock.advance(59_999)
  expect(looks).toBe(4)
})

test('nothing is read after it was stopped', async () => {
  let looks = 0
  const { clock, followed } = start(() => String((looks += 1)))
  await followed.looked
  followed.stop()
  await clock.advance(600_000)
  expect(looks).toBe(1)
})
