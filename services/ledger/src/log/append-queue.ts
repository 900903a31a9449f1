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

type Waiting = {
  readonly block: Block
  readonly bytes: number
  readonly answer: (reply: InsertReply) => void
}

/**
 * Batches the appends of all partitions of this process into few insert commands, so a thousand quiet shops cost as much as one
 * busy shop.
 */
export const createAppendQueue = (insert: BlockStore['insert']): AppendQueue => {
  let waiting: Waiting[] = []
  let underWay = 0

  const send = async (chunk: readonly Waiting[]): Promise<void> => {
    const replies = await insert(chunk.map(({ block }) => block))
    chunk.forEach(({ answer }, index) => answer(replies[index] ?? 'unknown'))
  }
  const sendWaiting = (): void => {
    while (underWay < commandsMax && waiting.length > 0) {
      const chunk = firstChunk(waiting)
      waiting = waiting.slice(chunk.length)
      underWay += 1
      void send(chunk).finally(() => {
        underWay -= 1
        sendWaiting()
      })
    }
  }
  return {
    insert: (block, { isRetry }) =>
      new Promise((answer) => {
        const each: Waiting = { block, bytes: entryBytesOf(block), answer }
        if (isRetry) {
          void send([each])
          return
        }
        waiting.push(each)
        // Batches of other partitions that end in this turn of the event loop travel along.
        if (waiting.length === 1) setImmediate(sendWaiting)
      }),
  }
}

const firstChunk = (waiting: readonly Waiting[]): readonly Waiting[] => {
  let bytes = 0
  const end = waiting.findIndex((each, index) => {
    bytes += each.bytes
    return index > 0 && bytes > commandBytesMax
  })
  return end === -1 ? waiting : waiting.slice(0, end)
}
