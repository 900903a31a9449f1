import { describe, expect, test } from '@jest/globals'
import { blockDocument, blockOf } from './block-documents.ts'
import {
  batchBlock,
  birthBlock,
  blockBytesMax,
  blockEntriesMax,
  damageBetween,
  entryBytesOf,
  exceededBound,
  hashOf,
  takeoverBlock,
  type Block,
} from './block.ts'

const birth = birthBlock(3, { id: 'birth-1', namespace: 'names', partitions: 16, at: 1_000 })
const takeover = takeoverBlock(birth, 'owner-1', 2_000)
const batch = batchBlock(takeover, {
  at: 3_000,
  rules: 1,
  policy: '{"duplicateWindowMs":120000}',
  entries: ['{"id":"a"}', '{"id":"b"}'],
})
const rehashed = (block: Block): Block => ({ ...block, hash: hashOf(block) })

test('a birth, a takeover and a batch follow one another', () => {
  expect([
    damageBetween(null, birth),
    damageBetween(birth, takeover),
    damageBetween(takeover, batch),
  ]).toEqual([null, null, null])
  expect(batch).toMatchObject({ position: 2, epoch: 1, owner: 'owner-1', previous: takeover.hash })
})

test('a clock that goes back does not take the time of a block back', () => {
  expect(takeoverBlock(takeover, 'owner-2', 500).at).toBe(takeover.at)
})

describe('the hash', () => {
  const variants: readonly [string, Partial<Block>][] = [
    ['partition', { partition: 4 }],
    ['position', { position: 3 }],
    ['birth', { birth: 'birth-2' }],
    ['epoch', { epoch: 2 }],
    ['owner', { owner: 'owner-2' }],
    ['time', { at: 3_001 }],
    ['previous hash', { previous: birth.hash }],
    ['rules', { rules: 2 }],
    ['policy', { policy: '{}' }],
    ['entries', { entries: ['{"id":"a"}'] }],
    ['order of the entries', { entries: ['{"id":"b"}', '{"id":"a"}'] }],
    ['cut of the entries', { entries: ['{"id":"a"}\n{"id":"b"}'] }],
  ]
  test.each(variants)('covers the %s', (_, change) => {
    expect(hashOf({ ...batch, ...change } as Block)).not.toBe(batch.hash)
  })
})

describe('damage is named:', () => {
  const cases: readonly [string, Block, Block, string][] = [
    ['a changed entry', takeover, { ...batch, entries: ['{}'] } as Block, 'hash covers'],
    ['another birth', takeover, rehashed({ ...batch, birth: 'other' }), 'of birth other'],
    ['a missing block', birth, batch, 'position is 2'],
    [
      'another chain',
      takeover,
      rehashed({ ...batch, previous: birth.hash }),
      'hash of the one before',
    ],
    ['an epoch that falls', takeover, rehashed({ ...batch, epoch: 0 }), 'has epoch 0'],
    ['an epoch that is skipped', birth, rehashed({ ...takeover, epoch: 2 }), 'has epoch 2'],
    ['a batch of another owner', takeover, rehashed({ ...batch, owner: 'x' }), 'another owner'],
    ['a time before', takeover, rehashed({ ...batch, at: 1 }), 'older than the one before'],
    [
      'a second birth',
      birth,
      rehashed({ ...birth, position: 1, previous: birth.hash }),
      'a birth follows',
    ],
  ]
  test.each(cases)('%s', (_, tip, block, detail) => {
    const damage = damageBetween(tip, block)
    expect(damage).toMatchObject({ partition: 3, position: tip.position + 1 })
    expect(damage?.detail).toContain(detail)
  })
})

describe('a stored block', () => {
  const place = { partition: 3, position: 2 }
  const stored = (block: Block): Record<string, unknown> => ({
    ...blockDocument(block),
    _id: { p: block.partition, n: block.position },
    epoch: block.epoch,
  })

  test.each([birth, takeover, batch])('is read as it was written: $kind', (block) => {
    expect(blockOf(stored(block), place)).toEqual({ kind: 'block', block })
  })

  test.each([
    ['a missing field', { policy: undefined }, 'policy: '],
    ['a field of another type', { entries: 'all' }, 'entries: '],
    ['a field that is not known', { extra: 1 }, 'extra'],
    ['a later version', { v: 2 }, 'v: '],
  ])('with %s is damage that names it', (_, change, detail) => {
    const read = blockOf({ ...stored(batch), ...change }, place)
    expect(read).toMatchObject({ kind: 'damaged', damage: place })
    expect(read.kind === 'damaged' ? read.damage.detail : '').toContain(detail)
  })
})

test('a block that would pass a bound is refused before it is sent', () => {
  const boundOf = (entries: readonly string[]) =>
    exceededBound(entries.length, entryBytesOf({ ...batch, entries } as Block))
  expect(boundOf(['{}'])).toBeNull()
  expect(boundOf(Array.from({ length: blockEntriesMax + 1 }, () => '{}'))).toContain('entries')
  expect(boundOf(['ñ'.repeat(blockBytesMax / 2), '{}'])).toContain('bytes')
})
