import type {
  QuarantineAction,
  QuarantineCause,
  QuarantineFilter,
  QuarantineGroup,
  QuarantinePage,
  QuarantineQuery,
  QuarantineState,
} from '@recargas/contracts'
import type { StoredDeadLetter } from './dead-letter.ts'

/** A message in quarantine, as it is stored. */
export type Quarantined = Omit<StoredDeadLetter, 'replay'> & {
  readonly state: QuarantineState
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly arrivals: number
  readonly replays: number
}

/** The message's version at the time it was read (optimistic concurrency): an action on an older version is rejected. */
export type Sight = Pick<Quarantined, 'id' | 'arrivals'>

export type QuarantineStore = {
  /**
   * Durable on a majority when it resolves. A message known already becomes the same document, and waits again;
   * the late copy of one that was replayed since changes nothing.
   */
  readonly keep: (letter: StoredDeadLetter, at: Date) => Promise<void>
  readonly find: (id: string) => Promise<Quarantined | null>
  /** The oldest of a group that wait and came before. */
  readonly waiting: (
    filter: QuarantineFilter,
    before: Date,
    limit: number,
  ) => Promise<readonly Quarantined[]>
  readonly countWaiting: (filter: QuarantineFilter, before: Date) => Promise<number>
  readonly page: (query: QuarantineQuery) => Promise<QuarantinePage>
  readonly groups: (state: QuarantineState) => Promise<readonly QuarantineGroup[]>
  readonly actionsOf: (id: string) => Promise<readonly QuarantineAction[]>
  /** Only ever appended to. */
  readonly audit: (id: string, action: QuarantineAction) => Promise<void>
  /** Marks the message as published with this number; it no longer waits unless it has come back since. */
  readonly replayed: (sight: Sight, replay: number, at: Date) => Promise<void>
  /** @returns false where it has changed since. */
  readonly discarded: (sight: Sight, at: Date) => Promise<boolean>
}

export type QuarantineDepths = {
  readonly depths: ReadonlyMap<QuarantineCause, number>
  readonly oldestAt: number | null
}
