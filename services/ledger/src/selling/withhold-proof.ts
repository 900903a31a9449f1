import type { LedgerReads } from '../reads/ports.ts'

/**
 * The books of a backup cannot prove that an unknown operation never took place: it may have been made after the backup.
 * While no sale is taken, an unknown operation is answered as absent and nothing more.
 */
export const withholdProof = (
  reads: Pick<LedgerReads, 'operation'>,
  isSelling: () => boolean,
): Pick<LedgerReads, 'operation'> => ({
  operation: (merchant, id, acceptUntil) =>
    reads.operation(merchant, id, isSelling() ? acceptUntil : null),
})
