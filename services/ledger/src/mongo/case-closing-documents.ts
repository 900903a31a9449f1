import type { CaseClosing } from '@recargas/contracts'
import type { CaseDocument } from './documents.ts'

/** A person's word on a case. It is no part of the journal: it changes no balance, and is only ever inserted. */
export type CaseClosingDocument = Omit<CaseClosing, 'at'> & {
  readonly _id: string
  readonly kind: CaseDocument['kind']
  readonly merchant: string
  readonly at: Date
}
