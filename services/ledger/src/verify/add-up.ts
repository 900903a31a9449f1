import type { PlacedEntry } from '../domain/chain.ts'
import { assertBalanced, type Line } from '../domain/journal.ts'
import type { FindingCode } from './findings.ts'

export type Balances = {
  readonly posted: number
  readonly reserved: number
  readonly incoming: number
}

/** What the stored lines alone add up to, without a word from `apply`. */
export type Sums = {
  readonly balances: Map<string, Balances>
  /** Reservations that have not ended, by top-up. */
  readonly holds: Map<string, readonly Line[]>
  lines: number
}

export const noSums = (): Sums => ({ balances: new Map(), holds: new Map(), lines: 0 })
export const zero: Balances = { posted: 0, reserved: 0, incoming: 0 }

/** Adds one entry's lines to the sums. */
export const addUp = (
  sums: Sums,
  { entry }: PlacedEntry,
  find: (code: FindingCode, detail: string) => void,
): void => {
  try {
    assertBalanced(entry.lines)
  } catch (error) {
    find('UNBALANCED', String(error))
  }
  for (const line of entry.lines) addLine(sums, line, find)
  if (entry.kind === 'reserve' && entry.topupId !== null && entry.lines.length > 0) {
    sums.holds.set(entry.topupId, entry.lines)
  }
  if (entry.resolves !== null && !sums.holds.delete(entry.resolves)) {
    find('ENDED_TWICE', `${entry.resolves} holds nothing here`)
  }
}

const addLine = (
  sums: Sums,
  { account, posted, reserved, incoming, after }: Line,
  find: (code: FindingCode, detail: string) => void,
): void => {
  sums.lines += 1
  const before = sums.balances.get(account) ?? zero
  const sum = {
    posted: before.posted + posted,
    reserved: before.reserved + reserved,
    incoming: before.incoming + incoming,
  }
  if (!sameBalances(sum, after)) {
    find('RUNNING_BALANCE', `${account}: ${show(after)} kept, ${show(sum)} added up`)
  }
  // From what is kept, so that one wrong line is found once and not again in every later one.
  sums.balances.set(account, after)
  const overdrawn = isGuardedAccount(account) && after.posted < after.reserved
  if (overdrawn || after.reserved < 0 || after.incoming < 0) {
    find('OVERDRAWN', `${account}: ${show(after)}`)
  }
}

const isGuardedAccount = (id: string): boolean => /\/(?:float|drawer)\//.test(id)

/** What the open holds add up to, by account. */
export const heldOf = (holds: Sums['holds']): ReadonlyMap<string, Balances> => {
  const held = new Map<string, Balances>()
  for (const lines of holds.values()) {
    for (const { account, reserved, incoming } of lines) {
      const sum = held.get(account) ?? zero
      held.set(account, {
        posted: 0,
        reserved: sum.reserved + reserved,
        incoming: sum.incoming + incoming,
      })
    }
  }
  return held
}

export const sameBalances = (one: Balances, other: Balances): boolean =>
  one.posted === other.posted && one.reserved === other.reserved && one.incoming === other.incoming

export const show = ({ posted, reserved, incoming }: Balances): string =>
  `posted ${posted}, reserved ${reserved}, incoming ${incoming}`
