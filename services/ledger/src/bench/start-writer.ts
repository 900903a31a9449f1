import { randomUUID } from 'node:crypto'
import { silentLog } from '@recargas/runtime'
import { createAppendQueue } from '../log/append-queue.ts'
import { birthBlock } from '../log/block.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import { createLoadMemory } from '../log/load-memory.ts'
import { createLookUp } from '../log/look-up.ts'
import { createLogWriter } from '../log/partition-writer.ts'
import { openProjections } from '../projections/open-projections.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { runProjector } from '../projections/run-projector.ts'
import { timeoutMs, type BenchLog } from './open-log.ts'
import { projectInto, undisturbed } from './writer-settings.ts'

/** In its first seconds an owner looks every press up: they are over before the first sale. */
const ownedForMs = 60_000

/** The projector as the ledger runs it, and the bound that it sets to the writer. */
const startProjections = ({ db }: BenchLog, partition: number, fail: (error: unknown) => void) => {
  const groups: number[] = []
  const store = createProjectionStore(db, { timeoutMs })
  const projected = projectInto(store, () => Promise.resolve(true))
  const { projector, sender } = projected
  let onRound = () => {}
  const running = runProjector(projector, {
    log: { ...silentLog, error: (_, fields) => fail(fields) },
    onRound: () => {
      sender.lagChanged()
      const position = projector.projected(partition)
      if (position !== groups.at(-1)) groups.push(position)
      onRound()
    },
  })
  return {
    projected,
    groups,
    allProjected: async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        onRound = () => {
          if (projector.lag().blocks === 0) resolve()
          else running.wake()
        }
        running.wake()
      })
      onRound = () => {}
    },
    stop: running.stop,
  }
}

/** A writer alone on its partition, with its projector, fed from memory and publishing nothing. */
export const startWriter = (log: BenchLog, partition: number, batchSizeMax: number) => {
  const { blocks, birth } = log
  const stored = openProjections(log.db)
  const sizes: number[] = []
  const failures: unknown[] = []
  const fail = (error: unknown) => void failures.push(error)
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const { projected, groups, allProjected, stop } = startProjections(log, partition, fail)
  const writer = createLogWriter({
    ...undisturbed(projected, batchSizeMax, fail),
    insert: createAppendQueue(blocks.insert).insert,
    find: blocks.find,
    newest: blocks.newest,
    now,
    birth: birthBlock(partition, birth),
    ownerId: randomUUID,
    loadMemory: createLoadMemory(stored, blocks, projected.projector, { timeoutMs }),
    lookUp: createLookUp(stored, { timeoutMs }),
    appendTimeoutMs: timeoutMs,
    onAppended: ({ entries }) => sizes.push(entries.length),
    onFenced: () => fail(new Error('another instance owns the partition')),
  })
  return {
    sizes,
    groups,
    now,
    allProjected,
    write: async (inbound: InboundOperation): Promise<void> => {
      const disposition = await writer.enqueue(inbound, 1)
      if (disposition.kind !== 'done')
        throw new Error(`a message was not written: ${disposition.kind}`)
    },
    /** The opening does not count, and the first seconds of an owner are over. */
    begin: () => {
      sizes.length = 0
      groups.splice(0, groups.length - 1)
      aheadMs = ownedForMs
    },
    stop: async () => {
      await writer.stop()
      await stop()
      if (failures.length > 0) throw new Error('the writer was disturbed', { cause: failures[0] })
    },
  }
}
