import { expect, test } from '@jest/globals'
import type { InsertReply } from './append-protocol.ts'
import { commandBytesMax, createAppendQueue } from './append-queue.ts'
import { batchBlock, birthBlock, takeoverBlock, type Block } from './block.ts'

const aBlock = (partition: number, bytes = 2): Block => {
  const birth = birthBlock(partition, { id: 'b', namespace: 'n', partitions: 16, at: 0 })
  const entries = ['x'.repeat(bytes)]
  return batchBlock(takeoverBlock(birth, 'o', 0), { at: 0, rules: 1, policy: '{}', entries })
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A database whose test decides each answer. */
const heldStore = () => {
  const commands: { partitions: number[]; answer: (replies: InsertReply[]) => void }[] = []
  const insert = (blocks: readonly Block[]) =>
    new Promise<readonly InsertReply[]>((answer) => {
      commands.push({ partitions: blocks.map(({ partition }) => partition), answer })
    })
  return { commands, insert, sent: () => commands.map(({ partitions }) => partitions) }
}

test('blocks that are ready together share one command, and each gets its own reply', async () => {
  const store = heldStore()
  const queue = createAppendQueue(store.insert)
  const replies = Promise.all([1, 2, 3].map((p) => queue.insert(aBlock(p), { isRetry: false })))
  await turn()
  expect(store.sent()).toEqual([[1, 2, 3]])
  store.commands[0]?.answer(['inserted', 'duplicate-key', 'unknown'])
  expect(await replies).toEqual(['inserted', 'duplicate-key', 'unknown'])
})

test('two commands are under way at most; those that come meanwhile share the next one', async () => {
  const store = heldStore()
  const queue = createAppendQueue(store.insert)
  for (const partition of [1, 2, 3, 4]) {
    void queue.insert(aBlock(partition), { isRetry: false })
    await turn()
  }
  expect(store.sent()).toEqual([[1], [2]])
  store.commands[0]?.answer(['inserted'])
  await turn()
  expect(store.sent()).toEqual([[1], [2], [3, 4]])
})

test('a retry travels alone and waits for no command', async () => {
  const store = heldStore()
  const queue = createAppendQueue(store.insert)
  for (const partition of [1, 2]) {
    void queue.insert(aBlock(partition), { isRetry: false })
    await turn()
  }
  void queue.insert(aBlock(3), { isRetry: true })
  await turn()
  expect(store.sent()).toEqual([[1], [2], [3]])
})

test('a command stays within its bound, and a block alone always travels', async () => {
  const store = heldStore()
  const queue = createAppendQueue(store.insert)
  const half = commandBytesMax / 2
  for (const [partition, bytes] of [half, half, 1, commandBytesMax + 1].entries()) {
    void queue.insert(aBlock(partition, bytes), { isRetry: false })
  }
  await turn()
  expect(store.sent()).toEqual([[0, 1], [2]])
  store.commands[0]?.answer(['inserted', 'inserted'])
  await turn()
  expect(store.sent()).toEqual([[0, 1], [2], [3]])
})
