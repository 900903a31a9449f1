import type { ReadBlock } from './block-documents.ts'
import type { BlockStore } from './block-store.ts'
import { damageBetween, type Block } from './block.ts'

/**
 * Walks a partition's log from the block after `tip` to its end, in constant memory, and checks that each block follows the
 * one before. The first damage is the last value.
 * @param tip null: from the birth on
 */
export async function* walkBlocks(
  { after }: Pick<BlockStore, 'after'>,
  partition: number,
  tip: Block | null,
): AsyncGenerator<ReadBlock> {
  let before = tip
  for await (const read of after(partition, before?.position ?? -1)) {
    const checked = read.kind === 'damaged' ? read : following(partition, before, read.block)
    yield checked
    if (checked.kind === 'damaged') return
    before = checked.block
  }
}

const following = (partition: number, before: Block | null, block: Block): ReadBlock => {
  const position = (before?.position ?? -1) + 1
  if (block.position !== position) {
    const detail = `the block is missing, the next one has position ${block.position}`
    return { kind: 'damaged', damage: { partition, position, detail } }
  }
  const damage = damageBetween(before, block)
  return damage === null ? { kind: 'block', block } : { kind: 'damaged', damage }
}
