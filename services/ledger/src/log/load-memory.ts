import type { Account } from '../accounting/entities.ts'
import type { LedgerState } from '../accounting/ledger-view.ts'
import type { Policy } from '../accounting/operation.ts'
import { loadState } from './load-state.ts'
import { withinTime } from '../mongo/within-time.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { ReadableBlock } from '../projections/projection.ts'
import type { Projector } from '../projections/projector.ts'
import type { BlockStore } from './block-store.ts'
import { entryBytesOf, type Block, type Damage } from './block.ts'
import { parseEntry, type LogEntry } from '../accounting/entry.ts'
import { refusedUntilOf } from './look-up.ts'
import { forgetProjected, memoryOf, remember, type Memory } from './memory.ts'
import { walkBlocks } from './walk-blocks.ts'

export type Loaded =
  | { readonly kind: 'loaded'; readonly memory: Memory }
  | { readonly kind: 'damaged'; readonly damage: Damage }

export type LoadMemory = (
  tip: Block,
  options: {
    readonly policy: Policy
    readonly now: number
    /** Operations are remembered at least this long. */
    readonly operationsKeptMs: number
  },
) => Promise<Loaded>

/**
 * Blocks that a takeover hands over before it lets the projector write them: after a restore all blocks lie above the
 * projections, and they would not fit into memory together.
 */
const blocksAtOnceMax = 2_000

/** The entries of a block. @param state as it was before the block */
export const entriesOf = (
  block: Block,
  state: Pick<LedgerState, 'accounts'>,
): readonly LogEntry[] => {
  if (block.kind !== 'batch') return []
  const changed = new Map<string, Account>()
  return block.entries.map((text) => {
    const accountOf = (id: string) => changed.get(id) ?? state.accounts.get(id)
    const entry = parseEntry(text, accountOf, block.at)
    for (const account of entry.changes.accounts) changed.set(account.id, account)
    return entry
  })
}

/** A block as the projector takes it. */
export const readableBlock = (block: Block, entries: readonly LogEntry[]): ReadableBlock => ({
  partition: block.partition,
  position: block.position,
  at: block.at,
  entries,
  bytes: entryBytesOf(block),
})

/**
 * Loads a new owner's memory: the projections' positions first, then their documents, then the blocks above the lowest position
 * up to the takeover (ledger-log L13). Blocks overwrite documents that are ahead of their position, because their values are
 * absolute; `apply` is not run again. The projector receives the same blocks.
 * @param timeoutMs end of the reads of the projections
 */
export const createLoadMemory =
  (
    projected: Projected,
    store: BlockStore,
    projector: Pick<Projector, 'begin' | 'enqueue' | 'projected' | 'project' | 'blocksBehind'>,
    { timeoutMs }: { readonly timeoutMs: number },
  ): LoadMemory =>
  async (tip, { policy, now, operationsKeptMs }) => {
    const { partition } = tip
    await projector.begin(partition)
    const position = projector.projected(partition)
    const memory = await projected.whileReadable(() =>
      withinTime(timeoutMs, async (signal) => {
        const reading = { at: tip.at, now, signal }
        const state = await loadState(projected, partition, policy, reading)
        const refusedUntil = await refusedUntilOf(projected, partition, signal)
        return memoryOf(state, { position, refusedUntil }, tip.at)
      }),
    )
    let before = await blockAt(store, partition, position)
    if (before !== null && 'detail' in before) return { kind: 'damaged', damage: before }
    let handedOver = 0
    for await (const read of walkBlocks(store, partition, before)) {
      if (read.kind === 'damaged') return read
      const { block } = read
      if (block.position > tip.position) break
      const entries = entriesOf(block, memory.state)
      const readable = readableBlock(block, entries)
      remember(memory, readable)
      projector.enqueue(readable)
      before = block
      handedOver += 1
      if (handedOver % blocksAtOnceMax !== 0) continue
      await projectBlocks(projector, partition)
      const { duplicateWindowMs } = policy
      const shown = projector.projected(partition)
      forgetProjected(memory, { projected: shown, now, duplicateWindowMs, operationsKeptMs })
    }
    if (before?.hash === tip.hash) return { kind: 'loaded', memory }
    const detail = 'the log ends before the takeover that was appended'
    return { kind: 'damaged', damage: { partition, position: tip.position, detail } }
  }

/** Projects the blocks at hand. A projection that fails is not waited for: it is tried again with the blocks that follow. */
const projectBlocks = async (
  projector: Pick<Projector, 'project' | 'blocksBehind'>,
  partition: number,
): Promise<void> => {
  for (let behind = projector.blocksBehind(partition); behind > 0;) {
    await projector.project()
    const left = projector.blocksBehind(partition)
    if (left >= behind) return
    behind = left
  }
}

/** The block that the projections show; null before the first one. */
const blockAt = async (
  store: BlockStore,
  partition: number,
  position: number,
): Promise<Block | Damage | null> => {
  if (position < 0) return null
  const read = await store.find(partition, position)
  if (read === null) {
    return { partition, position, detail: 'the block that the projections show is missing' }
  }
  if (read.kind === 'damaged') return read.damage
  // A block of its own hash; its place in the chain was checked when it was projected.
  return read.block
}
