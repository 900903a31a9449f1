import autocannon from 'autocannon'
import { setTimeout as pause } from 'node:timers/promises'
import { BalancedPool } from 'undici'
import { saleOf } from '../till/shop.ts'
import { addOne, latencyOf, sumOf, type Latency } from './statistics.ts'

/** The next sale, with its shop's token. */
export type SaleRequest = { readonly token: string; readonly body: string }
export type SaleTarget = {
  /** Gateways, which get equal shares of the load. */
  readonly urls: readonly string[]
  readonly next: () => SaleRequest
}

export type LoadResult = {
  readonly salesPerSecond: number
  readonly sold: number
  /** Answers that were no sale, by status. */
  readonly other: Readonly<Record<string, number>>
  readonly errors: number
  readonly latencyMs: Latency
}

/** Answers that were no sale, errors included. */
export const notSoldOf = ({ other, errors }: Pick<LoadResult, 'other' | 'errors'>): number =>
  errors + sumOf(Object.values(other))

const salePath = '/recargas/cliente'
const requestTimeoutSeconds = 30
const rampSecondsUsual = 2
const openLoopConnections = 1_024

/** Presses on each till again and again, one after the other, for as long as it goes on. */
export const onTills = async (
  tills: number,
  goesOn: () => boolean,
  press: (till: number) => Promise<unknown>,
): Promise<void> => {
  const till = async (index: number) => {
    while (goesOn()) await press(index)
  }
  await Promise.all(Array.from({ length: tills }, (_, index) => till(index)))
}

export const times = (count: number): (() => boolean) => {
  let begun = 0
  return () => {
    begun += 1
    return begun <= count
  }
}

export const forSeconds = (seconds: number): (() => boolean) => {
  const endsAt = performance.now() + seconds * 1_000
  return () => performance.now() < endsAt
}

type SellingShop = { readonly token: string; readonly sessionId: number }

export const saleAt = ({ token, sessionId }: SellingShop): SaleRequest => ({
  token,
  body: JSON.stringify(saleOf(sessionId)),
})

/** Sales of each shop in turn. */
export const inTurn = (shops: readonly SellingShop[]): (() => SaleRequest) => {
  let turn = 0
  return () => {
    turn += 1
    return saleAt(shopAt(shops, turn % shops.length))
  }
}

/** The n-th shop sells 1/n as much as the first: Zipf's law with exponent 1. */
export const byZipf = (shops: readonly SellingShop[]): (() => SaleRequest) => {
  const sums: number[] = []
  for (let rank = 1; rank <= shops.length; rank += 1) sums.push((sums.at(-1) ?? 0) + 1 / rank)
  const total = sums.at(-1) ?? 1
  return () => {
    const drawn = Math.random() * total
    return saleAt(
      shopAt(
        shops,
        sums.findIndex((sum) => sum >= drawn),
      ),
    )
  }
}

const shopAt = (shops: readonly SellingShop[], index: number): SellingShop => {
  const shop = shops[index]
  if (shop === undefined) throw new Error('no shop is open')
  return shop
}

export type ClosedLoop = {
  readonly connections: number
  /** Measured, after the ramp. */
  readonly seconds: number
  /** Not measured: at first all connections wait at the same step of the path. */
  readonly rampSeconds?: number
}

/** Sells 0.10 again and again on that many connections, each waiting for its answer. */
export const sellOnConnections = async (
  { urls, next }: SaleTarget,
  { connections, seconds, rampSeconds = rampSecondsUsual }: ClosedLoop,
): Promise<LoadResult> => {
  const latencies: number[] = []
  const countedFrom = performance.now() + rampSeconds * 1_000
  const results = await Promise.all(
    urls.map((url) =>
      load(
        {
          url,
          connections: connections / urls.length,
          duration: rampSeconds + seconds,
          timeout: requestTimeoutSeconds,
          requests: [
            {
              method: 'POST',
              path: salePath,
              setupRequest: (request) => {
                const { token, body } = next()
                return { ...request, headers: headersOf(token), body }
              },
            },
          ],
        },
        (status, responseMs) => {
          if (status === 201 && performance.now() >= countedFrom) latencies.push(responseMs)
        },
      ),
    ),
  )
  const other: Record<string, number> = {}
  for (const { statusCodeStats = {} } of results) {
    for (const [status, { count = 0 }] of Object.entries(statusCodeStats)) {
      if (status !== '201') other[status] = (other[status] ?? 0) + count
    }
  }
  const errors = sumOf(results.map((result) => result.errors + result.timeouts))
  return resultOf(latencies, seconds, other, errors)
}

/** @param onResponse gets each latency in full: autocannon's own histogram has whole milliseconds only */
const load = (
  options: autocannon.Options,
  onResponse: (status: number, responseMs: number) => void,
): Promise<autocannon.Result> =>
  new Promise((resolve, reject) => {
    const loading = autocannon(options, (error: unknown, done) => {
      if (error) reject(new Error('autocannon could not make the load', { cause: error }))
      else resolve(done)
    })
    loading.on('response', (_client, status, _bytes, responseMs) => onResponse(status, responseMs))
  })

export type OpenLoop = { readonly perSecond: number; readonly seconds: number }

/**
 * Sends sales at times fixed in advance, answered or not. A latency counts from the intended time, so that a stall shows in every
 * request that should have left during it.
 */
export const sellAtRate = async (
  target: SaleTarget,
  { perSecond, seconds }: OpenLoop,
): Promise<LoadResult> => {
  const timeoutMs = requestTimeoutSeconds * 1_000
  const pool = new BalancedPool([...target.urls], {
    connections: openLoopConnections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  const latencies: number[] = []
  const other: Record<string, number> = {}
  let errors = 0
  const send = async (intendedAt: number): Promise<void> => {
    const { token, body } = target.next()
    try {
      const headers = headersOf(token)
      const response = await pool.request({ method: 'POST', path: salePath, headers, body })
      await response.body.dump()
      const status = String(response.statusCode)
      if (status === '201') latencies.push(performance.now() - intendedAt)
      else addOne(other, status)
    } catch {
      errors += 1
    }
  }
  const sent: Promise<void>[] = []
  const startAt = performance.now()
  const intended = (index: number) => startAt + (index * 1_000) / perSecond
  while (sent.length < Math.floor(perSecond * seconds)) {
    if (intended(sent.length) <= performance.now()) sent.push(send(intended(sent.length)))
    else await pause(1)
  }
  await Promise.all(sent)
  const tookSeconds = (performance.now() - startAt) / 1_000
  await pool.close()
  return resultOf(latencies, tookSeconds, other, errors)
}

const headersOf = (token: string) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${token}`,
})

const resultOf = (
  latencies: readonly number[],
  seconds: number,
  other: LoadResult['other'],
  errors: number,
): LoadResult => ({
  salesPerSecond: Math.round((latencies.length / seconds) * 10) / 10,
  sold: latencies.length,
  other,
  errors,
  latencyMs: latencyOf(latencies),
})
