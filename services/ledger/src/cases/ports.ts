import type { CaseClosing, CaseQuery, CloseCase, OperatorCase } from '@recargas/contracts'

export type CaseBook = {
  /** The oldest first, of every shop or of one. */
  readonly list: (query: CaseQuery) => Promise<readonly OperatorCase[]>
  /** By its id, or by the sale or reconciliation it is about where that has a single case. */
  readonly find: (id: string) => Promise<OperatorCase | null>
  /** Only ever inserted. @returns false when another person has closed it before */
  readonly close: (found: OperatorCase, closing: CaseClosing) => Promise<boolean>
}

export type ClosedCase =
  | { readonly kind: 'closed'; readonly case: OperatorCase }
  /** Another person, or for another reason: the first word stands. */
  | { readonly kind: 'closed-before'; readonly case: OperatorCase }
  | { readonly kind: 'unknown' }

export type Cases = Pick<CaseBook, 'list' | 'find'> & {
  /** Safe to repeat. */
  readonly close: (id: string, word: CloseCase) => Promise<ClosedCase>
}
