import type { CarrierCall, CarrierTransaction } from '../till/carrier-control.ts'

/** What the till, the carrier and the database say. The oracle reads nothing else. */

/** One press of the till's key: an answer, a connection that broke, or one that never came to be. */
export type Press = {
  readonly at: number
  readonly kind: 'answer' | 'cut' | 'not-connected'
  readonly status: number
  /** Of a problem; null for a sale. */
  readonly code: string | null
  readonly topupId: string | null
  readonly state: string | null
}

/** Whether the till was told that the sale is sold, or under way. */
export const isAccepting = ({ kind, status }: Press): boolean =>
  kind === 'answer' && (status === 201 || status === 202)

/** One customer at a till: a phone number that nobody else has, under one Idempotency-Key. */
export type SaleFacts = { readonly number: string; readonly presses: readonly Press[] }

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

export type StoredEntry = {
  readonly id: string
  readonly kind: string
  readonly topupId: string | null
  readonly lines: readonly StoredLine[]
}

export type StoredAccount = Balances & { readonly id: string; readonly kind: string }

/** A message that the harness itself gave to the broker, which confirmed it. */
export type SentMessage = {
  /** `command`: a sale whose gateway died right after. `poison`: no message of the system. */
  readonly kind: 'command' | 'poison'
  readonly id: string
  /** Applied; or quarantined with its cause. */
  readonly isAccountedFor: boolean
}

/** What was looked at while it happened. */
export type Samples = {
  readonly taken: number
  readonly missed: number
  readonly problems: readonly string[]
}

export type Facts = {
  readonly sales: readonly SaleFacts[]
  readonly topups: readonly StoredTopup[]
  readonly entries: readonly StoredEntry[]
  readonly accounts: readonly StoredAccount[]
  readonly transactions: readonly CarrierTransaction[]
  readonly calls: readonly Omit<CarrierCall, 'number'>[]
  readonly sent: readonly SentMessage[]
  /** Dead letters that are no poison of ours. */
  readonly deadLetters: readonly string[]
  /** Processes that ended although nobody ended them. */
  readonly crashes: readonly string[]
  readonly samples: Samples
}
