import type { Place } from '@recargas/stack/child'

/** One member's own network, which can be cut. */
export type MemberPlace = {
  readonly place: Place
  /** Cuts it off from everything: other members, services and the run. */
  readonly cutOff: () => Promise<void>
  /** Cuts it off from those members; services still reach all of them. */
  readonly part: (others: readonly MemberPlace[]) => Promise<void>
  readonly heal: () => Promise<void>
  /** Drops its packets to that host: one direction of `part`. */
  readonly lose: (host: string) => Promise<void>
}

/** One broker node, or one mongod. */
export type Member = {
  readonly name: string
  readonly pid: () => number | null
  /** Starts it on the same data. @param env for this start, beside this process's own */
  readonly start: (env?: NodeJS.ProcessEnv) => Promise<void>
  /** Stops it cleanly: a primary hands over first. */
  readonly end: () => Promise<void>
  /** Kills it, as a power cut would. */
  readonly kill: () => Promise<void>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
  /** null: it is on loopback and cannot be cut. */
  readonly network: MemberPlace | null
  /** True when the run reaches it. */
  readonly isReached: () => Promise<boolean>
}

/** The members of one server, of which a majority serves. */
export type Group<Each extends Member = Member> = {
  readonly members: readonly Each[]
  /** The member that sales go through now: the leader of the shop's queue, or the primary; null while there is none. */
  readonly lead: () => Promise<Each | null>
  /** The members that are healthy as that one sees them: connected, and not catching up. */
  readonly inOrder: (seenBy: Member) => Promise<readonly Each[]>
}
