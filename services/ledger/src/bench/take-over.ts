import { partitionOf } from '@recargas/contracts'
import type { BenchLog } from './open-log.ts'
import { startWriter } from './start-writer.ts'
import type { Workload } from './workload.ts'

/**
 * Takes a partition over by one new owner after the other, each with an empty memory, and sells once.
 * @returns of each owner, ms from the start of its takeover until its first command was appended; the first one's code is cold
 */
export const measureTakeovers = async (
  log: BenchLog,
  workload: Workload,
  takeovers: number,
): Promise<readonly number[]> => {
  const servedMs: number[] = []
  for (let owner = 0; owner < takeovers; owner += 1) {
    const writer = startWriter(log, partitionOf(workload.merchant), 1)
    const { request, verdict } = workload.sale(writer.now())
    const startedAt = performance.now()
    await writer.write(request)
    servedMs.push(Math.round(performance.now() - startedAt))
    await writer.write(verdict)
    await writer.allProjected()
    await writer.stop()
  }
  return servedMs
}
