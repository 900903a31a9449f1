import { Writable } from 'node:stream'
import { expect, it } from '@jest/globals'
import { createLineOutput, droppedLines } from './line-output.ts'

type Disk = { isFull: boolean }

const withDisk = (disk: Disk) => {
  const written: string[] = []
  const stream = new Writable({
    write: (text, _encoding, settled) => {
      if (!disk.isFull) written.push(String(text))
      settled(disk.isFull ? Object.assign(new Error('no space'), { code: 'ENOSPC' }) : null)
    },
    // As process.stdout, which outlives its errors.
    destroy(error, settled) {
      settled(error)
      ;(this as unknown as { _undestroy: () => void })._undestroy()
    },
  })
  const output = createLineOutput({ stream, resumedLine: (lines) => `${lines} dropped` })
  return { written, output }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('writes every line while there is room, and counts none', async () => {
  const before = droppedLines()
  const { written, output } = withDisk({ isFull: false })
  for (const line of ['one', 'two', 'three']) output.write(line)
  await turn()
  expect(written).toEqual(['one\n', 'two\n', 'three\n'])
  expect(droppedLines() - before).toBe(0)
})

it('drops and counts the lines that a full disk refuses, and logs their number once there is room', async () => {
  const before = droppedLines()
  const disk = { isFull: true }
  const { written, output } = withDisk(disk)
  for (const line of ['one', 'two']) {
    output.write(line)
    await turn()
  }
  expect(droppedLines() - before).toBe(2)
  disk.isFull = false
  output.write('three')
  await turn()
  output.write('four')
  await turn()
  // The first line begins anew, since half of an earlier one may stand there.
  expect(written).toEqual(['\nthree\n', '2 dropped\n', 'four\n'])
  expect(droppedLines() - before).toBe(2)
})

it('holds no more than its limit for a reader that does not read', async () => {
  const before = droppedLines()
  const held: (() => void)[] = []
  const read: string[] = []
  const stream = new Writable({
    write: (text, _encoding, settled) => {
      held.push(() => {
        read.push(String(text))
        settled()
      })
    },
  })
  const line = 'x'.repeat(99)
  const output = createLineOutput({
    stream,
    bytesMax: 1_000,
    resumedLine: (lines) => `${lines} dropped`,
  })
  for (let count = 0; count < 25; count += 1) output.write(line)
  expect(stream.writableLength).toBeLessThanOrEqual(1_000)
  expect(droppedLines() - before).toBe(15)
  // The reader is back.
  for (let count = 0; count < 12 && held.length > 0; count += 1) {
    held.shift()?.()
    await turn()
  }
  expect(read.filter((text) => text === `${line}\n`)).toHaveLength(10)
  expect(read.filter((text) => text.endsWith('dropped\n'))).toEqual(['15 dropped\n'])
})
