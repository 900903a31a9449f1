import { describe, expect, it, test } from '@jest/globals'
import { birthBlock, takeoverBlock, type Birth } from './block.ts'
import { startRefusal, type FoundAtStart } from './refuse-start.ts'

const birth: Birth = { id: 'a-birth', namespace: 'a-namespace', partitions: 16, at: 1 }
const born = (partition: number, changed: Partial<Birth> = {}) => ({
  kind: 'block' as const,
  block: birthBlock(partition, { ...birth, ...changed }),
})
const found = (changed: Partial<FoundAtStart> = {}): FoundAtStart => ({
  hello: { setName: 'rs0' },
  collections: new Set(['sales', 'leases']),
  isRestoreUnfinished: false,
  besideBlocks: [],
  births: [born(0), born(1), null],
  ...changed,
})

describe('a ledger starts', () => {
  it.each([
    ['on a new database', { collections: new Set<string>(), births: [null, null] }],
    ['on its own blocks, with documents beside them', { besideBlocks: ['leases', 'quarantine'] }],
    ['on a sharded cluster', { hello: { msg: 'isdbgrid' } }],
    [
      'beside a partition whose first block is damaged, which stops alone',
      {
        births: [
          born(0),
          { kind: 'damaged' as const, damage: { partition: 1, position: 0, detail: 'hash' } },
        ],
      },
    ],
  ])('%s', (_, changed) => {
    expect(startRefusal(found(changed))).toBeNull()
  })
})

describe('a ledger refuses to start', () => {
  it.each([
    ['on a standalone MongoDB', { hello: {} }, 'is a standalone server'],
    [
      'on an earlier layout',
      { collections: new Set(['journal', 'leases']), births: [null] },
      'this ledger was made by an earlier version, whose data this one does not read: ' +
        'start anew (npm start -- --reset), or go on with the version that made it',
    ],
    [
      'after a restore that was cut off, whatever it has written',
      {
        isRestoreUnfinished: true,
        besideBlocks: ['selling'],
        collections: new Set(['state']),
        births: [null],
      },
      'a restore of this database was not finished: run it again',
    ],
    [
      'without blocks beside what only blocks explain',
      { besideBlocks: ['quarantine', 'projection_positions'], births: [null, null] },
      'the ledger has no blocks, while quarantine, projection_positions hold documents',
    ],
    [
      'where the blocks of partition 0 alone are missing',
      { births: [null, born(1)] },
      "block 0/0, the ledger's birth, is missing, while partition 1 has blocks",
    ],
    [
      'where its birth cannot be read',
      {
        births: [
          {
            kind: 'damaged' as const,
            damage: { partition: 0, position: 0, detail: 'v: expected 1' },
          },
        ],
      },
      "block 0/0, the ledger's birth, cannot be read (v: expected 1): run the version that wrote it",
    ],
    [
      'where its first block is no birth',
      { births: [{ kind: 'block' as const, block: takeoverBlock(born(0).block, 'o', 2) }] },
      'block 0/0 is no birth but a takeover',
    ],
    [
      'with another number of partitions',
      { births: [born(0, { partitions: 8 })] },
      'born with 8 partitions and this version serves 16',
    ],
    [
      'where a partition was born with another ledger',
      { births: [born(0), null, born(2, { id: 'b-birth' })] },
      'partition 2 (birth b-birth) does not follow from the one of partition 0 (a-birth)',
    ],
    [
      'where a partition has the birth of another namespace',
      { births: [born(0), born(1, { namespace: 'another' })] },
      'the blocks are of two ledgers',
    ],
  ])('%s', (_, changed, sentence) => {
    expect(startRefusal(found(changed))).toContain(sentence)
  })
})

test('each collection of an earlier layout alone is enough to refuse', () => {
  for (const name of ['partitions', 'state', 'journal', 'topups', 'outbox', 'identity']) {
    expect(startRefusal(found({ collections: new Set([name]) }))).toContain('earlier version')
  }
})
