import { setTimeout as pause } from 'node:timers/promises'
import { afterInsert, afterLookUp, type InsertReply } from './append-protocol.ts'
import type { ReadBlock } from './block-documents.ts'
import type { Block, Damage } from './block.ts'

/** The database's part of an append; see `BlockStore`. */
export type AppendPorts = {
  /** Sends one block; the blocks of other partitions may travel in the same command, a retry does so alone. */
  readonly insert: (block: Block, attempt: { readonly isRetry: boolean }) => Promise<InsertReply>
  readonly find: (partition: number, position: number) => Promise<ReadBlock | null>
  readonly newest: (partition: number) => Promise<ReadBlock | null>
  readonly now: () => number
}

export type AppendOutcome =
  | { readonly kind: 'appended' }
  /** Another block has the position. */
  | { readonly kind: 'occupied'; readonly by: Block }
  | { readonly kind: 'damaged'; readonly damage: Damage }
  /** Nothing is known within the time given: the same bytes are appended again, or a takeover settles it. */
  | { readonly kind: 'in-doubt' }

export type Limits = { readonly untilMs: number; readonly signal: AbortSignal }

const pauseMsMin = 20
const pauseMsMax = 1_000

/**
 * Appends a block at its position and does not end before that position's block is known, or the time is over. Every try
 * sends the same bytes.
 * @param tip the block before, or null for the first one of a partition
 * @param untilMs end of the tries, by `now`
 * @param signal ends the tries in doubt
 */
export const appendBlock = async (
  ports: AppendPorts,
  tip: Block | null,
  block: Block,
  limits: Limits,
): Promise<AppendOutcome> =>
  (await untilAnswered(ports, limits, (isRetry) => tryOnce(ports, tip, block, isRetry))) ?? {
    kind: 'in-doubt',
  }

/** Tries until there is an answer. @returns null: the time is over, or the signal came */
export const untilAnswered = async <Answer>(
  { now }: Pick<AppendPorts, 'now'>,
  { untilMs, signal }: Limits,
  attempt: (isRetry: boolean) => Promise<Answer | null>,
): Promise<Answer | null> => {
  let isRetry = false
  for (let pauseMs = pauseMsMin; ; pauseMs = Math.min(2 * pauseMs, pauseMsMax)) {
    const answer = await attempt(isRetry)
    isRetry = true
    if (answer !== null) return answer
    if (signal.aborted || now() + pauseMs > untilMs) return null
    await pause(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

/** null: still in doubt. */
const tryOnce = async (
  ports: AppendPorts,
  tip: Block | null,
  block: Block,
  isRetry: boolean,
): Promise<AppendOutcome | null> => {
  const next = afterInsert(block, await ports.insert(block, { isRetry }))
  if (next === null) return { kind: 'appended' }
  if (next.step === 'insert') return null
  const read = await ports.find(block.partition, block.position).catch(() => 'unknown' as const)
  if (read === 'unknown') return null
  if (read?.kind === 'damaged') return read
  const found = afterLookUp(tip, block, read?.block ?? null)
  return found.kind === 'again' ? null : found
}
