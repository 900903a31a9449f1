import type { Balances, Facts, StoredAccount, StoredEntry } from './facts.ts'

/** Balances added up from the journal's lines, by account. Changed in place: a long journal is folded step by step. */
export type Folded = Map<string, Balances>

/** Adds one entry. @returns what is wrong with it */
export const fold = (folded: Folded, entry: StoredEntry): string[] => {
  const problems: string[] = []
  let posted = 0
  let held = 0
  for (const line of entry.lines) {
    posted += line.posted
    held += line.incoming - line.reserved
    const before = folded.get(line.account) ?? { posted: 0, reserved: 0, incoming: 0 }
    const after = {
      posted: before.posted + line.posted,
      reserved: before.reserved + line.reserved,
      incoming: before.incoming + line.incoming,
    }
    folded.set(line.account, after)
    if (!isSame(after, line.after)) problems.push(`${entry.id}: running balance of ${line.account}`)
    if (isOverdrawn(line.account, after)) problems.push(`${entry.id} overdraws ${line.account}`)
  }
  if (posted !== 0) problems.push(`${entry.id}: debits and credits differ by ${posted}`)
  if (held !== 0) problems.push(`${entry.id}: reserved and incoming differ by ${held}`)
  return problems
}

/** Compares stored balances with the journal up to the same moment. @returns what differs */
export const compare = (folded: Folded, accounts: readonly StoredAccount[]): string[] => {
  const problems: string[] = []
  let posted = 0
  let held = 0
  const stored = new Set<string>()
  for (const account of accounts) {
    stored.add(account.id)
    posted += account.posted
    held += account.incoming - account.reserved
    const sum = folded.get(account.id) ?? { posted: 0, reserved: 0, incoming: 0 }
    if (!isSame(sum, account)) problems.push(`${account.id} is not the sum of its entries`)
    if (isOverdrawn(account.id, account)) problems.push(`${account.id} is overdrawn`)
  }
  for (const [id, sum] of folded) {
    const isNothing = isSame(sum, { posted: 0, reserved: 0, incoming: 0 })
    if (!stored.has(id) && !isNothing) problems.push(`${id} has entries and no balance`)
  }
  if (posted !== 0) problems.push(`all accounts together hold ${posted}`)
  if (held !== 0) problems.push(`reserved and incoming of all differ by ${held}`)
  return problems
}

/** All that is wrong with the balances, during the run and after it. */
export const balanceProblems = ({ entries, accounts, samples }: Facts): string[] => {
  const folded: Folded = new Map()
  return [
    ...entries.flatMap((entry) => fold(folded, entry)),
    ...compare(folded, accounts),
    ...samples.problems.map((problem) => `during the run: ${problem}`),
  ]
}

const isSame = (one: Balances, other: Balances): boolean =>
  one.posted === other.posted && one.reserved === other.reserved && one.incoming === other.incoming

/** Floats and drawers never have less than nothing available; nothing is ever held below zero. */
const isOverdrawn = (account: string, { posted, reserved, incoming }: Balances): boolean =>
  reserved < 0 || incoming < 0 || (/\/(float|drawer)\//.test(account) && posted < reserved)
