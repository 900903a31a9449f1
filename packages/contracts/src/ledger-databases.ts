/**
 * The database of a ledger's blocks, on the same server as its own: there the ledger's user can only find and insert.
 * @param ledger name of the ledger's own database
 */
export const blocksDatabaseOf = (ledger: string): string => `${ledger}_blocks`

/** All projections of the ledger, each named as the collection of its first generation. */
export const projectionNames = [
  'balances',
  'cash',
  'sales',
  'operations',
  'statement_lines',
  'injections',
  'cases',
] as const
