import type { LedgerReads } from '../reads/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import { readShiftReport } from './shift-sums.ts'
import { floatBalanceAt, floatStatement, sessionBalanceAt, sessionStatement } from './statements.ts'

type StatementReads = Pick<
  LedgerReads,
  'floatStatement' | 'sessionStatement' | 'floatBalance' | 'sessionBalance' | 'shiftReport'
>

/** What the journal alone tells: statements, balances at an instant, shifts added up. */
export const createStatementReads = (
  database: Pick<LedgerDatabase, 'connection' | 'collections'>,
  { now }: { readonly now: () => number },
): StatementReads => {
  const { collections } = database
  return {
    floatStatement: (merchant, operator, query) =>
      floatStatement(collections, merchant, operator, query),
    sessionStatement: (merchant, sessionId, query) =>
      sessionStatement(collections, merchant, sessionId, query),
    // Nobody can say what an account will hold: what is still to come is answered as of now, and says so.
    floatBalance: (merchant, operator, at) =>
      floatBalanceAt(collections, merchant, operator, Math.min(at, now())),
    sessionBalance: (merchant, sessionId, at) =>
      sessionBalanceAt(collections, merchant, sessionId, Math.min(at, now())),
    shiftReport: (merchant, sessionId) => readShiftReport(database, merchant, sessionId),
  }
}
