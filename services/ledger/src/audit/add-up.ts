import { noBalances, type Balances } from '../accounting/entities.ts'
import { assertBalanced, type Line } from '../accounting/journal.ts'
import type { LogEntry } from '../accounting/entry.ts'
import type { Find } from './findings.ts'

/** The sums of the stored lines alone, without a word from `apply`. */
export type Sums = {
  readonly balances: Map<string, Balances>
  /** Reservations that have not ended, by sale. */
  readonly holds: Map<string, readonly Line[]>
  lines: number
}

export const noSums = (): Sums => ({ balances: new Map(), holds: new Map(), lines: 0 })

/** Adds one entry's lines to the sums. */
export const addUp = (
  sums: Sums,
  { kind, lines, saleId, resolves }: Pick<LogEntry, 'kind' | 'lines' | 'saleId' | 'resolves'>,
  find: Find,
): void => {
  try {
    assertBalanced(lines)
  } catch (error) {
    find('UNBALANCED', String(error))
  }
  for (const line of lines) addLine(sums, line, find)
  if (kind === 'reserve' && saleId !== null && lines.length > 0) sums.holds.set(saleId, lines)
  if (resolves !== null && !sums.holds.delete(resolves)) {
    find('ENDED_TWICE', `${resolves} holds nothing here`)
  }
}

const addLine = (sums: Sums, line: Line, find: Find): void => {
  const { account, after } = line
  sums.lines += 1
  const before = sums.balances.get(account) ?? noBalances
  const sum = {
    posted: before.posted + line.posted,
    reserved: before.reserved + line.reserved,
    incoming: before.incoming + line.incoming,
  }
  if (!sameBalances(sum, after)) {
    find('RUNNING_BALANCE', `${account}: ${show(after)} kept, ${show(sum)} added up`)
  }
  // From the stored balance, so that one wrong line is found once and not again in every later one.
  sums.balances.set(account, after)
  const overdrawn = after.posted < after.reserved && isGuardedAccount(account)
  if (overdrawn || after.reserved < 0 || after.incoming < 0) {
    find('OVERDRAWN', `${account}: ${show(after)}`)
  }
}

const isGuardedAccount = (id: string): boolean => /\/(?:float|drawer)\//.test(id)

/** The sums of the open holds, by account. */
export const heldOf = (holds: Sums['holds']): ReadonlyMap<string, Balances> => {
  const held = new Map<string, Balances>()
  for (const lines of holds.values()) {
    for (const { account, reserved, incoming } of lines) {
      const sum = held.get(account) ?? noBalances
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
