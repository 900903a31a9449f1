import { setTimeout as pause } from 'node:timers/promises'
import { assertNever } from '@recargas/contracts'
import { afterInsert, afterLookUp, takeoverAfter, type InsertReply } from './append-protocol.ts'
import type { ReadBlock } from './block-documents.ts'
import { hashOf, takeoverBlock, type Block, type Damage } from './block.ts'

/** The database's part of an append; see `BlockStore`. */
export type AppendPorts = {
  /** Sends one block; the blocks of other partitions may travel in the same command, a retry does so alone. */
  readonly insert: (block: Block, attempt: { readonly isRetry: boolean }) => Promise<InsertReply>
  readonly find: (partition: number, position: number) => Promise<ReadBlock | null>
  readonly newest: (partition: number) => Promise<ReadBlock | null>
  readonly now: () => number
}

export type TakeoverPorts = AppendPorts & {
  /** Time of the takeover's block; 0 while the clock cannot be trusted: the block keeps the time of the one before. */
  readonly blockTime: () => number
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
const untilAnswered = async <Answer>(
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

export type Birthed =
  | { readonly kind: 'born'; readonly birth: Block }
  | { readonly kind: 'damaged'; readonly damage: Damage }
  | { readonly kind: 'in-doubt' }

/**
 * Ensures a partition's first block. For partition 0 it decides the birth of the whole ledger: the first appended block counts,
 * and every other instance adopts it. The other partitions' first blocks follow from it.
 */
export const ensureBirth = async (
  ports: AppendPorts,
  candidate: Block,
  limits: Limits,
): Promise<Birthed> => {
  const outcome = await appendBlock(ports, null, candidate, limits)
  switch (outcome.kind) {
    case 'appended':
      return { kind: 'born', birth: candidate }
    case 'occupied':
      return { kind: 'born', birth: outcome.by }
    case 'damaged':
    case 'in-doubt':
      return outcome
    default:
      return assertNever(outcome)
  }
}

export type Takeover =
  /** The partition is this owner's from that block on. */
  | { readonly kind: 'owner'; readonly tip: Block }
  | { readonly kind: 'damaged'; readonly damage: Damage }
  | { readonly kind: 'in-doubt' }

/** Blocks of earlier owners that a takeover merges at most: each is one append that was under way. */
const foreignBlocksMax = 64

/**
 * Takes a partition over by a block of its own. A block that got the position first is merged, and the next position is
 * tried with its epoch + 1.
 * @param birth the partition's first block, appended where it is missing
 * @param owner a random id, new at each takeover
 */
export const takeOver = async (
  ports: TakeoverPorts,
  birth: Block,
  owner: string,
  limits: Limits,
): Promise<Takeover> => {
  const read = await untilAnswered(ports, limits, () =>
    ports.newest(birth.partition).then(
      (newest) => ({ newest }),
      () => null,
    ),
  )
  if (read === null) return { kind: 'in-doubt' }
  const { newest } = read
  if (newest?.kind === 'damaged') return newest
  let tip = newest?.block ?? null
  if (tip === null) {
    const born = await ensureBirth(ports, birth, limits)
    if (born.kind !== 'born') return born
    tip = born.birth
  }
  const detail = unfit(tip, birth)
  if (detail !== null) {
    return {
      kind: 'damaged',
      damage: { partition: birth.partition, position: tip.position, detail },
    }
  }
  let takeover = takeoverBlock(tip, owner, ports.blockTime())
  for (let merged = 0; merged < foreignBlocksMax; merged += 1) {
    const outcome = await appendBlock(ports, tip, takeover, limits)
    switch (outcome.kind) {
      case 'appended':
        return { kind: 'owner', tip: takeover }
      case 'occupied':
        tip = outcome.by
        takeover = takeoverAfter(tip, takeover)
        break
      case 'damaged':
      case 'in-doubt':
        return outcome
      default:
        return assertNever(outcome)
    }
  }
  return { kind: 'in-doubt' }
}

const unfit = (tip: Block, birth: Block): string | null => {
  if (tip.hash !== hashOf(tip)) return 'the block is not what its hash covers'
  return tip.birth === birth.birth
    ? null
    : `the block is of birth ${tip.birth}, the ledger of ${birth.birth}`
}
