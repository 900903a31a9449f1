export type FindingCode =
  /** The database itself: a collection or an index is missing, or something belongs to no partition. */
  | 'DATABASE'
  /** A block that is missing, doubled, unreadable, of an unknown version or of another birth. */
  | 'BLOCK'
  /** A block that is not as its hash covers it, or does not follow the block before. */
  | 'CHAIN'
  /** An entry that cannot be read. */
  | 'ENTRY'
  /** The same operation, applied again, gives another entry or another answer. */
  | 'REPLAY'
  /** A refusal by time that changed something, or an earlier outcome. */
  | 'EXPIRED'
  | 'UNBALANCED'
  | 'RUNNING_BALANCE'
  | 'OVERDRAWN'
  | 'SECOND_EFFECT'
  | 'ENDED_TWICE'
  | 'HOLD'
  | 'ACCOUNT'
  | 'MERCHANT'
  | 'CAJA'
  | 'SESSION'
  | 'SALE'
  | 'OPERATION'
  | 'STATEMENT'
  | 'INJECTION'
  | 'CASE'
  /** The position of a projection, or a document that shows a position that the log has not. */
  | 'PROJECTION'

export type Finding = {
  readonly code: FindingCode
  readonly partition: number | null
  /** Position of the block; null for a finding without one. */
  readonly position: number | null
  /** The id of the entry, or of a stored document. */
  readonly entry: string | null
  readonly detail: string
}

/** The findings so far; past the limit they are only counted, so that a ruined database cannot fill the memory. */
export type Findings = { readonly kept: Finding[]; count: number }

const findingsKeptMax = 1_000

export const noFindings = (): Findings => ({ kept: [], count: 0 })

export const note = (findings: Findings, finding: Finding): void => {
  findings.count += 1
  if (findings.kept.length < findingsKeptMax) findings.kept.push(finding)
}

/** Adds the findings of a part, in their order. */
export const add = (findings: Findings, { kept, count }: Findings): void => {
  for (const finding of kept) note(findings, finding)
  findings.count += count - kept.length
}

/** Notes a finding of one entry. */
export type Find = (code: FindingCode, detail: string) => void
