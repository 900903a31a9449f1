import mongoose from 'mongoose'
import { z } from 'zod'
import { blockVersion, type Block, type Damage } from './block.ts'

const { Long } = mongoose.mongo

/** A block's place: partition first, so that the collection can be sharded by it. */
export const blockId = (partition: number, position: number) => ({
  p: partition,
  n: Long.fromNumber(position),
})

/** A block as the collection `blocks` holds it: entries are the very bytes that the hash covers. */
export const blockDocument = (block: Block) => ({
  _id: blockId(block.partition, block.position),
  v: block.version,
  birth: block.birth,
  kind: block.kind,
  epoch: Long.fromNumber(block.epoch),
  owner: block.owner,
  at: new Date(block.at),
  prev: block.previous,
  hash: block.hash,
  ...contentFields(block),
})
export type BlockDocument = ReturnType<typeof blockDocument>

const contentFields = (block: Block) => {
  switch (block.kind) {
    case 'birth':
      return { namespace: block.namespace, partitions: block.partitions }
    case 'takeover':
      return {}
    case 'batch':
      return { rules: block.rules, policy: block.policy, entries: [...block.entries] }
  }
}

const stored = {
  _id: z.strictObject({ p: z.int().min(0), n: z.int().min(0) }),
  v: z.literal(blockVersion),
  birth: z.string(),
  epoch: z.int().min(0),
  owner: z.string(),
  at: z.date(),
  prev: z.string(),
  hash: z.string(),
}
const StoredBlock = z.discriminatedUnion('kind', [
  z.strictObject({
    ...stored,
    kind: z.literal('birth'),
    namespace: z.string(),
    partitions: z.int().min(1),
  }),
  z.strictObject({ ...stored, kind: z.literal('takeover') }),
  z.strictObject({
    ...stored,
    kind: z.literal('batch'),
    rules: z.int().min(1),
    policy: z.string(),
    entries: z.array(z.string()),
  }),
])

export type ReadBlock =
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'damaged'; readonly damage: Damage }

/**
 * Reads a stored block. A field that is missing, of another type or unknown is damage, named by its path.
 * @param place where the block was looked for
 */
export const blockOf = (
  document: unknown,
  place: { readonly partition: number; readonly position: number },
): ReadBlock => {
  const parsed = StoredBlock.safeParse(document)
  if (!parsed.success) {
    const detail = parsed.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ')
    return { kind: 'damaged', damage: { ...place, detail } }
  }
  const { _id, v, at, prev, ...rest } = parsed.data
  return {
    kind: 'block',
    block: {
      ...rest,
      partition: _id.p,
      position: _id.n,
      version: v,
      at: at.getTime(),
      previous: prev,
    },
  }
}
