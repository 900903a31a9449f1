import { runEvery } from './every.ts'
import type { Samples } from './facts.ts'
import { compare, fold, type Folded } from './oracle-balances.ts'
import { readAccounts, readEntries, type LedgerReader, type Position } from './readers.ts'

const everyMs = 1_000
const problemsMax = 100

export type Sampler = { readonly stop: () => Promise<Samples> }

/**
 * Looks at the ledger each second: stored balances against the journal's entries up to the same moment, and against
 * zero. While the database has no primary a look is missed, and counted.
 */
export const startSampler = (reader: LedgerReader): Sampler => {
  const folded: Folded = new Map()
  let position: Position = new Map()
  const problems: string[] = []
  let taken = 0
  let missed = 0
  const look = async () => {
    // Only what was read whole counts as read.
    const ahead: Position = new Map(position)
    const { entries, accounts } = await reader.atOnce(async (session) => ({
      accounts: await readAccounts(reader.db, session),
      entries: await readEntries(reader.db, ahead, session),
    }))
    position = ahead
    const found = [...entries.flatMap((entry) => fold(folded, entry)), ...compare(folded, accounts)]
    problems.push(...found.slice(0, problemsMax - problems.length))
    taken += 1
  }
  const rounds = runEvery(everyMs, () =>
    look().catch(() => {
      missed += 1
    }),
  )
  return {
    stop: async () => {
      await rounds.stop()
      // Whoever looks where nothing is finds nothing wrong.
      if (folded.size === 0) problems.push('no look saw any entry')
      return { taken, missed, problems }
    },
  }
}
