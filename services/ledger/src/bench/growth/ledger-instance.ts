import { emptyState } from '../../accounting/ledger-view.ts'
import { createAppendQueue } from '../../log/append-queue.ts'
import { birthBlock, entryBytesOf, type Birth, type Block } from '../../log/block.ts'
import { memoryOf } from '../../log/memory.ts'
import { createLogWriter, type PartitionWriter } from '../../log/partition-writer.ts'
import { createRelay } from '../../log/relay.ts'
import type { ProjectionStore } from '../../projections/projection-store.ts'
import type { PositionedDocument } from '../../projections/projection.ts'
import { projectInto, undisturbed } from '../writer-settings.ts'
import { costs, waits } from './costs.ts'
import type { Machine } from './virtual-time.ts'
import { command, type World } from './world.ts'

const batchSizeMax = 400

export type Ledger = {
  readonly own: (partition: number) => PartitionWriter
  readonly machine: Machine
  readonly name: string
}

/** An instance of the ledger: its own writers, append queue, sender and projector, on a store that takes virtual time. */
export const createLedger = (
  world: World,
  instance: number,
  birth: Birth,
  send: Parameters<typeof createRelay>[0]['publish'],
): Ledger => {
  const machine = world.machineOf(instance)
  const name = `ledger ${instance}`
  const tips = new Map<number, Block>()
  const begun = new Map<number, number>()
  const store = createStore(world, [machine, name], begun)
  const projected = projectInto(store, createRelay({ publish: send }).send)
  const { projector, sender } = projected
  const queue = appendQueueOf(world, [machine, name], tips)
  const read = (partition: number) => {
    const block = tips.get(partition)
    return Promise.resolve(block === undefined ? null : { kind: 'block' as const, block })
  }
  const fail = (detail: unknown): never => {
    throw new Error('a simulated writer was disturbed', { cause: detail })
  }
  const project = (): void => {
    void projector.project().then(() => {
      sender.lagChanged()
      world.time.at(waits.projectEvery, project)
    })
  }
  world.time.at(waits.projectEvery * world.random(), project)
  const writers = new Map<number, PartitionWriter>()
  const create = (partition: number): PartitionWriter =>
    createLogWriter({
      ...undisturbed(projected, batchSizeMax, fail),
      insert: queue.insert,
      find: read,
      newest: read,
      now: world.time.now,
      birth: birthBlock(partition, birth),
      ownerId: () => `owner of ${partition}`,
      loadMemory: async (tip) => {
        begun.set(partition, tip.position)
        await projector.begin(partition)
        const shown = { position: tip.position, refusedUntil: 0 }
        return { kind: 'loaded', memory: memoryOf(emptyState(), shown, tip.at) }
      },
      lookUp: () => Promise.resolve({ operations: new Map(), topups: [], sessions: [] }),
      appendTimeoutMs: 60_000,
      onAppended: () => undefined,
      onFenced: fail,
    })
  return {
    own: (partition) => {
      const writer = writers.get(partition) ?? create(partition)
      writers.set(partition, writer)
      return writer
    },
    machine,
    name,
  }
}

/** The real append queue on a log that takes virtual time. */
const appendQueueOf = (
  world: World,
  [machine, name]: readonly [Machine, string],
  tips: Map<number, Block>,
) =>
  createAppendQueue(async (blocks) => {
    const { counts } = world
    counts.appends += 1
    const { perBlock, perEntry } = costs.ledger
    const entries = blocks.reduce((sum, block) => sum + entriesIn(block), 0)
    const ms = perBlock * blocks.length + perEntry * entries
    const { perInsert } = costs.mongod
    await command(world, [machine, name, ms], perInsert, blocks.map(partitionOf))
    for (const block of blocks) {
      counts.blocks += 1
      counts.entries += entriesIn(block)
      counts.bytes += entryBytesOf(block)
      tips.set(block.partition, block)
    }
    return blocks.map(() => 'inserted' as const)
  })

const partitionOf = ({ partition }: { readonly partition: number }): number => partition

const entriesIn = (block: Block): number => (block.kind === 'batch' ? block.entries.length : 0)

const createStore = (
  world: World,
  [machine, name]: readonly [Machine, string],
  begun: ReadonlyMap<number, number>,
): ProjectionStore => {
  const positions = new Map<string, number>()
  const { perDocument } = costs.ledger
  const partitionIn = ({ id, fields }: PositionedDocument): number =>
    'p' in fields ? Number(fields['p']) : (id as { readonly p: number }).p
  return {
    write: async (_, documents) => {
      for (const isNew of [true, false]) {
        const some = documents.filter((document) => (document.isNew === true) === isNew)
        if (some.length === 0) continue
        const ms = isNew ? costs.mongod.perInsert : costs.mongod.perReplacement
        const own = perDocument * some.length
        await command(world, [machine, name, own], ms, some.map(partitionIn))
      }
    },
    positionOf: (projection, partition) =>
      Promise.resolve(positions.get(`${projection}/${partition}`) ?? begun.get(partition) ?? -1),
    movePositions: async (projection, moves) => {
      const own = perDocument * moves.length
      const { perReplacement } = costs.mongod
      await command(world, [machine, name, own], perReplacement, moves.map(partitionOf))
      for (const { partition, to } of moves) positions.set(`${projection}/${partition}`, to)
      return new Map(moves.map(({ partition, to }) => [partition, to]))
    },
  }
}
