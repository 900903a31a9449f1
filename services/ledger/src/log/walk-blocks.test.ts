import { expect, test } from '@jest/globals'
import type { ReadBlock } from './block-documents.ts'
import { batchBlock, birthBlock, hashOf, takeoverBlock, type Block } from './block.ts'
import { walkBlocks } from './walk-blocks.ts'

const birth = birthBlock(2, { id: 'b', namespace: 'n', partitions: 16, at: 0 })
const takeover = takeoverBlock(birth, 'o', 0)
const batch = (tip: Block, text: string) =>
  batchBlock(tip, { at: 0, rules: 1, policy: '{}', entries: [text] })
const first = batch(takeover, '{"n":1}')
const second = batch(first, '{"n":2}')
const whole = [birth, takeover, first, second]

const walk = async (blocks: readonly Block[], tip: Block | null = null) => {
  const after = async function* (_: number, position: number): AsyncIterable<ReadBlock> {
    for (const block of blocks) {
      if (block.position > position) yield await Promise.resolve({ kind: 'block', block })
    }
  }
  const found: ReadBlock[] = []
  for await (const read of walkBlocks({ after }, 2, tip)) found.push(read)
  return found
}
const blocksOf = (found: readonly ReadBlock[]) =>
  found.flatMap((read) => (read.kind === 'block' ? [read.block] : []))

test('every block follows the one before, from the birth or from any block on', async () => {
  expect(blocksOf(await walk(whole))).toEqual(whole)
  expect(blocksOf(await walk(whole, takeover))).toEqual([first, second])
  expect(await walk([])).toEqual([])
})

test.each([
  ['missing', [birth, takeover, second], 2, 'missing, the next one has position 3'],
  ['missing birth', [takeover, first], 0, 'missing, the next one has position 1'],
  ['changed', [birth, takeover, { ...first, entries: ['{}'] } as Block, second], 2, 'hash covers'],
  [
    'replaced',
    [birth, takeover, batch(takeover, '{"other":1}'), second],
    3,
    'does not name the hash of the one before',
  ],
  [
    'inserted',
    [birth, takeover, first, { ...first, position: 3, hash: hashOf({ ...first, position: 3 }) }],
    3,
    'does not name the hash of the one before',
  ],
])('a %s block is named, and the walk ends there', async (_, blocks, position, detail) => {
  const found = await walk([...blocks, batch(second, '{"n":3}')])
  const last = found.at(-1)
  expect(last).toMatchObject({ kind: 'damaged', damage: { partition: 2, position } })
  expect(last?.kind === 'damaged' ? last.damage.detail : '').toContain(detail)
  expect(blocksOf(found)).toHaveLength(found.length - 1)
})
