import { readTransactions } from '../till/carrier-control.ts'
import { runJson } from './programs.ts'

/** The findings of the ledger's own proof, beside the carrier's debits. */
export type Proof = LedgerProof & {
  /** Sales that the carrier debited. With more than `commits` some are still pending; with fewer the ledger invented sales. */
  readonly carrierDebits: number
  /** Tokens that the carrier debited more than once. */
  readonly debitedTwice: number
}

type LedgerProof = {
  readonly entries: number
  readonly lines: number
  readonly commits: number
  /** Posting lines that the proof replayed in a second. */
  readonly linesPerSecond: number
  readonly findings: readonly unknown[]
}

/** Proves the log, in a process of its own, and counts the carrier's debits. */
export const proveStack = async (ledgerUri: string, carrierUrl: string): Promise<Proof> => {
  const proof = await runJson<LedgerProof>({
    program: 'services/ledger/dist/audit/main.js',
    args: ['--json', '--uri', ledgerUri],
    mayFail: true,
  })
  // Read after the proof: a sale that ends in between shows as an extra debit, never as a missing one.
  const debits = (await readTransactions(carrierUrl)).map((transaction) => transaction.debits)
  return {
    ...proof,
    carrierDebits: debits.filter((count) => count > 0).length,
    debitedTwice: debits.filter((count) => count > 1).length,
  }
}

/** The proof of the books after the sales, with its counts. */
export type Verification = { readonly isVerified: boolean; readonly detail: string }

export const verificationOf = (proofs: readonly Proof[]): Verification => ({
  isVerified: proofs.every(({ findings }) => findings.length === 0),
  detail: `${proofs.reduce((sum, { entries }) => sum + entries, 0)} entries`,
})

/** The limits of a figure by their titles; true where one holds. */
export type Bounds = Readonly<Record<string, boolean>>

export const exceededOf = (bounds: Bounds): readonly string[] =>
  Object.entries(bounds).flatMap(([bound, holds]) => (holds ? [] : [bound]))
