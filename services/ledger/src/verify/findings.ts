export const findingCodes = [
  /** The database itself: a collection or an index is missing, or something belongs to no partition. */
  'DATABASE',
  /** A document that cannot be read. */
  'DAMAGED',
  'GAP',
  'CHAIN',
  'HEAD',
  /** The same operation, applied again, gives another entry or another answer. */
  'REPLAY',
  'UNBALANCED',
  'RUNNING_BALANCE',
  'OVERDRAWN',
  'ENDED_TWICE',
  'HOLD',
  'ACCOUNT',
  'MERCHANT',
  'CAJA',
  'SESSION',
  'TOPUP',
  'INJECTION',
  'CASE',
  'OUTBOX',
] as const
export type FindingCode = (typeof findingCodes)[number]
export type Finding = {
  readonly code: FindingCode
  readonly partition: number | null
  /** The journal's entry, or the id of what is stored. */
  readonly entry: string | null
  readonly detail: string
}

/** What was found so far; past the limit only counted, so that a ruined database cannot fill the memory. */
export type Findings = { readonly kept: Finding[]; count: number }

const findingsKeptMax = 1_000

export const noFindings = (): Findings => ({ kept: [], count: 0 })

export const note = (findings: Findings, finding: Finding): void => {
  findings.count += 1
  if (findings.kept.length < findingsKeptMax) findings.kept.push(finding)
}
