import type { Place } from '@recargas/stack/child'

/** One member's own network, which can be cut. */
export type MemberPlace = {
  readonly place: Place
  /** Nothing reaches it and it reaches nothing: other members, services and the bench. */
  readonly cutOff: () => Promise<void>
  /** It and those members do not reach each other; services reach all of them. */
  readonly part: (others: readonly MemberPlace[]) => Promise<void>
  readonly heal: () => Promise<void>
  /** Its own half of a partition. */
  readonly lose: (host: string) => Promise<void>
}

/** One broker node, or one mongod. */
export type Member = {
  readonly name: string
  readonly pid: () => number | null
  /** On the same data. @param env for this start, beside this process's own */
  readonly start: (env?: NodeJS.ProcessEnv) => Promise<void>
  /** A clean end: a primary hands over first. */
  readonly end: () => Promise<void>
  /** As a power cut would. */
  readonly kill: () => Promise<void>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
  /** null: it is on loopback and cannot be cut. */
  readonly network: MemberPlace | null
  /** True when the bench reaches it. */
  readonly isReached: () => Promise<boolean>
}

/** The members of one server, of which a majority serves. */
export type Group<Each extends Member = Member> = {
  readonly members: readonly Each[]
  /** Through which sales go now: the leader of the shop's queue, or the primary; null while there is none. */
  readonly lead: () => Promise<Each | null>
  /** Members that are in order as that one sees it: it takes part, is heard, and is not catching up. */
  readonly inOrder: (seenBy: Member) => Promise<readonly Each[]>
}
