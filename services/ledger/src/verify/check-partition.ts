import { chainStart, extendChain, type BatchSeal, type PlacedEntry } from '../domain/chain.ts'
import { isGuarded, type Account, type Topup } from '../domain/entities.ts'
import type { Line } from '../domain/journal.ts'
import { assertBalanced } from '../domain/journal.ts'

/** An entry as it is stored; the last one of a batch seals the batch. */
export type StoredEntry = {
  readonly placed: PlacedEntry
  readonly seal:
    (BatchSeal & { readonly size: number; readonly previous: string; readonly hash: string }) | null
}
export type PartitionRecord = {
  readonly partition: number
  readonly head: { readonly seq: number; readonly hash: string }
  /** In order of their sequence. */
  readonly entries: AsyncIterable<StoredEntry> | Iterable<StoredEntry>
  readonly accounts: readonly Account[]
  /** Top-ups whose reservation has not ended. */
  readonly held: readonly Topup[]
}
export const findingCodes = [
  'GAP',
  'UNBALANCED',
  'RUNNING_BALANCE',
  'OVERDRAWN',
  'ENDED_TWICE',
  'CHAIN',
  'HEAD',
  'ACCOUNT',
  'HOLD',
] as const
export type Finding = {
  readonly code: (typeof findingCodes)[number]
  readonly partition: number
  readonly entry: string | null
  readonly detail: string
}
export type PartitionProof = {
  readonly entries: number
  readonly lines: number
  readonly commits: number
  readonly findings: readonly Finding[]
}

type Balances = { posted: number; reserved: number; incoming: number }
type Fold = {
  readonly partition: number
  readonly findings: Finding[]
  readonly balances: Map<string, Balances>
  /** Reservations that have not ended, by top-up. */
  readonly open: Map<string, readonly Line[]>
  readonly guarded: ReadonlySet<string>
  seq: number
  hash: string
  batch: PlacedEntry[]
  lines: number
  commits: number
}

const findingsMax = 1_000

/** Adds a partition's journal up from its first entry and compares every balance, hold and hash with what is stored. */
export const checkPartition = async (record: PartitionRecord): Promise<PartitionProof> => {
  const fold: Fold = {
    partition: record.partition,
    findings: [],
    balances: new Map(),
    open: new Map(),
    guarded: new Set(record.accounts.filter(({ kind }) => isGuarded(kind)).map(({ id }) => id)),
    seq: 0,
    hash: chainStart,
    batch: [],
    lines: 0,
    commits: 0,
  }
  for await (const stored of record.entries) {
    checkEntry(fold, stored.placed)
    checkSeal(fold, stored)
  }
  checkEnd(fold, record)
  return { entries: fold.seq, lines: fold.lines, commits: fold.commits, findings: fold.findings }
}

const find = (fold: Fold, code: Finding['code'], entry: string | null, detail: string): void => {
  if (fold.findings.length >= findingsMax) return
  fold.findings.push({ code, partition: fold.partition, entry, detail })
}

const checkEntry = (fold: Fold, { seq, entry }: PlacedEntry): void => {
  if (seq !== fold.seq + 1) find(fold, 'GAP', entry.id, `${seq} follows ${fold.seq}`)
  fold.seq = seq
  try {
    assertBalanced(entry.lines)
  } catch (error) {
    find(fold, 'UNBALANCED', entry.id, String(error))
  }
  for (const line of entry.lines) checkLine(fold, entry.id, line)
  if (entry.kind === 'commit') fold.commits += 1
  if (entry.kind === 'reserve' && entry.topupId !== null && entry.lines.length > 0) {
    fold.open.set(entry.topupId, entry.lines)
  }
  if (entry.resolves !== null && !fold.open.delete(entry.resolves)) {
    find(fold, 'ENDED_TWICE', entry.id, `${entry.resolves} holds nothing here`)
  }
}

const checkLine = (fold: Fold, entryId: string, line: Line): void => {
  fold.lines += 1
  const balance = fold.balances.get(line.account) ?? { posted: 0, reserved: 0, incoming: 0 }
  balance.posted += line.posted
  balance.reserved += line.reserved
  balance.incoming += line.incoming
  fold.balances.set(line.account, balance)
  if (!sameBalances(balance, line.after)) {
    find(
      fold,
      'RUNNING_BALANCE',
      entryId,
      `${line.account}: ${show(line.after)} kept, ${show(balance)} added up`,
    )
  }
  const overdrawn = fold.guarded.has(line.account) && balance.posted < balance.reserved
  if (overdrawn || balance.reserved < 0 || balance.incoming < 0) {
    find(fold, 'OVERDRAWN', entryId, `${line.account}: ${show(balance)}`)
  }
}

const checkSeal = (fold: Fold, { placed, seal }: StoredEntry): void => {
  fold.batch.push(placed)
  if (seal === null) return
  const hash = extendChain(
    fold.hash,
    { epoch: seal.epoch, at: seal.at, duplicateWindowMs: seal.duplicateWindowMs },
    fold.batch,
  )
  if (seal.previous !== fold.hash || seal.hash !== hash || seal.size !== fold.batch.length) {
    find(fold, 'CHAIN', placed.entry.id, `the batch that ends here has another hash or size`)
  }
  fold.hash = seal.hash
  fold.batch = []
}

const checkEnd = (fold: Fold, { head, accounts, held }: PartitionRecord): void => {
  if (fold.batch.length > 0) find(fold, 'CHAIN', null, 'the last batch is not sealed')
  if (head.seq !== fold.seq) find(fold, 'HEAD', null, `head at ${head.seq}, journal at ${fold.seq}`)
  if (head.hash !== fold.hash) find(fold, 'HEAD', null, 'the head names another hash')
  const stored = new Map(accounts.map((account) => [account.id, account]))
  for (const [id, balance] of fold.balances) {
    const account = stored.get(id)
    if (account === undefined || !sameBalances(account, balance)) {
      const kept = account === undefined ? 'missing' : show(account)
      find(fold, 'ACCOUNT', null, `${id}: ${kept}, but its entries add up to ${show(balance)}`)
    }
  }
  for (const { id } of accounts) {
    if (!fold.balances.has(id) && !sameBalances(stored.get(id) ?? zero, zero)) {
      find(fold, 'ACCOUNT', null, `${id} has a balance and no entry`)
    }
  }
  checkHolds(fold, accounts, held)
}

const zero: Balances = { posted: 0, reserved: 0, incoming: 0 }

const checkHolds = (fold: Fold, accounts: readonly Account[], held: readonly Topup[]): void => {
  const heldIds = new Set<string>(held.map(({ id }) => id))
  for (const id of fold.open.keys()) {
    if (!heldIds.has(id)) find(fold, 'HOLD', null, `${id} is reserved, its top-up says otherwise`)
  }
  for (const id of heldIds) {
    if (!fold.open.has(id)) find(fold, 'HOLD', null, `${id} says it is held, nothing is reserved`)
  }
  const reserved = new Map<string, Balances>()
  for (const line of [...fold.open.values()].flat()) {
    const sum = reserved.get(line.account) ?? { ...zero }
    sum.reserved += line.reserved
    sum.incoming += line.incoming
    reserved.set(line.account, sum)
  }
  for (const account of accounts) {
    const sum = reserved.get(account.id) ?? zero
    if (sum.reserved !== account.reserved || sum.incoming !== account.incoming) {
      find(fold, 'HOLD', null, `${account.id}: ${show(account)}, its holds add up to ${show(sum)}`)
    }
  }
}

const sameBalances = (one: Balances, other: Readonly<Balances>): boolean =>
  one.posted === other.posted && one.reserved === other.reserved && one.incoming === other.incoming

const show = ({ posted, reserved, incoming }: Readonly<Balances>): string =>
  `posted ${posted}, reserved ${reserved}, incoming ${incoming}`
