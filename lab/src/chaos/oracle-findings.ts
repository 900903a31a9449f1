import type { StoredTopup } from './facts.ts'

/** The invariants; each is a count of violations that must be zero. */
export const checks = [
  /** A sale that was accepted, sold or debited and that the ledger shows otherwise; or a confirmed command without effect. */
  'lost',
  'debitedTwice',
  /** Released without the carrier's evidence, or against it. */
  'wrongReleases',
  /** Neither final nor in review when all was quiet, or not projected. */
  'unsettled',
  /** A broken chain, unequal debits and credits, projections that differ from the blocks, or a negative available balance. */
  'imbalance',
  /** Answers and reads that contradict each other, the ledger, or the API's contract. */
  'wrongAnswers',
  /** A needless dead letter, a quarantined message without its cause, or a process that ended by itself. */
  'disorder',
] as const
export type Check = (typeof checks)[number]

export type Finding = { readonly check: Check; readonly detail: string }

export const finding = (check: Check, detail: string): readonly Finding[] => [{ check, detail }]

/** The sales as the log left them, by id. */
export type Topups = ReadonlyMap<string, StoredTopup>
