import { setTimeout } from 'node:timers/promises'
import { assertNever } from '@recargas/contracts'
import { suspectedEntryId } from '../domain/journal.ts'
import type { LedgerState } from '../domain/ledger-view.ts'
import type { Policy } from '../domain/operation.ts'
import { absorbCommitted } from './committed-state.ts'
import type { Intake } from './intake.ts'
import type { Head, LedgerStore, OutboxMessage, PreparedBatch } from './ports.ts'
import { prepareBatch, type ItemFate, type Preparation } from './prepare-batch.ts'
import { wantedBy } from './wanted.ts'

/** What a message's sender hears from the writer; `dropped` means another owner will see the message again. */
export type Fate = ItemFate | { readonly kind: 'dropped' }

export type WriterDeps = {
  readonly store: LedgerStore
  /** Sends what a durable batch caused; never fails: what does not leave is swept later. */
  readonly send: (batch: PreparedBatch | null, hints: readonly OutboxMessage[]) => void
  /** Waits while too much waits to be sent: a writer that runs ahead of the broker only fills the memory. */
  readonly room?: () => Promise<void>
  readonly now: () => number
  readonly policy: Policy
  /** Most messages in one batch: at two to three documents each it stays near MongoDB's advice of 1,000. */
  readonly batchSizeMax: number
  readonly onCommit?: (size: number, seconds: number, batch: PreparedBatch) => void
  readonly onFenced: (partition: number) => void
  /** The database cannot be written; the writer keeps its messages and tries again. */
  readonly onUnavailable: (partition: number, error: unknown) => void
}

export type PartitionWriter = {
  /** Queues one message. `subscription` tells whose deliveries these are: a new one takes ownership first. */
  readonly submit: (intake: Intake, subscription: number) => Promise<Fate>
  readonly waiting: () => number
  /** Whose deliveries it last took; null where it has never had one. */
  readonly servedSubscription: () => number | null
  /** Ends the batch under way and drops the rest: unacknowledged, it is delivered again to whoever is next. */
  readonly stop: () => Promise<void>
}

type Item = {
  readonly intake: Intake
  readonly subscription: number
  readonly resolve: (fate: Fate) => void
}
type Owned = { head: Head; readonly state: LedgerState; readonly subscription: number }
type Taken = { readonly subscription: number; readonly epoch: number }
type Written =
  { readonly kind: 'written'; readonly fates: readonly Fate[] } | { readonly kind: 'fenced' }

const attemptsMax = 5
const retryDelayMs = 20
const unavailablePauseMsMax = 2_000

/**
 * The one writer of a partition: a batch is whatever arrived while the last one was being written. Single-threaded
 * by construction; what makes it safe beside another instance is the epoch that every commit checks.
 */
export const createPartitionWriter = (partition: number, deps: WriterDeps): PartitionWriter => {
  let waiting: Item[] = []
  let running: Promise<void> | null = null
  let owned: Owned | null = null
  /** What this writer last took; a new subscription takes ownership, a failure only reads again. */
  let taken: Taken | null = null
  let failures = 0
  const stopping = new AbortController()

  const run = async (): Promise<void> => {
    // One turn of the event loop, so that what arrived in the same read travels together.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (waiting.length > 0 && !stopping.signal.aborted) {
      const items = waiting.slice(0, deps.batchSizeMax)
      waiting = waiting.slice(items.length)
      await writeItems(items)
      await deps.room?.()
    }
    // In the same turn as the last look at the queue: what is submitted after it must start a new run.
    running = null
  }

  const writeItems = async (items: readonly Item[]): Promise<void> => {
    const newest = Math.max(...items.map((item) => item.subscription))
    const current = items.filter((item) => item.subscription === newest)
    for (const item of items) if (item.subscription !== newest) item.resolve({ kind: 'dropped' })
    try {
      owned = owned?.subscription === newest ? owned : await own(partition, deps, newest, taken)
      if (owned !== null) taken = { subscription: newest, epoch: owned.head.epoch }
      const written: Written =
        owned === null
          ? { kind: 'fenced' }
          : await write(
              partition,
              deps,
              owned,
              current.map((item) => item.intake),
            )
      if (written.kind === 'fenced') {
        owned = null
        for (const item of current) item.resolve({ kind: 'dropped' })
        deps.onFenced(partition)
        return
      }
      failures = 0
      current.forEach((item, index) => item.resolve(written.fates[index] ?? { kind: 'dropped' }))
    } catch (error) {
      // What the database holds now is not known here: the next attempt starts from what it says. The messages stay
      // here, in order: sent back they would only return, and count against their delivery limit.
      owned = null
      failures += 1
      deps.onUnavailable(partition, error)
      waiting = [...current, ...waiting]
      const pauseMs = Math.min(retryDelayMs * 2 ** failures, unavailablePauseMsMax)
      await setTimeout(pauseMs, null, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    submit: (intake, subscription) =>
      new Promise((resolve) => {
        waiting.push({ intake, subscription, resolve })
        running ??= run()
      }),
    waiting: () => waiting.length,
    servedSubscription: () => taken?.subscription ?? null,
    stop: async () => {
      stopping.abort()
      await running
      for (const item of waiting) item.resolve({ kind: 'dropped' })
      waiting = []
    },
  }
}

/** null: another instance owns the partition now. */
const own = async (
  partition: number,
  { store, policy }: WriterDeps,
  subscription: number,
  taken: Taken | null,
): Promise<Owned | null> => {
  const ownership =
    taken?.subscription === subscription
      ? await store.reload(partition, taken.epoch, policy)
      : await store.takeOver(partition, policy)
  return ownership === null ? null : { ...ownership, subscription }
}

/** Writes one batch; what the database refuses for its content is set aside and the rest is written. */
const write = async (
  partition: number,
  deps: WriterDeps,
  owned: Owned,
  intakes: readonly Intake[],
): Promise<Written> => {
  const fates: (Fate | null)[] = intakes.map(() => null)
  let open = intakes.map((_, index) => index)
  let lookUp: LookUp = 'keyed'
  for (let attempt = 1; open.length > 0; attempt += 1) {
    const batch = open.map((index) => intakes[index]).filter((intake) => intake !== undefined)
    const startedAt = performance.now()
    const preparation = await prepare(partition, deps, owned, batch, lookUp)
    const result =
      preparation.batch === null
        ? ({ kind: 'committed' } as const)
        : await deps.store.commit(preparation.batch)
    switch (result.kind) {
      case 'committed':
        accept(deps, owned, preparation, startedAt)
        open.forEach((index, position) => {
          fates[index] = preparation.fates[position] ?? null
        })
        open = []
        break
      case 'fenced':
        return { kind: 'fenced' }
      case 'transient':
        if (attempt >= attemptsMax) {
          throw new Error('the database kept refusing', { cause: result.error })
        }
        await setTimeout(retryDelayMs * attempt)
        break
      case 'refused': {
        if (lookUp === 'keyed') {
          // Most likely a repeat of what is known: its first answer is given once it has been looked up.
          lookUp = 'all'
          break
        }
        if (open.length === 1) {
          fates[open[0] ?? 0] = { kind: 'failed', error: result.error }
          open = []
          break
        }
        const split = setAside(open, intakes, result.entryId)
        if (split.kind === 'culprit') {
          fates[split.index] = { kind: 'failed', error: result.error }
          open = split.rest
          break
        }
        return bisect(partition, deps, owned, intakes, open, fates)
      }
      default:
        return assertNever(result)
    }
  }
  return { kind: 'written', fates: fates.map((fate) => fate ?? { kind: 'dropped' }) }
}

/**
 * Which operations are looked up before they are applied. A press without a key is nearly always the first of its id;
 * where it is not, the journal's unique ids refuse the batch, which is then prepared again with everything looked up.
 */
type LookUp = 'keyed' | 'all'

const prepare = async (
  partition: number,
  deps: WriterDeps,
  owned: Owned,
  intakes: readonly Intake[],
  lookUp: LookUp,
): Promise<Preparation> => {
  const mayBeKnown = ({ operation: { data } }: Intake) =>
    lookUp === 'all' || !('keyed' in data) || data.keyed
  const wanted = wantedBy(owned.state, intakes, mayBeKnown)
  const found = await deps.store.lookUp(partition, wanted)
  // Taken anew at each attempt: an expired request must never slip through a slow one.
  const at = Math.max(deps.now(), owned.head.at)
  // Only of what is not known may it be said that it came too late, or during a pause.
  const isLate = (intake: Intake) => intake.acceptUntil !== null && at > intake.acceptUntil
  const isTurnedAway = (intake: Intake) => intake.isPaused === true || isLate(intake)
  if (intakes.some((intake) => !mayBeKnown(intake) && isTurnedAway(intake))) {
    return prepare(partition, deps, owned, intakes, 'all')
  }
  return prepareBatch(partition, owned.head, owned.state, found, intakes, {
    at,
    policy: deps.policy,
  })
}

const accept = (
  deps: WriterDeps,
  owned: Owned,
  preparation: Preparation,
  startedAt: number,
): void => {
  if (preparation.batch !== null) {
    absorbCommitted(owned.state, preparation.layer, {
      at: preparation.batch.after.at,
      duplicateWindowMs: deps.policy.duplicateWindowMs,
    })
    owned.head = preparation.batch.after
    const seconds = (performance.now() - startedAt) / 1000
    deps.onCommit?.(preparation.fates.length, seconds, preparation.batch)
  }
  deps.send(preparation.batch, preparation.hints)
}

type SetAside =
  | { readonly kind: 'culprit'; readonly index: number; readonly rest: number[] }
  | { readonly kind: 'unknown' }

const setAside = (
  open: readonly number[],
  intakes: readonly Intake[],
  entryId: string | null,
): SetAside => {
  if (entryId === null) return { kind: 'unknown' }
  const index = open.find((candidate) => {
    const operation = intakes[candidate]?.operation
    if (operation === undefined) return false
    return operation.type === 'CarrierVerdict'
      ? entryId.startsWith(`${operation.data.topupId}:`)
      : entryId === operation.data.operationId ||
          entryId === suspectedEntryId(operation.data.operationId)
  })
  return index === undefined
    ? { kind: 'unknown' }
    : { kind: 'culprit', index, rest: open.filter((other) => other !== index) }
}

/** The database did not say which: halves are written one after the other, in order. */
const bisect = async (
  partition: number,
  deps: WriterDeps,
  owned: Owned,
  intakes: readonly Intake[],
  open: readonly number[],
  fates: (Fate | null)[],
): Promise<Written> => {
  const middle = Math.ceil(open.length / 2)
  for (const half of [open.slice(0, middle), open.slice(middle)]) {
    const batch = half.map((index) => intakes[index]).filter((intake) => intake !== undefined)
    const written = await write(partition, deps, owned, batch)
    if (written.kind === 'fenced') return written
    half.forEach((index, position) => {
      fates[index] = written.fates[position] ?? null
    })
  }
  return { kind: 'written', fates: fates.map((fate) => fate ?? { kind: 'dropped' }) }
}
