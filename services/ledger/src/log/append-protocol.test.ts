import { describe, expect, test } from '@jest/globals'
import {
  appendProtocol,
  exploreAppends,
  promisedDatabase,
  type Protocol,
} from '../testing/append-model.ts'
import { takeoverAfter } from './append-protocol.ts'
import { hashOf, type Block } from './block.ts'

describe('two owners, four blocks, every order of sends, delays, lost replies, rollbacks and a restart', () => {
  test('keep every acknowledged block, in one unbroken log', () => {
    const explored = exploreAppends()
    expect(explored.violation).toBeNull()
    expect(explored.states).toBeGreaterThan(30_000)
    expect(explored.ended).toBeGreaterThan(100)
    expect(explored.acknowledgedMax).toBe(4)
  }, 60_000)
})

describe('the model finds', () => {
  const violationOf = (protocol: Partial<Protocol>) =>
    exploreAppends({ ...appendProtocol, ...protocol }).violation

  test('a write concern error that is taken for an append', () => {
    const { violation } = exploreAppends(appendProtocol, {
      ...promisedDatabase,
      hidesWriteConcernErrors: true,
    })
    expect(violation).toContain('was acknowledged and is not in the log')
  })

  test('a look-up that reads the primary’s local blocks', () => {
    const { violation } = exploreAppends(appendProtocol, {
      ...promisedDatabase,
      readsLocally: true,
    })
    expect(violation).toContain('was acknowledged and is not in the log')
  })

  test('a duplicate key that is taken for the block itself', () => {
    const afterLookUp: Protocol['afterLookUp'] = (_, block, found) =>
      found === null || found.position === block.position ? { kind: 'appended' } : { kind: 'again' }
    expect(violationOf({ afterLookUp })).toContain('was acknowledged and is not in the log')
  })

  test('an unknown reply that is taken for an append', () => {
    const afterInsert: Protocol['afterInsert'] = (block, reply) =>
      reply === 'duplicate-key' ? { step: 'look-up', block } : null
    expect(violationOf({ afterInsert })).toContain('was acknowledged and is not in the log')
  })

  test('a takeover that keeps the epoch of the block that it merged', () => {
    const keepsEpoch: Protocol['takeoverAfter'] = (occupant, takeover) => {
      const block: Block = { ...takeoverAfter(occupant, takeover), epoch: occupant.epoch }
      return { ...block, hash: hashOf(block) }
    }
    expect(violationOf({ takeoverAfter: keepsEpoch })).toContain('the takeover has epoch')
  })
})
