import { randomUUID } from 'node:crypto'
import { partitionOf } from '@recargas/contracts'
import { silentLog } from '@recargas/service'
import { createAppendQueue } from '../log/append-queue.ts'
import { birthBlock } from '../log/block.ts'
import type { Intake } from '../log/intake.ts'
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
import { acceptMs, type Sale, type Workload } from './workload.ts'

export type WriterFigures = {
  readonly sales: number
  /** From the first sale until the projections show the last one. */
  readonly seconds: number
  /** Until the last block was appended. */
  readonly appendedSeconds: number
  /** CPU of this process meanwhile. */
  readonly cpuSeconds: number
  readonly salesPerSecond: number
  readonly entriesPerSecond: number
  readonly batches: number
  readonly batchSizeMedian: number
  /** The position of the last block before the first sale, and after each group of the projections. */
  readonly groups: readonly number[]
}

const policy = { duplicateWindowMs: 120_000 }
const clockSkewMs = 2_000
/** In its first seconds an owner looks every press up: they are over before the first sale. */
const ownedForMs = 60_000

/** The projector as the ledger runs it, and the bound that it sets to the writer. */
const startProjections = ({ db }: BenchLog, partition: number, fail: (error: unknown) => void) => {
  const groups: number[] = []
  const projector = createProjector(projections, createProjectionStore(db, { timeoutMs }), {
    blocksMax: groupBlocksMax,
  })
  const sender = createMessageSender({
    send: () => Promise.resolve(true),
    projector,
    log: silentLog,
  })
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

/** A writer that nobody else disturbs, with its projector, fed from memory and telling nobody. */
const startWriter = (log: BenchLog, partition: number, batchSizeMax: number) => {
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
    policy,
    acceptWindowMs: acceptMs,
    clockSkewMs,
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
    write: async (intake: Intake): Promise<void> => {
      const fate = await writer.submit(intake, 1)
      if (fate.kind !== 'done') throw new Error(`a message was not written: ${fate.kind}`)
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

/**
 * The limit of everything around writer and projector. So many messages wait at any time that every batch is full.
 */
export const measureWriter = async (
  log: BenchLog,
  workload: Workload,
  options: { readonly sales: number; readonly batchSizeMax: number },
): Promise<WriterFigures> => {
  const writer = startWriter(log, partitionOf(workload.merchant), options.batchSizeMax)
  for (const intake of workload.opening) await writer.write(intake)
  await writer.allProjected()
  writer.begin()
  const requestedAt = writer.now()
  const sales = Array.from({ length: options.sales }, () => workload.sale(requestedAt))
  let next = 0
  const takeNext = (): Sale | undefined => {
    const sale = sales[next]
    next += 1
    return sale
  }
  const sellOn = async (): Promise<void> => {
    for (let sale = takeNext(); sale !== undefined; sale = takeNext()) {
      await writer.write(sale.request)
      await writer.write(sale.verdict)
    }
  }
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const secondsSoFar = () => (performance.now() - startedAt) / 1_000
  await Promise.all(Array.from({ length: options.batchSizeMax * 2 }, sellOn))
  const appendedSeconds = secondsSoFar()
  await writer.allProjected()
  const seconds = secondsSoFar()
  const { user, system } = process.cpuUsage(cpuBefore)
  await writer.stop()
  const { sizes, groups } = writer
  return {
    sales: options.sales,
    seconds,
    appendedSeconds,
    cpuSeconds: (user + system) / 1_000_000,
    salesPerSecond: Math.round(options.sales / seconds),
    entriesPerSecond: Math.round((2 * options.sales) / seconds),
    batches: sizes.length,
    batchSizeMedian: sizes.toSorted((one, other) => one - other)[sizes.length >> 1] ?? 0,
    groups,
  }
}
