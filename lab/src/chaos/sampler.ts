import { runRounds } from '@recargas/runtime'
import { readPositions } from '../runner/ledger-database.ts'
import type { Samples } from './facts.ts'
import { compareAtCut, foldBlock, type Folded } from './oracle-balances.ts'
import { readBlocks, type Position } from './read-blocks.ts'
import { readAccounts, type LedgerReader } from './readers.ts'

const everyMs = 1_000
const problemsMax = 100

/**
 * Reads the ledger each second: projected balances, each at the block that it shows, against the lines of all blocks up to
 * there, and against zero. While the database has no primary a reading is missed, and counted.
 */
export const startSampler = (reader: LedgerReader) => {
  const folded: Folded = new Map()
  let position: Position = new Map()
  const problems: string[] = []
  let taken = 0
  let missed = 0
  const look = async () => {
    // The positions first, then the documents, the blocks last: no document can show a block that is not read then.
    const positions = await readPositions(reader.db)
    const accounts = await readAccounts(reader.db)
    // Only a complete read moves the position.
    const ahead: Position = new Map(position)
    const blocks = await readBlocks(reader.blocks, ahead)
    position = ahead
    const found = [
      ...blocks.flatMap((block) => foldBlock(folded, block)),
      ...compareAtCut(folded, accounts, positions),
    ]
    problems.push(...found.slice(0, problemsMax - problems.length))
    taken += 1
  }
  const onFailure = () => {
    missed += 1
  }
  const rounds = runRounds(look, { everyMs, begin: 'at-once', onFailure })
  return {
    stop: async (): Promise<Samples> => {
      await rounds.stop()
      // A sampler that never saw an entry has checked nothing.
      if (folded.size === 0) problems.push('no look saw any entry')
      return { taken, missed, problems }
    },
  }
}
