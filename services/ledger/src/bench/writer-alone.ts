import { partitionOf } from '@recargas/contracts'
import type { Intake } from '../writer/intake.ts'
import { createPartitionWriter } from '../writer/partition-writer.ts'
import type { LedgerStore } from '../writer/ports.ts'
import type { Sale, Workload } from './workload.ts'

export type WriterFigures = {
  readonly sales: number
  readonly seconds: number
  readonly salesPerSecond: number
  readonly entriesPerSecond: number
  readonly batches: number
  readonly batchSizeMedian: number
}

const duplicateWindowMs = 120_000

/**
 * One partition's writer, fed from memory and telling nobody: the limit of everything around it. So many messages
 * wait at any time that every batch is full.
 */
export const measureWriter = async (
  store: LedgerStore,
  workload: Workload,
  options: { readonly sales: number; readonly batchSizeMax: number },
): Promise<WriterFigures> => {
  const sizes: number[] = []
  let failure: unknown = null
  const fail = (error: unknown) => (failure ??= error)
  const writer = createPartitionWriter(partitionOf(workload.merchant), {
    store,
    send: () => undefined,
    now: () => Date.now(),
    policy: { duplicateWindowMs },
    batchSizeMax: options.batchSizeMax,
    onCommit: (size) => sizes.push(size),
    onFenced: () => fail(new Error('another instance owns the partition')),
    onUnavailable: (_, error) => fail(error),
  })
  const write = async (intake: Intake): Promise<void> => {
    const fate = await writer.submit(intake, 1)
    if (fate.kind !== 'done') throw new Error(`a message was not written: ${fate.kind}`)
  }
  for (const intake of workload.opening) await write(intake)
  sizes.length = 0
  const now = Date.now()
  const sales = Array.from({ length: options.sales }, () => workload.sale(now))
  let next = 0
  const sellOn = async (): Promise<void> => {
    for (let sale = takeNext(); sale !== undefined; sale = takeNext()) {
      await write(sale.request)
      await write(sale.verdict)
    }
  }
  const takeNext = (): Sale | undefined => {
    const sale = sales[next]
    next += 1
    return sale
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: options.batchSizeMax * 2 }, sellOn))
  const seconds = (performance.now() - startedAt) / 1_000
  await writer.stop()
  if (failure !== null) throw new Error('the writer was disturbed', { cause: failure })
  const salesPerSecond = Math.round(options.sales / seconds)
  return {
    sales: options.sales,
    seconds,
    salesPerSecond,
    entriesPerSecond: Math.round((2 * options.sales) / seconds),
    batches: sizes.length,
    batchSizeMedian: sizes.toSorted((one, other) => one - other)[sizes.length >> 1] ?? 0,
  }
}
