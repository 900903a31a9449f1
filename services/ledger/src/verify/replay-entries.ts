import { assertNever, type MerchantId, type OperationId } from '@recargas/contracts'
import type { Session, Topup } from '../domain/entities.ts'
import { isHeld } from '../domain/held-guards.ts'
import { sessionKey, type LedgerView } from '../domain/ledger-view.ts'
import type { Operation, Policy } from '../domain/operation.ts'
import { note, type FindingCode } from './findings.ts'
import type { Difference, LedgerSource, ReadEntry, Seal, StoredEntry } from './ledger-source.ts'
import { noteDifferences } from './note-differences.ts'
import { replayBatch, type Replayable, type Touched } from './replay-batch.ts'
import { letGo, replayView, type LookedUp, type Memory, type Replay } from './replay-state.ts'

export type Walk = {
  readonly source: LedgerSource
  /** A sealed entry: the head, now or earlier. */
  readonly upTo: number
  /** Whether the batch's messages may still wait to be sent. */
  readonly keepMessages: (batch: number) => boolean
  /** Now and then, and at the end; what was replayed until then is compared too. */
  readonly onReplayed: (replay: Replay) => void
}
export type Walked =
  | { readonly kind: 'done' }
  /** A later batch looks further back than this replay remembers: it must begin again. */
  | { readonly kind: 'forgot'; readonly memory: Memory }

/** No ledger can be configured with a longer one; a changed entry may claim anything. */
const duplicateWindowMsMax = 600_000
const handfulsBetweenReports = 32
/** Far more than a batch can have: seals are missing. */
const unsealedMax = 10_000

/** Replays a partition's entries from where the replay stands, comparing what they made or ended with what is stored. */
export const replayEntries = async (replay: Replay, walk: Walk): Promise<Walked> => {
  let waiting: Replayable[] = []
  let lastSeq = replay.seq
  let handfuls = 0
  let comparing: Promise<Compared> | null = null
  const endComparing = async (next: Promise<Compared> | null): Promise<void> => {
    const before = comparing
    comparing = next
    // Awaited one handful later; until then nobody listens to its failure.
    next?.catch(() => undefined)
    if (before !== null) letGoCompared(replay, await before)
  }
  for await (const read of walk.source.entries(replay.partition, replay.seq, walk.upTo)) {
    for (const entry of read) {
      const replayable = take(replay, entry, lastSeq)
      lastSeq = entry.seq
      if (replayable !== null) waiting.push(replayable)
    }
    const whole = wholeBatches(waiting, lastSeq >= walk.upTo)
    waiting = waiting.slice(whole.length)
    const memory = memoryFor(replay, whole)
    if (memory !== null) return { kind: 'forgot', memory }
    if (whole.length === 0) continue
    const view = replayView(replay, await lookUp(replay, walk.source, whole))
    const touched = replayWhole(replay, view, whole, walk.keepMessages)
    // The database looks for these while the next handful is replayed.
    await endComparing(compareTouched(replay, walk.source, touched))
    handfuls += 1
    if (handfuls % handfulsBetweenReports !== 0) continue
    await endComparing(null)
    walk.onReplayed(replay)
  }
  await endComparing(null)
  walk.onReplayed(replay)
  return { kind: 'done' }
}

/** Up to the last sealed entry; everything where no seal is to come. */
const wholeBatches = (waiting: readonly Replayable[], isLast: boolean): readonly Replayable[] => {
  if (isLast || waiting.length >= unsealedMax) return waiting
  return waiting.slice(0, waiting.findLastIndex(({ stored }) => stored.seal !== null) + 1)
}

const replayWhole = (
  replay: Replay,
  view: LedgerView,
  whole: readonly Replayable[],
  keepMessages: Walk['keepMessages'],
): Touched => {
  const touched: Touched = { topups: new Set(), closedSessions: [], injections: [], cases: [] }
  let begin = 0
  let policy: Policy = { duplicateWindowMs: 0 }
  for (const [index, { stored }] of whole.entries()) {
    const { seal } = stored
    if (seal === null && index < whole.length - 1) continue
    policy = seal === null ? policy : policyOf(seal)
    const batch = whole.slice(begin, index + 1)
    replayBatch(replay, view, batch, touched, { seal, policy, keepMessages })
    begin = index + 1
  }
  return touched
}

const policyOf = ({ duplicateWindowMs, limits }: Seal): Policy =>
  limits === undefined ? { duplicateWindowMs } : { duplicateWindowMs, limits }

/** null: what the replay remembers is enough. */
const memoryFor = (known: Memory, whole: readonly Replayable[]): Memory | null => {
  let { guardsKeptMs } = known
  for (const { stored } of whole) {
    const duplicateWindowMs = stored.seal?.duplicateWindowMs ?? 0
    if (duplicateWindowMs > guardsKeptMs && duplicateWindowMs <= duplicateWindowMsMax) {
      guardsKeptMs = duplicateWindowMs
    }
  }
  return guardsKeptMs === known.guardsKeptMs ? null : { guardsKeptMs }
}

/** null: it cannot be read, which is noted. */
const take = (
  { findings, partition }: Replay,
  entry: ReadEntry,
  lastSeq: number,
): Replayable | null => {
  const find = (code: FindingCode, id: string, detail: string) =>
    note(findings, { code, partition, entry: id, detail })
  switch (entry.kind) {
    case 'entry':
      if (entry.seq !== lastSeq + 1) {
        find('GAP', entry.placed.entry.id, `${entry.seq} follows ${lastSeq}`)
      }
      return { stored: entry, operation: operationOf(entry) }
    case 'damaged':
      find('DAMAGED', entry.id, entry.reason)
      return null
    default:
      return assertNever(entry)
  }
}

const operationOf = ({ placed }: StoredEntry): Operation | null => {
  try {
    const operation = JSON.parse(placed.operation) as Operation | null
    return typeof operation?.data === 'object' ? operation : null
  } catch {
    return null
  }
}

type Named = {
  readonly merchant?: MerchantId
  readonly topupId?: OperationId
  readonly sessionId?: number
}

/** What the entries name that the replay has let go: settled top-ups and closed sessions. */
const lookUp = async (
  { state }: Replay,
  source: LedgerSource,
  entries: readonly Replayable[],
): Promise<LookedUp> => {
  const topups = new Set<OperationId>()
  const sessions = new Set<string>()
  const madeHere = new Set<string>()
  const want = (merchant: MerchantId, id: number) => {
    const key = sessionKey(merchant, id)
    if (!state.sessions.has(key)) sessions.add(key)
  }
  for (const { stored, operation } of entries) {
    if (operation === null) continue
    if (stored.placed.entry.kind === 'reserve') madeHere.add(stored.placed.entry.id)
    const { merchant, topupId, sessionId } = operation.data as Named
    if (topupId !== undefined) {
      const known = state.topups.get(topupId)
      if (known !== undefined) want(known.merchant, known.sessionId)
      else if (!madeHere.has(topupId)) topups.add(topupId)
    }
    if (merchant !== undefined && sessionId !== undefined) want(merchant, sessionId)
  }
  const [foundTopups, foundSessions] = await Promise.all([
    topups.size === 0 ? [] : source.topups([...topups]),
    sessions.size === 0 ? [] : source.sessions([...sessions]),
  ])
  return {
    topups: new Map(foundTopups.map((topup) => [topup.id, topup])),
    sessions: new Map(foundSessions.map((s) => [sessionKey(s.merchant, s.id), s])),
  }
}

type Compared = {
  readonly topups: readonly Topup[]
  readonly sessions: readonly Session[]
  readonly differences: readonly Difference[]
}

/** What has ended is compared now; what may still change is compared at the end. */
const compareTouched = async (
  { partition, state }: Replay,
  source: LedgerSource,
  { topups: ids, closedSessions: sessions, injections, cases }: Touched,
): Promise<Compared> => {
  const topups: Topup[] = []
  for (const id of ids) {
    const topup = state.topups.get(id)
    if (topup !== undefined && !isHeld(topup) && topup.cases.length === 0) topups.push(topup)
  }
  const expected = { topups, sessions, injections, cases }
  return { topups, sessions, differences: await source.differences(partition, expected) }
}

const letGoCompared = (replay: Replay, { topups, sessions, differences }: Compared): void => {
  const later = new Set(differences.filter(isChangedLater).map(({ id }) => id))
  noteDifferences(
    replay.findings,
    replay.partition,
    differences.filter((difference) => !isChangedLater(difference)),
  )
  letGo(
    replay,
    topups.filter(({ id }) => !later.has(id)),
    sessions,
  )
}

/** A case says that the journal has more to tell about this sale. */
const isChangedLater = ({ kind, fields }: Difference): boolean =>
  kind === 'topups' && fields.has('cases')
