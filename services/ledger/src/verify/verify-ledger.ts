import { checkPartition, type Finding, type PartitionRecord } from './check-partition.ts'

export type LedgerProof = {
  readonly entries: number
  readonly lines: number
  /** Sales that became final. */
  readonly commits: number
  readonly findings: readonly Finding[]
}

/** Proves every partition; an empty list of findings means that the journal explains every balance. */
export const verifyLedger = async (
  records: AsyncIterable<PartitionRecord>,
): Promise<LedgerProof> => {
  let proof: LedgerProof = { entries: 0, lines: 0, commits: 0, findings: [] }
  for await (const record of records) {
    const part = await checkPartition(record)
    proof = {
      entries: proof.entries + part.entries,
      lines: proof.lines + part.lines,
      commits: proof.commits + part.commits,
      findings: [...proof.findings, ...part.findings],
    }
  }
  return proof
}
