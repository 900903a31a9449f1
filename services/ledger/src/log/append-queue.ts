import { createBatcher } from '@recargas/runtime'
import type { InsertReply } from './append-protocol.ts'
import type { BlockStore } from './block-store.ts'
import { entryBytesOf, type Block } from './block.ts'

/** Most bytes of entries in one command (ledger-log L10); a block alone is below it. */
export const commandBytesMax = 8_388_608
/** Commands with blocks of several partitions that are under way at most. */
const commandsMax = 2

export type AppendQueue = {
  /**
   * Sends a block: with the blocks of other partitions that are ready by then, in one command. A retry travels alone, so
   * that no partition waits for the doubt of another.
   */
  readonly insert: (block: Block, attempt: { readonly isRetry: boolean }) => Promise<InsertReply>
}

/**
 * Batches the appends of all partitions of this process into few insert commands, so a thousand quiet shops cost as much as one
 * busy shop.
 */
export const createAppendQueue = (insert: BlockStore['insert']): AppendQueue => {
  const insertAll = async (blocks: readonly Block[]): Promise<readonly InsertReply[]> => {
    const replies = await insert(blocks)
    return blocks.map((_, index) => replies[index] ?? 'unknown')
  }
  const { add } = createBatcher<Block, InsertReply>({
    write: insertAll,
    cut: blocksOfOneCommand,
    underWayMax: commandsMax,
    // Batches of other partitions that end in this turn of the event loop travel along.
    defer: setImmediate,
  })
  return {
    insert: async (block, { isRetry }) => {
      if (!isRetry) return add(block)
      const [reply] = await insertAll([block])
      return reply ?? 'unknown'
    },
  }
}

const blocksOfOneCommand = (waiting: readonly Block[]): number => {
  let bytes = 0
  const end = waiting.findIndex((block, index) => {
    bytes += entryBytesOf(block)
    return index > 0 && bytes > commandBytesMax
  })
  return end === -1 ? waiting.length : end
}
