import { expect, it } from '@jest/globals'
import type { Block } from '../log/block.ts'
import type { Finding } from './findings.ts'
import type { PartitionProgress, ProofProgressStore } from './proof-progress.ts'
import { createProveBehind } from './prove-behind.ts'
import type { Step } from './prove-step.ts'
import { positionOf, startReplay, type Replay } from './replay.ts'

const finding: Finding = {
  code: 'ACCOUNT',
  partition: 1,
  position: 4,
  entry: 'x',
  detail: 'differs',
}
const found: Step = { kind: 'found', findings: [finding], found: 2 }

const blockOf = (partition: number, position: number): Block => ({
  kind: 'takeover',
  partition,
  position,
  version: 1,
  birth: 'b',
  epoch: 1,
  owner: 'o',
  at: 1,
  previous: '',
  hash: '',
})

const start = (newest: readonly number[]) => {
  const rows = new Map<number, PartitionProgress>()
  const texts = new Map<number, string>()
  const world = {
    now: 1_000_000,
    newest: [...newest],
    isHeldElsewhere: false,
    /** By partition: the results of its next steps, before those that find nothing. */
    results: new Map<number, Step[]>(),
    stepsFrom: [] as string[],
    errors: [] as unknown[],
  }
  const store: ProofProgressStore = {
    all: () => Promise.resolve([...rows.values()]),
    replayOf: () => Promise.resolve({ kind: 'none' }),
    save: (progress, text) => {
      rows.set(progress.partition, progress)
      if (text !== null) texts.set(progress.partition, text)
      return Promise.resolve()
    },
    confirm: (partitions, at) => {
      for (const partition of partitions) {
        const row = rows.get(partition)
        if (row !== undefined) rows.set(partition, { ...row, at })
      }
      return Promise.resolve()
    },
  }
  const shown: PartitionProgress[][] = []
  const round = createProveBehind({
    partitions: newest.length,
    memory: { guardsKeptMs: 120_000 },
    store,
    lease: {
      take: () => Promise.resolve(!world.isHeldElsewhere),
      release: () => Promise.resolve(),
    },
    newestPosition: (partition) => Promise.resolve(world.newest[partition] ?? -1),
    step: (replay: Replay) => {
      const { partition } = replay
      world.stepsFrom.push(`${partition} from ${positionOf(replay)}`)
      const next = world.results.get(partition)?.shift()
      if (next !== undefined) return Promise.resolve(next)
      const tip = blockOf(partition, world.newest[partition] ?? 0)
      return Promise.resolve({ kind: 'proven', replay: { ...startReplay(partition, replay), tip } })
    },
    pace: {
      begin: () => undefined,
      breathe: () => Promise.resolve(),
      end: () => Promise.resolve(),
    },
    now: () => world.now,
    log: {
      error: (message, fields) => world.errors.push([message, fields]),
      info: () => undefined,
      warn: () => undefined,
    },
    onProgress: (progress) => shown.push([...progress]),
  })
  return { world, rows, texts, round, shown }
}

it('proves what was appended since, from where it was, and confirms what stands', async () => {
  const { world, rows, round, shown } = start([5, 7])
  await round()
  expect([...rows.values()]).toMatchObject([{ block: 5 }, { block: 7 }])
  world.newest[1] = 9
  world.now += 20_000
  await round()
  expect(world.stepsFrom).toEqual(['0 from -1', '1 from -1', '1 from 7'])
  expect([...rows.values()]).toMatchObject([
    { block: 5, at: world.now },
    { block: 9, at: world.now },
  ])
  expect(shown.at(-1)).toHaveLength(2)
})

it('writes a replay once a minute, and its progress each time', async () => {
  const { world, texts, round } = start([1])
  await round()
  const first = texts.get(0)
  world.newest[0] = 2
  world.now += 30_000
  await round()
  expect(texts.get(0)).toBe(first)
  world.newest[0] = 3
  world.now += 30_000
  await round()
  expect(texts.get(0)).not.toBe(first)
})

it('stands at a difference that a second step meets too, while the other partitions go on', async () => {
  const { world, rows, round } = start([5, 5, 5])
  await round()
  world.newest = [6, 6, 6]
  world.results.set(1, [found, found])
  await round()
  expect([...rows.values()].map(({ block }) => block)).toEqual([6, 5, 6])
  expect(rows.get(1)?.finding).toEqual({
    code: 'ACCOUNT',
    block: 4,
    entry: 'x',
    detail: 'differs',
    found: 2,
    at: world.now,
  })
  expect(world.errors).toEqual([
    ['proof found a difference', expect.objectContaining({ partition: 1, code: 'ACCOUNT' })],
  ])
  world.stepsFrom.length = 0
  world.now += 599_000
  await round()
  expect(world.stepsFrom).toEqual([])
})

it('goes on by itself once the cause is gone', async () => {
  const { world, rows, round } = start([5])
  world.results.set(0, [found, found])
  await round()
  expect(rows.get(0)?.finding).not.toBeNull()
  world.now += 600_000
  await round()
  expect(rows.get(0)).toMatchObject({ block: 5, finding: null })
})

it('raises nothing that only one step met', async () => {
  const { world, rows, round } = start([5])
  world.results.set(0, [found])
  await round()
  expect([world.stepsFrom.length, world.errors]).toEqual([2, []])
  expect(rows.get(0)).toMatchObject({ block: 5, finding: null })
})

it('goes on with the next partition when a step’s time is over, and keeps what it did', async () => {
  const { world, rows, texts, round } = start([500, 5])
  world.results.set(0, [{ kind: 'kept', position: 100, text: 'so far' }])
  await round()
  expect([rows.get(0)?.block, texts.get(0), rows.get(1)?.block]).toEqual([100, 'so far', 5])
  await round()
  expect(rows.get(0)?.block).toBe(500)
})

it('leaves the proof to the instance that holds the lease, and shows its progress', async () => {
  const { world, rows, round, shown } = start([5])
  rows.set(0, { partition: 0, block: 3, at: 1, finding: null })
  world.isHeldElsewhere = true
  await round()
  expect(world.stepsFrom).toEqual([])
  expect(shown).toEqual([[{ partition: 0, block: 3, at: 1, finding: null }]])
})
