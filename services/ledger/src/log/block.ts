import { createHash } from 'node:crypto'

/**
 * Version of a block's fields and of its hash. A later version adds a reader of its own: blocks are read for ever.
 */
export const blockVersion = 1

/** Most bytes of all entries of one block (ledger-log L10). */
export const blockBytesMax = 1_048_576
/** Most entries of one block. */
export const blockEntriesMax = 1_000

export const chainStart = '0'.repeat(64)

type BlockContent =
  /** Block 0 of each partition: the ledger's birth. */
  | {
      readonly kind: 'birth'
      /** The namespace that the gateways derive operation ids in. */
      readonly namespace: string
      /** Number of partitions, fixed at birth. */
      readonly partitions: number
    }
  /** A new owner's first block. */
  | { readonly kind: 'takeover' }
  | {
      readonly kind: 'batch'
      /** Version of the rules that `apply` followed. */
      readonly rules: number
      /** The policy that `apply` followed, as JSON. */
      readonly policy: string
      /** Each entry's canonical JSON: the bytes that the hash covers. */
      readonly entries: readonly string[]
    }

/** One step of one partition's log. Its hash covers every other field and, by `previous`, every earlier block. */
export type Block = BlockContent & {
  readonly partition: number
  /** 0 for the birth, then without a gap. */
  readonly position: number
  readonly version: number
  /** Id of the ledger's birth: blocks of another database never fit. */
  readonly birth: string
  /** Raised by each takeover. */
  readonly epoch: number
  /** Random id of the takeover that the block's writer owns the partition by. */
  readonly owner: string
  /** Milliseconds since 1970: never earlier than the block before. */
  readonly at: number
  /** Hash of the block before, or {@link chainStart}. */
  readonly previous: string
  readonly hash: string
}
type Unhashed<Each> = Each extends unknown ? Omit<Each, 'hash'> : never

const contentFields = (block: Unhashed<Block>): readonly unknown[] => {
  switch (block.kind) {
    case 'birth':
      return [block.namespace, block.partitions]
    case 'takeover':
      return []
    case 'batch':
      return [block.rules, block.policy, block.entries.length]
  }
}

/** @returns SHA-256 over every field but the hash itself, in hex */
export const hashOf = (block: Unhashed<Block>): string => {
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify([
      block.version,
      block.partition,
      block.position,
      block.birth,
      block.epoch,
      block.owner,
      block.at,
      block.previous,
      block.kind,
      ...contentFields(block),
    ]),
  )
  if (block.kind === 'batch') {
    for (const entry of block.entries) {
      // JSON text holds no line break, so entries cannot run into one another.
      hash.update('\n')
      hash.update(entry)
    }
  }
  return hash.digest('hex')
}

const hashed = (block: Unhashed<Block>): Block => ({ ...block, hash: hashOf(block) })

/** Identity of a ledger, stated by the first block of each of its partitions. */
export type Birth = {
  readonly id: string
  readonly namespace: string
  readonly partitions: number
  readonly at: number
}

/** The first block of a partition; all instances make the same one. */
export const birthBlock = (partition: number, birth: Birth): Block =>
  hashed({
    kind: 'birth',
    namespace: birth.namespace,
    partitions: birth.partitions,
    partition,
    position: 0,
    version: blockVersion,
    birth: birth.id,
    epoch: 0,
    owner: '',
    at: birth.at,
    previous: chainStart,
  })

const successorOf = ({ partition, position, birth, at, hash }: Block, clock: number) => ({
  partition,
  position: position + 1,
  version: blockVersion,
  birth,
  at: Math.max(clock, at),
  previous: hash,
})

/** @param clock of the new owner, in milliseconds since 1970 */
export const takeoverBlock = (tip: Block, owner: string, clock: number): Block =>
  hashed({ kind: 'takeover', ...successorOf(tip, clock), epoch: tip.epoch + 1, owner })

/** The next block of the owner that wrote the tip. */
export const batchBlock = (
  tip: Block,
  batch: {
    readonly at: number
    readonly rules: number
    readonly policy: string
    readonly entries: readonly string[]
  },
): Block =>
  hashed({
    kind: 'batch',
    ...successorOf(tip, batch.at),
    epoch: tip.epoch,
    owner: tip.owner,
    rules: batch.rules,
    policy: batch.policy,
    entries: batch.entries,
  })

/** Damage of a partition's log: the partition stops, nothing is written over, the others go on. */
export type Damage = {
  readonly partition: number
  readonly position: number
  readonly detail: string
}

/**
 * @param tip the block before, or null for the first one of a partition
 * @returns why `block` cannot follow `tip`, or null where it does
 */
export const damageBetween = (tip: Block | null, block: Block): Damage | null => {
  const detail = brokenRule(tip, block)
  const position = tip === null ? 0 : tip.position + 1
  return detail === null ? null : { partition: tip?.partition ?? block.partition, position, detail }
}

const brokenRule = (tip: Block | null, block: Block): string | null => {
  const position = tip === null ? 0 : tip.position + 1
  if (block.position !== position) return `the block's position is ${block.position}`
  if (block.hash !== hashOf(block)) return 'the block is not what its hash covers'
  if (tip === null) {
    return block.kind === 'birth' && block.previous === chainStart
      ? null
      : 'the first block is no birth'
  }
  if (block.partition !== tip.partition) return `the block is of partition ${block.partition}`
  if (block.birth !== tip.birth) {
    return `the block is of birth ${block.birth}, the one before of ${tip.birth}`
  }
  if (block.previous !== tip.hash) return 'the block does not name the hash of the one before'
  if (block.at < tip.at) return 'the block is older than the one before'
  return brokenOwnership(tip, block)
}

const brokenOwnership = (tip: Block, block: Block): string | null => {
  if (block.kind === 'birth') return 'a birth follows another block'
  if (block.kind === 'takeover') {
    if (block.epoch !== tip.epoch + 1) {
      return `the takeover has epoch ${block.epoch}, the block before ${tip.epoch}`
    }
    return block.owner === tip.owner ? 'the takeover has the owner of the block before' : null
  }
  if (tip.kind === 'birth') return 'a batch follows the birth without a takeover'
  if (block.epoch !== tip.epoch) {
    return `the batch has epoch ${block.epoch}, the block before ${tip.epoch}`
  }
  return block.owner === tip.owner ? null : 'the batch has another owner than the block before'
}

/** @returns bytes of the block's entries */
export const entryBytesOf = (block: Block): number =>
  block.kind === 'batch'
    ? block.entries.reduce((sum, entry) => sum + Buffer.byteLength(entry), 0)
    : 0

/**
 * Checks a block against its bounds before it is sent: a refusal by the database would count as doubt.
 * @param bytes of the entries' text
 * @returns the exceeded bound, or null within the bounds
 */
export const exceededBound = (entries: number, bytes: number): string | null => {
  if (entries > blockEntriesMax) return `${entries} entries, a block holds ${blockEntriesMax}`
  return bytes > blockBytesMax ? `${bytes} bytes, a block holds ${blockBytesMax}` : null
}
