import type { SaleRecord } from '../domain/sale.ts'
import type { Evidence } from '../domain/evidence.ts'

/**
 * Keeps the evidence of this process's attempts that the database could not record. Only their owner knows it: when the
 * job comes again, a lease without an answer becomes evidence instead of doubt. Forgetting is safe: the doubt remains.
 */
export type UnrecordedEnds = {
  /**
   * Keeps the first evidence of an attempt: a later delivery that could not be recorded either made no call, and must
   * not replace the evidence of the call that was made.
   */
  readonly remember: (topupId: string, attempt: number, evidence: Evidence) => void
  /** The evidence of the sale's attempt, where this process made it; else null. */
  readonly evidenceOf: (sale: SaleRecord, attempt: number) => Evidence | null
  readonly forget: (topupId: string) => void
}

export const createUnrecordedEnds = (owner: string, max: number): UnrecordedEnds => {
  const ends = new Map<string, { readonly attempt: number; readonly evidence: Evidence }>()
  return {
    remember: (topupId, attempt, evidence) => {
      if (ends.get(topupId)?.attempt === attempt) return
      ends.delete(topupId)
      ends.set(topupId, { attempt, evidence })
      for (const oldest of ends.keys()) {
        if (ends.size <= max) break
        ends.delete(oldest)
      }
    },
    evidenceOf: (sale, attempt) => {
      const recorded = sale.attempts.find((candidate) => candidate.attempt === attempt)
      const end = ends.get(sale.topupId)
      return recorded?.owner === owner && end?.attempt === attempt ? end.evidence : null
    },
    forget: (topupId) => void ends.delete(topupId),
  }
}
