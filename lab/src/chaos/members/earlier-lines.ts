import { openProjections, withDatabase } from '../../runner/ledger-database.ts'
import type { Edit } from '../edit-build.ts'

export const changedProjection = 'statement_lines'

/** A build that writes statement lines as they were before a drawer's line named the operator of its sale. */
export const earlierLines: readonly Edit[] = [
  {
    file: 'services/ledger/dist/projections/statement-lines.js',
    from: '...(float === undefined',
    to: '...(float !== null',
  },
]

/** Sales' lines of drawers without their operator, in the collection that is read. */
export const countEarlierLines = (ledgerUri: string): Promise<number> =>
  withDatabase(ledgerUri, async (db) => {
    const { collectionOf } = await openProjections(db)
    return collectionOf(changedProjection).countDocuments({
      '_id.account': /\/drawer\//,
      lines: { $elemMatch: { kind: { $in: ['reserve', 'commit'] }, operator: { $exists: false } } },
    })
  })
