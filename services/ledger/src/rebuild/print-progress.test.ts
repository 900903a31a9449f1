import { expect, test } from '@jest/globals'
import { createProgressPrinter } from './print-progress.ts'

const aPrinter = () => {
  const lines: string[] = []
  let now = 0
  const print = createProgressPrinter(
    (line) => lines.push(line),
    () => now,
  )
  const write = (at: number, done: number) => {
    now = at
    print({ kind: 'writing', done, total: 1_000 })
  }
  return { lines, print, write }
}

test('prints percent, blocks a second and time left, once a second and at the end', () => {
  const { lines, print, write } = aPrinter()
  write(0, 1)
  write(500, 51)
  write(1_000, 101)
  write(1_900, 1_000)
  write(1_950, 1_000)
  print({ kind: 'settling' })
  write(5_000, 1_001)
  expect(lines).toEqual([
    '0 %  1 of 1000 blocks, 0 blocks/s, time unknown',
    '10 %  101 of 1000 blocks, 100 blocks/s, 9 s left',
    '100 %  1000 of 1000 blocks, 526 blocks/s, 0 s left',
    'written; the ledger’s projectors go on with it',
  ])
})

test('takes the pace of the last lines, not of an earlier run’s blocks', () => {
  const { lines, write } = aPrinter()
  write(0, 1)
  write(1_000, 800)
  for (let second = 2; second <= 12; second += 1) write(1_000 * second, 790 + 10 * second)
  expect(lines.at(-1)).toBe('91 %  910 of 1000 blocks, 10 blocks/s, 9 s left')
})

test('names a rebuild that it waits for, goes on with or tries again, without end', () => {
  const { lines, print } = aPrinter()
  const waiting = { kind: 'waiting-for-lease', projection: 'sales' } as const
  const retrying = { kind: 'retrying', projection: 'sales/2', reason: 'no space' } as const
  for (const each of [waiting, waiting, retrying, retrying]) print(each)
  print({ kind: 'resuming', projection: 'sales', generation: 2 })
  expect(lines).toEqual([
    'sales: another rebuild may be under way; waiting',
    'sales/2 cannot be written; trying again: no space',
    'sales: goes on with the rebuild of generation 2',
  ])
})
