import { partitionOf } from '@recargas/contracts'
import type { BenchLog } from './open-log.ts'
import { startWriter } from './start-writer.ts'
import type { Sale, Workload } from './workload.ts'

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

/**
 * The limit of everything around writer and projector. So many messages wait at any time that every batch is full.
 */
export const measureWriter = async (
  log: BenchLog,
  workload: Workload,
  options: { readonly sales: number; readonly batchSizeMax: number },
): Promise<WriterFigures> => {
  const writer = startWriter(log, partitionOf(workload.merchant), options.batchSizeMax)
  for (const inbound of workload.opening) await writer.write(inbound)
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
