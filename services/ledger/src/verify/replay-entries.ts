import { assertNever, type MerchantId, type OperationId } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'
import { sessionKey } from '../domain/ledger-view.ts'
import type { Operation } from '../domain/operation.ts'
import { note } from './findings.ts'
import type { Difference, LedgerSource, ReadEntry, StoredEntry } from './ledger-source.ts'
import { noteDifferences } from './note-differences.ts'
import { replayBatch, type Replayable, type Touched } from './replay-batch.ts'
import { isHeld, letGo, replayView, type LookedUp, type Replay } from './replay-state.ts'

export type Walk = {
  readonly source: LedgerSource
  /** A sealed entry: the head, now or earlier. */
  readonly upTo: number
  /** Whether the batch's messages may still wait to be sent. */
  readonly keepMessages: (batch: number) => boolean
  /** After each handful; what was replayed until then is whole. */
  readonly onReplayed: (replay: Replay) => void
}
export type Walked =
  | { readonly kind: 'done' }
  /** A later batch looks further back than this replay remembers: it must begin again. */
  | { readonly kind: 'forgot'; readonly duplicateWindowMs: number }

/** No ledger can be configured with a longer one; a changed entry may claim anything. */
const duplicateWindowMsMax = 600_000
/** Far more than a batch can have: seals are missing. */
const unsealedMax = 10_000

/** Replays a partition's entries from where the replay stands, comparing what they made or ended with what is stored. */
export const replayEntries = async (replay: Replay, walk: Walk): Promise<Walked> => {
  let open: Replayable[] = []
  let lastSeq = replay.seq
  let duplicateWindowMs = 0
  for await (const read of walk.source.entries(replay.partition, replay.seq, walk.upTo)) {
    const taken = read.flatMap((entry) => take(replay, entry))
    const lookedUp = await lookUp(replay, walk.source, [...open, ...taken])
    const view = replayView(replay, lookedUp)
    const touched: Touched = { topups: new Set(), injections: [], cases: [] }
    const endBatch = () => {
      const seal = open.at(-1)?.stored.seal ?? null
      duplicateWindowMs = seal?.duplicateWindowMs ?? duplicateWindowMs
      replayBatch(replay, view, open, touched, {
        seal,
        duplicateWindowMs,
        keepMessages: walk.keepMessages,
      })
      open = []
    }
    for (const replayable of taken) {
      const { seal, placed } = replayable.stored
      if (placed.seq !== lastSeq + 1) {
        note(replay.findings, {
          code: 'GAP',
          partition: replay.partition,
          entry: placed.entry.id,
          detail: `${placed.seq} follows ${lastSeq}`,
        })
      }
      lastSeq = placed.seq
      open.push(replayable)
      if (seal !== null && isLonger(seal.duplicateWindowMs, replay.guardsKeptMs)) {
        return { kind: 'forgot', duplicateWindowMs: seal.duplicateWindowMs }
      }
      if (seal !== null || open.length >= unsealedMax) endBatch()
    }
    if (lastSeq >= walk.upTo && open.length > 0) endBatch()
    await compareTouched(replay, walk.source, touched)
    walk.onReplayed(replay)
  }
  return { kind: 'done' }
}

const isLonger = (windowMs: number, guardsKeptMs: number): boolean =>
  windowMs > guardsKeptMs && windowMs <= duplicateWindowMsMax

const take = ({ findings, partition }: Replay, entry: ReadEntry): readonly Replayable[] => {
  switch (entry.kind) {
    case 'entry':
      return [{ stored: entry, operation: operationOf(entry) }]
    case 'damaged':
      note(findings, { code: 'DAMAGED', partition, entry: entry.id, detail: entry.reason })
      return []
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

/** What has ended is compared now and let go; what may still change is compared at the end. */
const compareTouched = async (
  replay: Replay,
  source: LedgerSource,
  { topups, injections, cases }: Touched,
): Promise<void> => {
  const settled: Topup[] = []
  for (const id of topups) {
    const topup = replay.state.topups.get(id)
    if (topup !== undefined && !isHeld(topup) && !topup.inCase) settled.push(topup)
  }
  const sessions = [...replay.state.sessions.values()].filter(({ state }) => state === 'closed')
  const differences = await source.differences(replay.partition, {
    topups: settled,
    sessions,
    injections,
    cases,
  })
  const later = new Set(differences.filter(isChangedLater).map(({ id }) => id))
  noteDifferences(
    replay.findings,
    replay.partition,
    differences.filter((difference) => !isChangedLater(difference)),
  )
  letGo(
    replay,
    settled.map(({ id }) => id).filter((id) => !later.has(id)),
  )
}

/** A case says that the journal has more to tell about this sale. */
const isChangedLater = ({ kind, fields }: Difference): boolean =>
  kind === 'topups' && fields.has('inCase')
