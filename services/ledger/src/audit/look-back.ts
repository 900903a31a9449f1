import type { MerchantId, OperationId } from '@recargas/contracts'
import type { Session, Topup } from '../accounting/entities.ts'
import { sessionKey, type LedgerState } from '../accounting/ledger-view.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { changesOf, type StoredChanges } from '../accounting/stored-changes.ts'
import type { BlockSource, KeyIndex } from './log-records.ts'
import type { Places } from './places.ts'
import { operationIdOf, type EntryHead } from './read-entry.ts'
import { changesAnything, type EarlierEntries, type Effects } from './replay-block.ts'

/** Entities and entries of earlier blocks that some blocks name and the replay has let go. */
export type LookedBack = {
  readonly sales: Map<string, Topup>
  readonly sessions: Map<string, Session>
  readonly earlier: EarlierEntries
}

type Named = {
  readonly merchant?: MerchantId
  readonly topupId?: OperationId
  readonly sessionId?: number
}
type Reading = {
  readonly partition: number
  readonly blocks: BlockSource
  readonly places: Places
  /** Blocks from here on are in `places`. */
  readonly placesFrom: number
  /** Blocks before this one are looked through. */
  readonly before: number
  readonly index?: KeyIndex
}

/** The key of a session among the places. */
export const sessionPlace = (key: string): string => `session ${key}`

/** Keeps the place of everything that a later entry may name. */
export const keepPlaces = (
  places: Places,
  head: EntryHead | null,
  { changes }: Pick<LogEntry, 'changes'>,
  position: number,
): void => {
  const id = head === null ? null : operationIdOf(head.operation)
  if (id !== null) places.set(id, position)
  for (const sale of changes.topups) if (sale.id !== id) places.set(sale.id, position)
  for (const { merchant, id: session, state } of changes.sessions) {
    if (state === 'closed') places.set(sessionPlace(sessionKey(merchant, session)), position)
  }
}

/**
 * Reads the earlier blocks that created or ended the entities of some entries: the log is proven from blocks alone, without
 * projections. If the places are incomplete, because the walk resumed from a checkpoint or is very long, it searches older
 * blocks.
 */
export const lookBack = async (
  state: LedgerState,
  heads: readonly EntryHead[],
  reading: Reading,
): Promise<LookedBack> => {
  const wanted = wantedKeys(state, heads)
  const found: LookedBack = { sales: new Map(), sessions: new Map(), earlier: new Map() }
  const { places, partition, blocks } = reading
  const placed = new Map<string, number>()
  const unplaced: string[] = []
  for (const [key, isNeeded] of wanted) {
    const position = places.get(key)
    if (position !== undefined) placed.set(key, position)
    else if (isNeeded) unplaced.push(key)
  }
  const isComplete = reading.placesFrom === 0 && !places.hasForgotten()
  let sought: readonly string[] = isComplete ? [] : unplaced
  if (sought.length > 0 && reading.index !== undefined) {
    const indexed = await reading.index(partition, sought, reading.before)
    for (const [key, position] of indexed.places) placed.set(key, position)
    sought = indexed.unknown
  }
  for (const [position, keys] of byPosition(placed)) {
    const read = await blocks.find(partition, position)
    if (read?.kind === 'block' && read.block.kind === 'batch') take(found, keys, read.block.entries)
  }
  if (sought.length > 0) await search(found, sought, reading)
  return found
}

const byPosition = (placed: ReadonlyMap<string, number>): ReadonlyMap<number, string[]> => {
  const keys = new Map<number, string[]>()
  for (const [key, position] of placed) {
    keys.set(position, [...(keys.get(position) ?? []), key])
  }
  return keys
}

/** The keys to read; true for a key that the replay cannot do without. */
const wantedKeys = (
  state: LedgerState,
  heads: readonly EntryHead[],
): ReadonlyMap<string, boolean> => {
  const wanted = new Map<string, boolean>()
  const madeHere = new Set<string>()
  for (const { frame, operation, text } of heads) {
    const id = operationIdOf(operation)
    if (id !== null && !wanted.has(id)) {
      wanted.set(id, frame.kind === 'refuse' && text.includes('"code":"EXPIRED"'))
    }
    if (frame.kind === 'reserve') madeHere.add(frame.id)
    const { merchant, topupId, sessionId } = operation.data as Named
    if (topupId !== undefined && !state.topups.has(topupId) && !madeHere.has(topupId)) {
      wanted.set(topupId, true)
    }
    if (merchant === undefined || sessionId === undefined) continue
    const key = sessionKey(merchant, sessionId)
    // Numbers are given in order: one past the last is of a session that did not exist yet.
    const isGiven = sessionId <= (state.merchants.get(merchant)?.sequences.session ?? 0)
    if (isGiven && !state.sessions.has(key)) wanted.set(sessionPlace(key), true)
  }
  return wanted
}

/** Takes the latest value of each key from a block's entries. */
const take = (found: LookedBack, keys: readonly string[], entries: readonly string[]): void => {
  for (const key of keys) {
    const isSession = key.startsWith(sessionPlace(''))
    const needle = isSession ? '"sessions":[' : key
    for (const text of entries) {
      if (!text.includes(needle)) continue
      const entry = entryOf(text)
      if (entry === null) continue
      const { changes, operation } = entry
      if (isSession) {
        const session = changes.sessions.find(
          ({ merchant, id }) => sessionPlace(sessionKey(merchant, id)) === key,
        )
        if (session !== undefined)
          found.sessions.set(sessionKey(session.merchant, session.id), session)
        continue
      }
      const sale = changes.topups.find(({ id }) => id === key)
      if (sale !== undefined) found.sales.set(key, sale)
      const isOwn = operation.data.operationId === key
      if (sale === undefined && !isOwn) continue
      const before = found.earlier.get(key)
      found.earlier.set(key, {
        hasEffect: before?.hasEffect === true || changesAnything(entry),
        outcome: isOwn ? JSON.stringify(entry.outcome) : (before?.outcome ?? null),
      })
    }
  }
}

type Stored = Effects & {
  readonly operation: { readonly data: { readonly operationId?: string } }
  readonly outcome: unknown
}
const entryOf = (text: string): Stored | null => {
  try {
    type Parsed = Omit<Stored, 'changes'> & { readonly changes: StoredChanges }
    const { operation, outcome, changes, lines } = JSON.parse(text) as Partial<Parsed>
    const isWhole =
      typeof operation?.data === 'object' && typeof changes === 'object' && Array.isArray(lines)
    return isWhole ? { operation, outcome, changes: changesOf(changes), lines } : null
  } catch {
    return null
  }
}

const search = async (
  found: LookedBack,
  keys: readonly string[],
  { partition, blocks, before }: Reading,
): Promise<void> => {
  for await (const read of blocks.after(partition, -1)) {
    if (read.kind === 'damaged' || read.block.position >= before) return
    if (read.block.kind === 'batch') take(found, keys, read.block.entries)
  }
}
