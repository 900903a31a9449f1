import { emptyState, absorb } from '../accounting/ledger-view.ts'
import { entriesOf } from '../log/load-memory.ts'
import { walkBlocks } from '../log/walk-blocks.ts'
import { projections } from '../projections/all.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { timeoutMs, type BenchLog } from './open-log.ts'

export type CheckedBooks = {
  readonly entries: number
  readonly commits: number
  readonly findings: readonly string[]
}

/** The log is whole, and every projection shows it to its end with as many documents as it must have. */
export const checkBooks = async ({ db, blocks, birth }: BenchLog): Promise<CheckedBooks> => {
  const store = createProjectionStore(db, { timeoutMs })
  const findings: string[] = []
  let entries = 0
  let commits = 0
  for (let partition = 0; partition < birth.partitions; partition += 1) {
    const state = emptyState()
    let last = -1
    for await (const read of walkBlocks(blocks, partition, null)) {
      if (read.kind === 'damaged') {
        findings.push(`block ${partition}/${read.damage.position}: ${read.damage.detail}`)
        break
      }
      last = read.block.position
      for (const entry of entriesOf(read.block, state)) {
        absorb(state, entry.changes)
        entries += 1
        if (entry.kind === 'commit') commits += 1
      }
    }
    if (last <= 0) continue
    for (const { name } of projections) {
      const shown = await store.positionOf(name, partition)
      if (shown !== last)
        findings.push(`${name} shows ${partition}/${shown}, the log ends at ${last}`)
    }
  }
  const counted = {
    operations: [entries, {}],
    sales: [commits, { state: 'committed' }],
  } as const
  for (const [name, [wanted, filter]] of Object.entries(counted)) {
    const found = await db.collection(name).countDocuments(filter)
    if (found !== wanted) findings.push(`${name}: ${found} documents, the log makes ${wanted}`)
  }
  return { entries, commits, findings }
}
