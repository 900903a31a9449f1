import type { ScenarioEndpoint } from '../scenarios/chooser.ts'

export type CallEndpoint = ScenarioEndpoint | 'elsewhere' | 'unknown'

/** The HTTP status sent, or the reason why none was. "open": not answered yet. */
export type CallStatus = number | 'open' | 'hung' | 'reset' | 'left'

/** One call as the carrier saw it. Mutable until it is over, so that logging costs one object. */
export type CallEntry = {
  readonly seq: number
  /** Epoch ms. */
  readonly at: number
  endpoint: CallEndpoint
  token: string | null
  number: string | null
  amount: number | null
  /** "left": the caller closed the connection before there was an answer. */
  status: CallStatus
  /** This call took money, at once or when its transaction settled. */
  debited: boolean
  /** Calls of this endpoint and token open at its arrival, itself included: 1 unless they overlap. */
  concurrent: number
  scenario: string | null
  open: boolean
}

export type CallLog = {
  readonly start: (endpoint: CallEndpoint) => CallEntry
  /** Records the transaction of a call once its body or path is read, and counts overlaps. */
  readonly identify: (entry: CallEntry, token: string, number?: string, amount?: number) => void
  /** Safe to repeat; the first status given stays. */
  readonly finish: (entry: CallEntry, status: CallStatus) => void
  /** Entries after `since`, oldest first; the newest `last` of them when given. */
  readonly entries: (query: CallQuery) => Iterable<CallEntry>
  readonly clear: () => void
  readonly totals: () => CallTotals
}

export type CallQuery = {
  readonly since?: number | undefined
  readonly token?: string | undefined
  readonly last?: number | undefined
}

export type CallTotals = {
  readonly latest: number
  readonly kept: number
  readonly dropped: number
  readonly open: number
  readonly maxConcurrentPerToken: number
}

/** A bounded log: beyond `capacity` calls the oldest are overwritten and counted as dropped. */
export function createCallLog(capacity: number): CallLog {
  // Allocated whole: an array that starts at a high index would become a slow dictionary.
  let ring = new Array<CallEntry | undefined>(capacity)
  let latest = 0
  let clearedUpTo = 0
  let open = 0
  let maxConcurrentPerToken = 0
  const openByToken = new Map<string, number>()

  return {
    start: (endpoint) => {
      latest += 1
      open += 1
      const entry = newEntry(latest, endpoint)
      ring[(latest - 1) % capacity] = entry
      return entry
    },
    identify: (entry, token, number, amount) => {
      entry.token = token
      entry.number = number ?? null
      entry.amount = amount ?? null
      if (!entry.open) return
      const key = overlapKey(entry)
      entry.concurrent = (openByToken.get(key) ?? 0) + 1
      openByToken.set(key, entry.concurrent)
      maxConcurrentPerToken = Math.max(maxConcurrentPerToken, entry.concurrent)
    },
    finish: (entry, status) => {
      if (!entry.open) return
      entry.open = false
      entry.status = status
      open -= 1
      if (entry.token === null) return
      const key = overlapKey(entry)
      const others = (openByToken.get(key) ?? 1) - 1
      if (others === 0) openByToken.delete(key)
      else openByToken.set(key, others)
    },
    entries: (query) => {
      const oldest = Math.max(clearedUpTo, latest - capacity)
      return walk(ring, capacity, Math.max(oldest, query.since ?? 0), latest, query)
    },
    clear: () => {
      // The numbering goes on, so that a reader's `since` stays good over a clear.
      clearedUpTo = latest
      ring = new Array<CallEntry | undefined>(capacity)
      maxConcurrentPerToken = 0
    },
    totals: () => {
      const kept = Math.min(capacity, latest - clearedUpTo)
      const dropped = latest - clearedUpTo - kept
      return { latest, kept, dropped, open, maxConcurrentPerToken }
    },
  }
}

/** An entry as `GET /_calls` shows it. */
export function callAsJson(entry: CallEntry): Record<string, unknown> {
  const { seq, endpoint, token, number, amount, status, debited, concurrent, scenario } = entry
  const at = new Date(entry.at).toISOString()
  return { seq, at, endpoint, token, number, amount, status, debited, concurrent, scenario }
}

function* walk(
  ring: readonly (CallEntry | undefined)[],
  capacity: number,
  after: number,
  upTo: number,
  query: CallQuery,
): Iterable<CallEntry> {
  const { token, last } = query
  // With a token the newest ones are only known after filtering, so `last` cannot skip ahead.
  const skipTo = token === undefined && last !== undefined ? Math.max(after, upTo - last) : after
  const found: CallEntry[] = []
  for (let seq = skipTo + 1; seq <= upTo; seq += 1) {
    const entry = ring[(seq - 1) % capacity]
    // A slow reader may be overtaken: the slot then holds a newer call, which is not this one.
    if (entry?.seq !== seq || (token !== undefined && entry.token !== token)) continue
    if (token === undefined) yield entry
    else found.push(entry)
  }
  yield* last === undefined ? found : found.slice(-last)
}

function overlapKey(entry: CallEntry): string {
  return `${entry.endpoint} ${entry.token ?? ''}`
}

function newEntry(seq: number, endpoint: CallEndpoint): CallEntry {
  return {
    seq,
    at: Date.now(),
    endpoint,
    token: null,
    number: null,
    amount: null,
    status: 'open',
    debited: false,
    concurrent: 1,
    scenario: null,
    open: true,
  }
}
