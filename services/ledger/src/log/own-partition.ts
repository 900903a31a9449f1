import { assertNever } from '@recargas/contracts'
import { appendBlock, untilAnswered, type AppendPorts, type Limits } from './append-block.ts'
import { takeoverAfter } from './append-protocol.ts'
import { hashOf, takeoverBlock, type Block, type Damage } from './block.ts'

export type TakeoverPorts = AppendPorts & {
  /** Time of the takeover's block; 0 while the clock cannot be trusted: the block keeps the time of the one before. */
  readonly blockTime: () => number
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
