import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../accounting/ledger-view.ts'
import type { Operation } from '../accounting/operation.ts'
import type { ReadBlock } from '../log/block-documents.ts'
import { batchBlock, birthBlock, hashOf, takeoverBlock, type Block } from '../log/block.ts'
import { buildBlock } from '../log/build-block.ts'
import { memoryOf, remember } from '../log/memory.ts'
import { projections } from '../projections/all.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import { aTopup, aVerdict, anOpenShopOperations, idOf, policy, start } from '../testing/builders.ts'
import { aLedgerHistory } from '../testing/ledger-history.ts'
import { inboundFor, testPartition } from '../testing/inbound-for.ts'
import { note } from './findings.ts'
import type { BirthBlock, LogRecords } from './log-records.ts'
import { partitionProver, type ProvePartition } from './prove-partition.ts'
import type { Replay } from './replay.ts'
import { missingProjections } from './find-strays.ts'
import { verifyLog, type VerifyOptions } from './verify-log.ts'

const birth = { id: 'birth', namespace: 'names', partitions: 16, at: start }
const nothing = { operations: new Map(), topups: [], sessions: [] }

/** The blocks of a writer that forgets nothing, one for each step. */
const blocksOf = (steps: readonly (readonly Operation[])[]): readonly Block[] => {
  const first = birthBlock(testPartition, birth)
  let tip = takeoverBlock(first, 'owner', start)
  const blocks = [first, tip]
  const memory = memoryOf(emptyState(), { position: -1, refusedUntil: 0 }, start)
  for (const [index, operations] of steps.entries()) {
    const circumstances = {
      now: start + index * 100,
      policy,
      acceptWindowMs: 10_000,
      clockSkewMs: 2_000,
      isClockTrusted: true,
    }
    const inbounds = operations.map((operation) => inboundFor(operation))
    const { block, entries } = buildBlock(tip, memory, nothing, inbounds, circumstances)
    if (block === null) continue
    remember(memory, { ...block, entries })
    blocks.push(block)
    tip = block
  }
  return blocks
}

/** Blocks with a valid chain after a change, as an attacker who knows its rules would write them. */
const chained = (blocks: readonly Block[]): readonly Block[] => {
  const made: Block[] = []
  for (const block of blocks) {
    const next = { ...block, previous: made.at(-1)?.hash ?? block.previous }
    made.push({ ...next, hash: hashOf(next) })
  }
  return made
}
const entriesOf = (block: Block | undefined): readonly string[] =>
  block?.kind === 'batch' ? block.entries : []
const changed = (blocks: readonly Block[], change: (text: string) => string): readonly Block[] =>
  chained(
    blocks.map((block) =>
      block.kind === 'batch' ? { ...block, entries: block.entries.map(change) } : block,
    ),
  )

const recordsOf = (blocks: readonly Block[]): LogRecords => {
  const read = (block: Block): ReadBlock => ({ kind: 'block', block })
  return {
    blocks: {
      find: (partition, position) => {
        const found = blocks.find(
          (block) => block.partition === partition && block.position === position,
        )
        return Promise.resolve(found === undefined ? null : read(found))
      },
      after: async function* (partition, position) {
        for (const block of blocks) {
          if (block.partition !== partition || block.position <= position) continue
          yield await Promise.resolve(read(block))
        }
      },
    },
    projections: null,
    inspect: () =>
      Promise.resolve({
        birth: birthBlock(0, birth) as BirthBlock,
        partitions: 16,
        blocks: blocks.length,
        doubled: [],
        strays: [],
      }),
  }
}
const prove = (blocks: readonly Block[], options?: VerifyOptions) =>
  verifyLog(recordsOf(blocks), options)
const codesOf = async (blocks: readonly Block[]) =>
  (await prove(blocks)).findings.map(({ code }) => code)

const history = blocksOf(aLedgerHistory())
const whole = history.flatMap(entriesOf)

test('blocks alone are proven: each entry is made again to its very bytes', async () => {
  const proof = await prove(history)
  expect(proof.findings).toEqual([])
  expect(proof.entries).toBe(whole.length)
  expect(proof.commits).toBe(whole.filter((text) => text.includes('"kind":"commit"')).length)
})

test('projections that are all absent are awaited, as after a restore; one that is absent alone is named', () => {
  const all = [...projections.map(({ name }) => name), positionsCollection]
  expect(missingProjections(['selling', 'case_closings'])).toEqual([])
  expect(missingProjections(all)).toEqual([])
  expect(missingProjections(all.filter((name) => name !== 'cases'))).toEqual([
    { id: 'cases', detail: 'no collection cases' },
  ])
})

const leaves = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([field, inner]) => leaves(inner, [...path, field]))
    : [path]
const withChanged = (value: unknown, [field = '', ...rest]: readonly string[]): unknown => {
  if (field === '') return typeof value === 'number' ? value + 1 : `${String(value)} `
  const inner = (value as Record<string, unknown>)[field]
  return Array.isArray(value)
    ? value.map((item, index) =>
        String(index) === field ? withChanged(item, rest) : (item as unknown),
      )
    : { ...(value as object), [field]: withChanged(inner, rest) }
}

test('every kind of value in an entry is found when it changes, although the chain holds', async () => {
  const tried = new Set<string>()
  for (const text of whole) {
    const entry = JSON.parse(text) as object
    for (const leaf of leaves(entry)) {
      const kind = leaf.map((part) => (/^\d+$/.test(part) ? '0' : part)).join('.')
      // An operation is the till's and its day is journalled: both are taken as they are.
      if (kind.startsWith('operation.') || kind === 'day' || tried.has(kind)) continue
      tried.add(kind)
      const other = JSON.stringify(withChanged(entry, leaf))
      const { findings } = await prove(changed(history, (each) => (each === text ? other : each)))
      expect({ kind, isFound: findings.length > 0 }).toEqual({ kind, isFound: true })
    }
  }
  expect(tried.size).toBeGreaterThan(100)
}, 60_000)

test('a replay takes each day from the log: it needs no rules of time zones', async () => {
  const abolished = changed(history, (text) =>
    text
      .replaceAll('America/La_Paz', 'America/Abolished')
      .replaceAll('"2026-11-21"', '"2026-11-20"'),
  )
  expect((await prove(abolished)).findings).toEqual([])
  const without = changed(history, (text) => text.replace('"day":"2026-11-21"', '"day":null'))
  expect((await prove(without)).findings[0]).toMatchObject({
    code: 'REPLAY',
    detail: 'day: null kept, 2026-11-21 applied again',
  })
})

test('a block that is missing, damaged or of another birth is named, and the walk goes on', async () => {
  const missing = history.filter(({ position }) => position !== 5)
  const { findings, entries } = await prove(missing)
  expect(findings[0]).toMatchObject({ code: 'BLOCK', partition: testPartition, position: 5 })
  expect(entries).toBe(whole.length - entriesOf(history[5]).length)
  const damaged = history.map((block) =>
    block.position === 5 ? { ...block, at: block.at + 1 } : block,
  )
  expect((await prove(damaged)).findings[0]).toMatchObject({ code: 'CHAIN', position: 5 })
  const foreign = chained(history.map((block) => ({ ...block, birth: 'another' })))
  expect((await prove(foreign)).findings[0]).toMatchObject({ code: 'BLOCK', position: 0 })
  const unknown = chained(
    history.map((block) =>
      block.kind === 'batch' && block.position === 5 ? { ...block, rules: 9 } : block,
    ),
  )
  expect(await prove(unknown)).toMatchObject({
    findings: [{ code: 'BLOCK', position: 5 }],
    found: 1,
  })
})

describe('partitions that are proven at once', () => {
  /** Each has a takeover whose time is not what its hash covers. */
  const damaged = [2, 0, 1].flatMap((partition) => {
    const first = birthBlock(partition, birth)
    const takeover = takeoverBlock(first, 'owner', start)
    return [first, { ...takeover, at: start + 1 }]
  })

  test('give the findings in the order of partitions, whichever ends first', async () => {
    const records = recordsOf(damaged)
    const prover = partitionProver(records)
    const proveAndFind: ProvePartition = async (task, onReplayed) => {
      const proof = await prover(task, onReplayed)
      const { partition } = task
      note(proof.findings, {
        code: 'HOLD',
        partition,
        position: 1,
        entry: null,
        detail: 'at its end',
      })
      return proof
    }
    const ended = new Map<number, () => void>()
    const hasEnded = Array.from(
      { length: 16 },
      (_, partition) => new Promise<void>((resolve) => ended.set(partition, resolve)),
    )
    const order: number[] = []
    const reversed: ProvePartition = async (task, onReplayed) => {
      await hasEnded[task.partition + 1]
      const proof = await proveAndFind(task, onReplayed)
      order.push(task.partition)
      ended.get(task.partition)?.()
      return proof
    }
    const { findings, found } = await verifyLog(records, {
      provers: { count: 16, prove: reversed },
    })
    const partitions = Array.from({ length: 16 }, (_, partition) => partition)
    expect(order).toEqual(partitions.toReversed())
    expect(findings.map(({ code, partition }) => `${code} ${partition ?? ''}`)).toEqual([
      ...['CHAIN 0', 'CHAIN 1', 'CHAIN 2'],
      ...partitions.map((partition) => `HOLD ${partition}`),
    ])
    const alone = await verifyLog(records, { provers: { count: 1, prove: proveAndFind } })
    expect({ findings, found }).toEqual({ findings: alone.findings, found: alone.found })
  })

  test('are no more than there are provers, and one that fails ends the proof', async () => {
    let underWay = 0
    let most = 0
    const proven: number[] = []
    const records = recordsOf(damaged)
    const prover = partitionProver(records)
    const proving = verifyLog(records, {
      provers: {
        count: 3,
        prove: async (task, onReplayed) => {
          underWay += 1
          most = Math.max(most, underWay)
          const proof = await prover(task, onReplayed)
          underWay -= 1
          proven.push(task.partition)
          if (task.partition === 7) throw new Error('the database is gone')
          return proof
        },
      },
    })
    await expect(proving).rejects.toThrow('the database is gone')
    expect(most).toBe(3)
    expect(proven.slice(0, 3)).toEqual([0, 1, 2])
  })
})

test('an entry that cannot be read is named, and the walk goes on', async () => {
  const [text] = entriesOf(history[2])
  for (const other of [
    '',
    'null',
    '{',
    '{"id":"x"}',
    text?.replace('"lines":[', '"lines":7,"more":[') ?? '',
  ]) {
    const codes = await codesOf(changed(history, (each) => (each === text ? other : each)))
    expect(codes).toContain('ENTRY')
  }
})

test('a second effect of an operation is found, and a reservation that ends twice', async () => {
  const sale = aTopup()
  const steps = [anOpenShopOperations(), [sale], [aVerdict(idOf(sale), 'authorized')]]
  const blocks = blocksOf(steps)
  const again = (index: number) => {
    const tip = blocks.at(-1)
    if (tip === undefined) throw new Error('no block')
    const { at, rules, policy: under } = blocks[index] as Extract<Block, { kind: 'batch' }>
    return [
      ...blocks,
      batchBlock(tip, { at, rules, policy: under, entries: entriesOf(blocks[index]) }),
    ]
  }
  expect(await codesOf(blocks)).toEqual([])
  expect(await codesOf(again(3))).toContain('SECOND_EFFECT')
  expect(await codesOf(again(4))).toContain('ENDED_TWICE')
})

test('a refusal by time is counted and not applied again, and follows no outcome', async () => {
  const late = aTopup({ number: '74444444' })
  const blocks = blocksOf([anOpenShopOperations(), [late]])
  const sold = entriesOf(blocks.at(-1))[0] ?? ''
  const { operation } = JSON.parse(sold) as { readonly operation: object }
  const refusal = (more: object = {}) =>
    JSON.stringify({
      id: idOf(late),
      kind: 'refuse',
      merchant: 'principal',
      day: null,
      saleId: null,
      sessionId: null,
      resolves: null,
      fingerprint: 'A'.repeat(43),
      operation,
      outcome: { kind: 'refused', code: 'EXPIRED', acceptUntil: start, ...more },
      lines: [],
      accounts: [],
      changes: {},
    })
  const before = changed(blocks, (text) => (text === sold ? refusal() : text))
  expect(await prove(before)).toMatchObject({ findings: [], expired: 1 })
  const tip = blocks.at(-1)
  if (tip?.kind !== 'batch') throw new Error('no batch')
  const after = [...blocks, batchBlock(tip, { ...tip, entries: [refusal()] })]
  expect(await prove(after)).toMatchObject({ findings: [{ code: 'EXPIRED', entry: idOf(late) }] })
  const invented = changed(blocks, (text) => (text === sold ? refusal({ before: '{}' }) : text))
  expect(await codesOf(invented)).toEqual(['EXPIRED'])
})

test.each([3, 9, 14, 20])('a run goes on from block %s with the same result', async (position) => {
  let replays: readonly Replay[] = []
  await prove(
    history.filter((block) => block.position <= position),
    { onProven: (last) => (replays = last) },
  )
  const same = { seconds: 0, linesPerSecond: 0 }
  expect({ ...(await prove(history, { replays })), ...same }).toEqual({
    ...(await prove(history)),
    ...same,
  })
})
