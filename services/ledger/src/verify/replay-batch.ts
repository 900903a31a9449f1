import type { OperationId } from '@recargas/contracts'
import { apply } from '../domain/apply.ts'
import { extendChain, type PlacedEntry } from '../domain/chain.ts'
import type { Case, Injection, Session } from '../domain/entities.ts'
import type { Line } from '../domain/journal.ts'
import type { LedgerView } from '../domain/ledger-view.ts'
import type { Applied, BatchCircumstances, Operation, Policy } from '../domain/operation.ts'
import { keepOutcome } from '../writer/announce.ts'
import type { OutboxMessage } from '../writer/ports.ts'
import { addUp, sameBalances, show } from './add-up.ts'
import { note, type FindingCode } from './findings.ts'
import type { Seal, StoredEntry } from './ledger-source.ts'
import { absorbReplayed, type Replay } from './replay-state.ts'
import { digestOf, jobsOf } from './unsent.ts'

/** An entry with its operation parsed; null: the text is no operation any more. */
export type Replayable = { readonly stored: StoredEntry; readonly operation: Operation | null }

/** What a handful of batches made or ended, to be compared with what is stored. */
export type Touched = {
  readonly topups: Set<OperationId>
  readonly closedSessions: Session[]
  readonly injections: Injection[]
  readonly cases: Case[]
}

type Find = (code: FindingCode, detail: string) => void
const finder =
  ({ findings, partition }: Replay, entry: string): Find =>
  (code, detail) =>
    note(findings, { code, partition, entry, detail })

/** Replays one batch under its own circumstances. An unsealed one is replayed too, so that it is not found twice. */
export const replayBatch = (
  replay: Replay,
  view: LedgerView,
  batch: readonly Replayable[],
  touched: Touched,
  options: {
    readonly seal: Seal | null
    readonly policy: Policy
    readonly keepMessages: (batch: number) => boolean
  },
): void => {
  const { seal, policy } = options
  const last = batch.at(-1)?.stored
  if (last === undefined) return
  checkSeal(replay, batch, seal, finder(replay, last.placed.entry.id))
  const isWhole = seal?.size === batch.length
  const messages: OutboxMessage[] = []
  const keepsMessages = seal !== null && options.keepMessages(seal.number)
  for (const { stored, operation } of batch) {
    const { placed } = stored
    const find = finder(replay, placed.entry.id)
    const at = isWhole ? seal.at : stored.at
    replay.entries += 1
    if (placed.entry.kind === 'commit') replay.commits += 1
    addUp(replay.sums, placed, find)
    const circumstances = { at, policy, journalledDay: placed.entry.day }
    const applied = replayEntry(replay, view, placed, operation, circumstances, find)
    if (applied === null || operation === null) continue
    for (const { id } of applied.changes.topups) touched.topups.add(id)
    const closed = applied.changes.sessions.filter(({ state }) => state === 'closed')
    touched.closedSessions.push(...closed)
    touched.injections.push(...applied.changes.injections)
    touched.cases.push(...applied.changes.cases)
    if (keepsMessages) messages.push(...jobsOf(operation, applied.outcome, at))
  }
  if (keepsMessages && messages.length > 0)
    replay.unsent.set(seal.number, digestOf(seal.at, messages))
  replay.seq = last.placed.seq
  replay.at = seal?.at ?? last.at
}

const checkSeal = (
  replay: Replay,
  batch: readonly Replayable[],
  seal: Seal | null,
  find: Find,
): void => {
  if (seal === null) {
    find('CHAIN', 'the batch that ends here is not sealed')
    return
  }
  const entries = batch.map(({ stored }) => stored.placed)
  const hash = extendChain(replay.hash, seal, entries)
  if (seal.previous !== replay.hash || seal.hash !== hash || seal.size !== batch.length) {
    find('CHAIN', 'the batch that ends here has another hash or size')
  }
  if (batch.some(({ stored }) => stored.at !== seal.at)) {
    find('CHAIN', 'the entries of the batch that ends here name different times')
  }
  if (!(seal.number > replay.batch && seal.epoch >= replay.epoch && seal.at >= replay.at)) {
    find('CHAIN', 'the batch that ends here is older than the one before it')
  }
  replay.hash = seal.hash
  replay.batch = seal.number
  replay.epoch = seal.epoch
}

const replayEntry = (
  replay: Replay,
  view: LedgerView,
  placed: PlacedEntry,
  operation: Operation | null,
  circumstances: BatchCircumstances,
  find: Find,
): Applied | null => {
  if (operation === null) {
    find('REPLAY', 'its operation cannot be read')
    takeBalances(replay, placed.entry.lines)
    return null
  }
  try {
    const applied = apply(view, operation, circumstances)
    absorbReplayed(replay, applied, circumstances.at)
    const difference = differenceOf(placed, operation, applied)
    if (difference !== null) {
      find('REPLAY', difference)
      takeBalances(replay, placed.entry.lines)
    }
    return applied
  } catch (error) {
    find('REPLAY', `cannot be applied again: ${error instanceof Error ? error.message : 'failed'}`)
    takeBalances(replay, placed.entry.lines)
    return null
  }
}

/** One wrong entry is found once: what follows is replayed on what it left behind. */
const takeBalances = ({ state }: Replay, lines: readonly Line[]): void => {
  for (const { account, after } of lines) {
    const known = state.accounts.get(account)
    if (known !== undefined) state.accounts.set(account, { ...known, ...after })
  }
}

const differenceOf = (
  { entry, outcome }: PlacedEntry,
  operation: Operation,
  applied: Applied,
): string | null => {
  const replayed = applied.entry
  if (replayed === null) return 'applied again, it leaves no entry'
  for (const field of [
    'id',
    'kind',
    'merchant',
    'day',
    'topupId',
    'sessionId',
    'resolves',
  ] as const) {
    if (entry[field] !== replayed[field]) {
      return `${field}: ${String(entry[field])} kept, ${String(replayed[field])} applied again`
    }
  }
  if (entry.lines.length !== replayed.lines.length) {
    return `${entry.lines.length} lines kept, ${replayed.lines.length} applied again`
  }
  for (const [index, line] of replayed.lines.entries()) {
    const kept = entry.lines[index]
    if (kept === undefined || !sameLine(kept, line)) {
      return `line ${index + 1}: ${kept === undefined ? 'none' : describe(kept)} kept, ${describe(line)} applied again`
    }
  }
  const answer = keepOutcome(applied.outcome, operation)
  return outcome === answer ? null : `outcome: ${outcome} kept, ${answer} applied again`
}

const sameLine = (one: Line, other: Line): boolean =>
  one.account === other.account &&
  one.session === other.session &&
  sameBalances(one, other) &&
  sameBalances(one.after, other.after)

const describe = (line: Line): string =>
  `${line.account} ${show(line)}, after it ${show(line.after)}, session ${String(line.session)}`
