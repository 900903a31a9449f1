import { damageBetween, type Block } from '../log/block.ts'

/** One process that takes the partition over and appends; `tip` is its last known block. */
export type Owner = {
  readonly name: string
  readonly takeovers: number
  readonly phase: 'starting' | 'taking-over' | 'owning' | 'stopped'
  readonly waitsFor: 'insert' | 'look-up' | null
  readonly tip: Block | null
  readonly block: Block | null
}

export type World = {
  /** Blocks that a majority holds, in order of position. */
  readonly majority: readonly Block[]
  /** Blocks that the primary alone holds, in the order of its inserts: a new primary may keep any prefix. */
  readonly local: readonly Block[]
  /** Every insert that was ever sent: it may be executed at any later time, and again. */
  readonly sent: readonly Block[]
  readonly owners: readonly Owner[]
  /** Blocks that their owner acknowledged to the broker. */
  readonly acknowledged: readonly Block[]
}

/** The block that the primary has at that position. */
export const standing = ({ majority, local }: World, position: number): Block | undefined =>
  majority[position] ?? local.find((block) => block.position === position)

/** Names the first invariant that a state breaks; null where all hold. */
export const violationIn = ({ majority, local, acknowledged }: World): string | null => {
  for (const block of acknowledged) {
    if (majority[block.position]?.hash !== block.hash) {
      return `block ${block.position} of ${block.owner} was acknowledged and is not in the log`
    }
  }
  for (const block of [...majority.slice(1), ...local]) {
    const before = majority[block.position - 1]
    if (before === undefined) return `block ${block.position} stands on no block of a majority`
    const damage = memoized(`${before.hash} ${block.hash}`, () => damageBetween(before, block))
    if (damage !== null) return `block ${block.position}: ${damage.detail}`
  }
  return null
}

export const withBlock = (blocks: readonly Block[], block: Block): readonly Block[] =>
  blocks.some(({ hash }) => hash === block.hash) ? blocks : [...blocks, block]

const made = new Map<string, unknown>()
/** Hashing is nearly all that the exploration costs. */
export const memoized = <Value>(key: string, make: () => Value): Value => {
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as Value
}

export const forgetMemoized = (): void => made.clear()

/** Short keys: each block by a number of its own. */
export const stateKeys = () => {
  const numbers = new Map<string, number>()
  const numberOf = ({ hash }: Block): number => {
    const number = numbers.get(hash) ?? numbers.size
    numbers.set(hash, number)
    return number
  }
  const set = (blocks: readonly Block[]) => blocks.map(numberOf).sort((a, b) => a - b)
  const ownerKey = ({ takeovers, phase, waitsFor, tip, block }: Owner) =>
    `${takeovers}${phase}${waitsFor ?? ''}${tip === null ? '' : numberOf(tip)},${block === null ? '' : numberOf(block)}`
  return ({ majority, local, sent, owners, acknowledged }: World): string =>
    [
      majority.map(numberOf),
      local.map(numberOf),
      set(sent),
      set(acknowledged),
      owners.map(ownerKey),
    ].join('|')
}
