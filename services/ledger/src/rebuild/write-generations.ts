import { errorText } from '@recargas/contracts'
import type { Account } from '../accounting/entities.ts'
import type { Block } from '../log/block.ts'
import { entriesOf, readableBlock } from '../log/load-memory.ts'
import { walkBlocks } from '../log/walk-blocks.ts'
import type { Projection } from '../projections/projection.ts'
import { groupBlocksMax, groupBytesMax } from '../projections/block-groups.ts'
import { createProjector, type Projector } from '../projections/projector.ts'
import { keepLeases, partitionsOf, RebuildStopped, waitFor, type Rebuild } from './rebuild-run.ts'

/** The place of the walk in one partition. */
type Walk = { tip: Block | null; readonly accounts: Map<string, Account> }

export type Writing = {
  readonly walks: readonly Walk[]
  /** Writes the generations under construction. */
  readonly projector: Projector
}

/** A projection that fails is tried again so often, with a pause of `settleMs` / 3 before each: a change of primary ends meanwhile. */
const triesMax = 30

/** Begins at the birth of each partition: blocks that an earlier run wrote are read again, not written again. */
export const beginWriting = (rebuild: Rebuild, generations: readonly Projection[]): Writing => ({
  projector: createProjector(generations, rebuild.store, { blocksMax: groupBlocksMax }),
  walks: partitionsOf(rebuild).map(() => ({ tip: null, accounts: new Map() })),
})

/** Writes every partition's blocks up to its end. */
export const writeOn = async (rebuild: Rebuild, writing: Writing): Promise<void> => {
  let total = 0
  for (const partition of partitionsOf(rebuild)) {
    total += (await rebuild.blocks.newestPosition(partition)) + 1
  }
  for (const [partition, walk] of writing.walks.entries()) {
    await writing.projector.begin(partition)
    await writePartition(rebuild, writing, { partition, walk, total })
  }
}

const writePartition = async (
  rebuild: Rebuild,
  { projector, walks }: Writing,
  {
    partition,
    walk,
    total,
  }: { readonly partition: number; readonly walk: Walk; readonly total: number },
): Promise<void> => {
  const flush = async (): Promise<void> => {
    await writeGroups(rebuild, projector)
    await keepLeases(rebuild)
    const done = walks.reduce((sum, { tip }) => sum + (tip?.position ?? -1) + 1, 0)
    rebuild.onProgress({ kind: 'writing', done, total: Math.max(done, total) })
  }
  let sinceFlush = 0
  for await (const read of walkBlocks(rebuild.blocks, partition, walk.tip)) {
    if (read.kind === 'damaged') {
      const { position, detail } = read.damage
      throw new RebuildStopped(`block ${partition}/${position} is damaged: ${detail}`)
    }
    const entries = entriesOf(read.block, walk)
    for (const { changes } of entries) {
      for (const account of changes.accounts) walk.accounts.set(account.id, account)
    }
    projector.enqueue(readableBlock(read.block, entries))
    walk.tip = read.block
    sinceFlush += 1
    if (sinceFlush < groupBlocksMax && projector.lag().bytes < groupBytesMax) continue
    await flush()
    sinceFlush = 0
  }
  await flush()
}

/** Writes the enqueued blocks. @throws when a projection keeps failing */
const writeGroups = async (rebuild: Rebuild, projector: Projector): Promise<void> => {
  for (let tries = 0; projector.lag().blocks > 0;) {
    const [failure] = await projector.project()
    if (failure === undefined) {
      tries = 0
      continue
    }
    const { projection, partition, error } = failure
    const reason = errorText(error)
    tries += 1
    if (tries === triesMax) {
      throw new RebuildStopped(
        `${projection} cannot be written in partition ${partition}: ${reason}`,
      )
    }
    rebuild.onProgress({ kind: 'retrying', projection, reason })
    await waitFor(rebuild, rebuild.times.settleMs / 3)
  }
}
