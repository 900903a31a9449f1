import type {
  Balances,
  ProjectedAccount,
  ProjectionPosition,
  StoredBlock,
  StoredEntry,
} from './facts.ts'

/** The balances of one account after each block that changed it, in order. */
type Timeline = { readonly partition: number; changes: Change[] }
type Change = Balances & { readonly position: number }

/** Balances added up from the lines of the blocks, by account. Changed in place: a long log is folded step by step. */
export type Folded = Map<string, Timeline>

/** Adds the entries of one block. @returns the faults */
export const foldBlock = (folded: Folded, block: StoredBlock): string[] =>
  block.entries.flatMap((entry) => foldEntry(folded, block, entry))

const foldEntry = (
  folded: Folded,
  { partition, position }: StoredBlock,
  entry: StoredEntry,
): string[] => {
  const problems: string[] = []
  let posted = 0
  let held = 0
  for (const line of entry.lines) {
    posted += line.posted
    held += line.incoming - line.reserved
    const timeline = folded.get(line.account) ?? { partition, changes: [] }
    const before = timeline.changes.at(-1) ?? nothing
    const after = {
      posted: before.posted + line.posted,
      reserved: before.reserved + line.reserved,
      incoming: before.incoming + line.incoming,
    }
    timeline.changes.push({ ...after, position })
    folded.set(line.account, timeline)
    if (!isSame(after, line.after)) problems.push(`${entry.id}: running balance of ${line.account}`)
    if (isOverdrawn(line.account, after)) problems.push(`${entry.id} overdraws ${line.account}`)
  }
  if (posted !== 0) problems.push(`${entry.id}: debits and credits differ by ${posted}`)
  if (held !== 0) problems.push(`${entry.id}: reserved and incoming differ by ${held}`)
  return problems
}

/**
 * Compares projected balances with the log. Positions were read before the documents, so a document is exact as of its
 * projection's position or its own, whichever is later. Earlier blocks are forgotten.
 * @returns the differences
 */
export const compareAtCut = (
  folded: Folded,
  accounts: readonly ProjectedAccount[],
  positions: readonly ProjectionPosition[],
): string[] => {
  const problems: string[] = []
  const shown = new Map(
    positions
      .filter(({ projection }) => projection === 'balances')
      .map(({ partition, position }) => [partition, position]),
  )
  const documents = new Map(accounts.map((account) => [account.id, account]))
  for (const account of accounts) {
    if (isOverdrawn(account.id, account)) problems.push(`${account.id} is overdrawn`)
    if (!folded.has(account.id)) problems.push(`${account.id} has a balance and no entry`)
  }
  for (const [id, timeline] of folded) {
    const document = documents.get(id)
    const cut = Math.max(shown.get(timeline.partition) ?? -1, document?.position ?? -1)
    const before = timeline.changes.filter(({ position }) => position <= cut)
    const last = before.at(-1)
    if (document === undefined) {
      if (last !== undefined) problems.push(`${id} has entries and no balance`)
      continue
    }
    if (last === undefined || !isSame(last, document)) {
      problems.push(`${id} is not the sum of its entries up to block ${cut}`)
    }
    // A document is written once its block is in the log, and never shows a block that left it unchanged.
    if (!timeline.changes.some(({ position }) => position === document.position)) {
      problems.push(`${id} shows block ${document.position}, which has no line of it`)
    }
    const kept =
      last === undefined ? [] : before.filter(({ position }) => position === last.position)
    timeline.changes = [...kept, ...timeline.changes.filter(({ position }) => position > cut)]
  }
  return problems
}

/** Projected balances of one moment sum to zero. @returns the remainders */
export const sumProblems = (accounts: readonly Balances[]): string[] => {
  const sum = (of: (account: Balances) => number) =>
    accounts.reduce((total, account) => total + of(account), 0)
  const posted = sum((account) => account.posted)
  const held = sum(({ incoming, reserved }) => incoming - reserved)
  return [
    ...(posted === 0 ? [] : [`all accounts together hold ${posted}`]),
    ...(held === 0 ? [] : [`reserved and incoming of all differ by ${held}`]),
  ]
}

const nothing: Balances = { posted: 0, reserved: 0, incoming: 0 }

const isSame = (one: Balances, other: Balances): boolean =>
  one.posted === other.posted && one.reserved === other.reserved && one.incoming === other.incoming

/** Floats and drawers never have less than nothing available; nothing is ever held below zero. */
const isOverdrawn = (account: string, { posted, reserved, incoming }: Balances): boolean =>
  reserved < 0 || incoming < 0 || (/\/(float|drawer)\//.test(account) && posted < reserved)
