import type { Finding } from './findings.ts'
import type { Replay } from './replay.ts'

/** A finding at which the proof of a partition stands. */
export type StandingFinding = {
  readonly code: Finding['code']
  readonly block: number | null
  readonly entry: string | null
  readonly detail: string
  /** Findings that the step met, at least. */
  readonly found: number
  /** The last time at which it was found. */
  readonly at: number
}

/** The progress of one partition's proof, as operators read it. */
export type PartitionProgress = {
  readonly partition: number
  /** Every block up to this one is proven; -1: none yet. */
  readonly block: number
  /** The time at which it was. */
  readonly at: number
  readonly finding: StandingFinding | null
}

/** The replay of a proven block, from which a restarted ledger goes on. */
export type KeptReplay =
  { readonly kind: 'none' } | { readonly kind: 'kept'; readonly replay: Replay }

export type ProofProgressStore = {
  /** Progress of another ledger, by its birth, does not count. */
  readonly all: () => Promise<readonly PartitionProgress[]>
  readonly replayOf: (partition: number) => Promise<KeptReplay>
  /** @param replay as text; null keeps the earlier one */
  readonly save: (progress: PartitionProgress, replay: string | null) => Promise<void>
  /** The same blocks were proven again, or nothing was appended since. */
  readonly confirm: (partitions: readonly number[], at: number) => Promise<void>
}

/** One instance proves at a time. */
export type ProofLease = {
  /** Takes or renews the lease. @returns false where another instance holds it */
  readonly take: (now: number, until: number) => Promise<boolean>
  readonly release: () => Promise<void>
}
