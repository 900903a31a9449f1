import type { CarrierCall, CarrierTransaction } from '../till/carrier-control.ts'

/** Facts of the till, the carrier and the database. The oracle reads nothing else. */

/** One press at the till: it got an answer, its connection broke, or it never had a connection. */
export type Press = {
  readonly at: number
  readonly kind: 'answer' | 'cut' | 'not-connected'
  readonly status: number
  /** Code of a problem; null for a sale. */
  readonly code: string | null
  readonly topupId: string | null
  readonly state: string | null
}

/** True when the till was told that the sale is sold or under way. */
export const isAccepting = ({ kind, status }: Press): boolean =>
  kind === 'answer' && (status === 201 || status === 202)

/** A read of the sale right after its answer, at another gateway; only where that one answered. */
export type ReadBack = {
  readonly status: number
  readonly state: string | null
  /** `estado` of the answer before it. */
  readonly answered: string | null
}

/** One customer at a till: an unused phone number, under one Idempotency-Key. */
export type SaleFacts = {
  readonly number: string
  readonly presses: readonly Press[]
  readonly reads: readonly ReadBack[]
}

export type StoredTopup = {
  readonly id: string
  readonly phone: string
  readonly carrierAmount: number
  readonly state: string
  readonly releaseReason: string | null
}

export type Balances = {
  readonly posted: number
  readonly reserved: number
  readonly incoming: number
}

export type StoredLine = Balances & { readonly account: string; readonly after: Balances }

/** An entry of a block, in its own JSON. */
export type StoredEntry = {
  readonly id: string
  readonly kind: string
  readonly topupId: string | null
  /** A refusal by time: a later press of the same key may have an effect. */
  readonly isRefusedByTime: boolean
  readonly lines: readonly StoredLine[]
  /** The sales as they are after this entry. */
  readonly topups: readonly StoredTopup[]
  /** Other documents that this entry changes, by their projection and id. */
  readonly changed: readonly { readonly projection: string; readonly id: string }[]
}

export type StoredBlock = {
  readonly partition: number
  readonly position: number
  readonly kind: string
  readonly birth: string
  readonly epoch: number
  readonly owner: string
  readonly at: number
  readonly previous: string
  readonly hash: string
  readonly entries: readonly StoredEntry[]
}

/** A projected account, with the block that its document shows. */
export type ProjectedAccount = Balances & {
  readonly id: string
  readonly partition: number
  readonly position: number
}

/** The position that a projection stands at in a partition; -1: nothing of it is projected. */
export type ProjectionPosition = {
  readonly projection: string
  readonly partition: number
  readonly position: number
}

export type Projections = {
  readonly positions: readonly ProjectionPosition[]
  readonly accounts: readonly ProjectedAccount[]
  readonly topups: readonly (StoredTopup & { readonly position: number })[]
  /** An entry by its place in the log: `partition/position/index`, then its kind and id. */
  readonly operations: readonly string[]
  /** The lines of one account in one block, as text. */
  readonly lines: readonly string[]
  /** The block that each other document shows. */
  readonly shown: readonly {
    readonly projection: string
    readonly id: string
    readonly position: number
  }[]
}

/** A message that the run itself published and the broker confirmed. */
export type SentMessage = {
  /**
   * `command`: a sale whose gateway died right after. `poison`: a message that the system never
   * sends.
   */
  readonly kind: 'command' | 'poison'
  readonly id: string
  /** Applied; or quarantined with its cause. */
  readonly isAccountedFor: boolean
}

/** Readings taken while the run went on. */
export type Samples = {
  readonly taken: number
  readonly missed: number
  readonly problems: readonly string[]
}

export type Facts = {
  readonly sales: readonly SaleFacts[]
  /** The log: blocks of each partition in their order. */
  readonly blocks: readonly StoredBlock[]
  readonly projections: Projections
  readonly transactions: readonly CarrierTransaction[]
  readonly calls: readonly Omit<CarrierCall, 'number'>[]
  readonly sent: readonly SentMessage[]
  /** Dead letters other than the run's own poison. */
  readonly deadLetters: readonly string[]
  /** Processes that ended without a fault. */
  readonly crashes: readonly string[]
  readonly samples: Samples
}
