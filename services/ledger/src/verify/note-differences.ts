import { note, type FindingCode, type Findings } from './findings.ts'
import type { DerivedKind, Difference } from './ledger-source.ts'

export const codeOf: Readonly<Record<DerivedKind, FindingCode>> = {
  accounts: 'ACCOUNT',
  merchants: 'MERCHANT',
  cajas: 'CAJA',
  sessions: 'SESSION',
  topups: 'TOPUP',
  injections: 'INJECTION',
  cases: 'CASE',
}

export const noteDifferences = (
  findings: Findings,
  partition: number,
  differences: readonly Difference[],
): void => {
  for (const { kind, id, fields } of differences) {
    const detail =
      fields.size === 0
        ? 'the journal made it, and it is not stored'
        : [...fields].map(([field, values]) => `${field}: ${values}`).join('; ')
    note(findings, { code: codeOf[kind], partition, entry: id, detail })
  }
}
