import { randomUUID } from 'node:crypto'
import { silentLog } from '@recargas/runtime'
import { createAppendQueue } from '../log/append-queue.ts'
import { birthBlock } from '../log/block.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import { createLoadMemory } from '../log/load-memory.ts'
import { createLookUp } from '../log/look-up.ts'
import { createLogWriter } from '../log/partition-writer.ts'
import { createMessageSender } from '../log/send-messages.ts'
import { projections } from '../projections/all.ts'
import { openProjections } from '../projections/open-projections.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { groupBlocksMax } from '../projections/block-groups.ts'
import { createProjector } from '../projections/projector.ts'
import { runProjector } from '../projections/run-projector.ts'
import { timeoutMs, type BenchLog } from './open-log.ts'
import { terms } from './workload.ts'

/** In its first seconds an owner looks every press up: they are over before the first sale. */
const ownedForMs = 60_000

/** The projector as the ledger runs it, and the bound that it sets to the writer. */
const startProjections = ({ db }: BenchLog, partition: number, fail: (error: unknown) => void) => {
  const groups: number[] = []
  const store = createProjectionStore(db, { timeoutMs })
  const projector = createProjector(projections, store, { blocksMax: groupBlocksMax })
  const send = () => Promise.resolve(true)
  const sender = createMessageSender({ send, projector, log: silentLog })
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
    projector,
    sender,
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
  const projected = openProjections(log.db)
  const sizes: number[] = []
  const failures: unknown[] = []
  const fail = (error: unknown) => void failures.push(error)
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const { projector, sender, groups, allProjected, stop } = startProjections(log, partition, fail)
  const writer = createLogWriter({
    insert: createAppendQueue(blocks.insert).insert,
    find: blocks.find,
    newest: blocks.newest,
    now,
    birth: birthBlock(partition, birth),
    ownerId: randomUUID,
    loadMemory: createLoadMemory(projected, blocks, projector, { timeoutMs }),
    lookUp: createLookUp(projected, { timeoutMs }),
    projector,
    send: sender.send,
    waitForCapacity: sender.waitForCapacity,
    ...terms,
    isClockTrusted: () => true,
    batchSizeMax,
    appendTimeoutMs: timeoutMs,
    onAppended: ({ entries }) => sizes.push(entries.length),
    onFenced: () => fail(new Error('another instance owns the partition')),
    onUnavailable: (_, error) => fail(error),
    onDamaged: fail,
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
