import { Pool } from 'undici'
import { salePath, type LoadResult, type SaleTarget } from './load.ts'
import { latencyOf } from './statistics.ts'

export type Rate = { readonly perSecond: number; readonly seconds: number }

const connections = 1_024
const requestTimeoutMs = 30_000

/**
 * Sends sales at times fixed in advance, answered or not: an open loop. A latency counts from the intended time, so that a
 * stall shows in every request that should have left during it.
 */
export const sellAtRate = async (target: SaleTarget, rate: Rate): Promise<LoadResult> => {
  const pool = new Pool(target.url, {
    connections,
    pipelining: 1,
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
  })
  const latencies: number[] = []
  const other: Record<string, number> = {}
  let errors = 0
  const send = async (intendedAt: number): Promise<void> => {
    const { token, body } = target.next()
    try {
      const response = await pool.request({
        method: 'POST',
        path: salePath,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      })
      await response.body.dump()
      const status = String(response.statusCode)
      if (status === '201') latencies.push(performance.now() - intendedAt)
      else other[status] = (other[status] ?? 0) + 1
    } catch {
      errors += 1
    }
  }
  const total = Math.floor(rate.perSecond * rate.seconds)
  const sent: Promise<void>[] = []
  const startAt = performance.now()
  const intended = (index: number) => startAt + (index * 1_000) / rate.perSecond
  while (sent.length < total) {
    while (sent.length < total && intended(sent.length) <= performance.now()) {
      sent.push(send(intended(sent.length)))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(sent)
  const seconds = (performance.now() - startAt) / 1_000
  await pool.close()
  return {
    salesPerSecond: Math.round((latencies.length / seconds) * 10) / 10,
    sold: latencies.length,
    other,
    errors,
    latencyMs: latencyOf(latencies),
  }
}
