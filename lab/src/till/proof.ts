import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readTransactions } from './carrier-control.ts'

const verifier = fileURLToPath(
  new URL('../../../services/ledger/dist/audit/main.js', import.meta.url),
)
const outputBytesMax = 64 * 1024 * 1024

/** The findings of the ledger's own proof, beside the carrier's debits. */
export type Proof = {
  readonly entries: number
  readonly lines: number
  readonly commits: number
  /** Posting lines that the proof replayed in a second. */
  readonly linesPerSecond: number
  readonly findings: readonly unknown[]
  /** Sales the carrier debited; more than `commits` are held as pending, fewer would be invented. */
  readonly carrierDebits: number
  /** Tokens that the carrier debited more than once. */
  readonly debitedTwice: number
}

/** Proves the log, in a process of its own, and counts the carrier's debits. */
export const proveStack = async (ledgerUri: string, sandboxUrl: string): Promise<Proof> => {
  const proof = await verify(ledgerUri)
  // Read last: a sale that still became final would show as a debit too many, never as one that is missing.
  return { ...proof, ...(await debitsOf(sandboxUrl)) }
}

type LedgerProof = Omit<Proof, 'carrierDebits' | 'debitedTwice'>

const verify = (ledgerUri: string): Promise<LedgerProof> =>
  new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _own, ...environment } = process.env
    execFile(
      process.execPath,
      [verifier, '--json', '--uri', ledgerUri],
      { env: environment, maxBuffer: outputBytesMax },
      (error, stdout, stderr) => {
        // Exit code 1 only means that there are findings.
        if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as LedgerProof)
        else reject(new Error(`the ledger could not be verified: ${stderr}`, { cause: error }))
      },
    )
  })

const debitsOf = async (sandboxUrl: string) => {
  const debits = (await readTransactions(sandboxUrl)).map((transaction) => transaction.debits)
  return {
    carrierDebits: debits.filter((count) => count > 0).length,
    debitedTwice: debits.filter((count) => count > 1).length,
  }
}
