import autocannon from 'autocannon'
import { latencyOf, type Latency } from './statistics.ts'

export type Load = {
  readonly connections: number
  /** Measured, after the ramp. */
  readonly seconds: number
  /** Before anything counts: until then all connections stand at the same place of the path. */
  readonly rampSeconds?: number
}

export type LoadResult = {
  readonly salesPerSecond: number
  readonly sold: number
  /** Answers that were no sale, by status. */
  readonly other: Readonly<Record<string, number>>
  readonly errors: number
  readonly latencyMs: Latency
}

/** The next sale, with its shop's token. */
export type SaleRequest = { readonly token: string; readonly body: string }
export type SaleTarget = {
  readonly url: string
  readonly next: () => SaleRequest
}

export const salePath = '/recargas/cliente'
const requestTimeoutSeconds = 30
const rampSecondsUsual = 2

let sold = 0
/** An unused number, so that the duplicate guard never applies. */
const nextNumber = (): string => {
  sold += 1
  return String(60_000_000 + (sold % 39_999_999))
}

export const saleBody = (sessionId: number): string =>
  JSON.stringify({
    operadora: 'Tigo',
    numero_cliente: nextNumber(),
    monto: 0.1,
    id_caja_sesion: sessionId,
  })

/** Sells 0.10 again and again on that many connections, each waiting for its answer: a closed loop. */
export const sellFor = async (target: SaleTarget, load: Load): Promise<LoadResult> => {
  const { rampSeconds = rampSecondsUsual } = load
  const latencies: number[] = []
  const options: autocannon.Options = {
    url: target.url,
    connections: load.connections,
    duration: rampSeconds + load.seconds,
    timeout: requestTimeoutSeconds,
    requests: [
      {
        method: 'POST',
        path: salePath,
        setupRequest: (request) => {
          const { token, body } = target.next()
          const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
          return { ...request, headers, body }
        },
      },
    ],
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const loading = autocannon(options, (error: unknown, done) => {
      if (error) reject(new Error('the load could not be made', { cause: error }))
      else resolve(done)
    })
    const countedFrom = performance.now() + rampSeconds * 1_000
    // autocannon's own histogram has whole milliseconds only.
    loading.on('response', (_client, status, _bytes, responseMs) => {
      if (status === 201 && performance.now() >= countedFrom) latencies.push(responseMs)
    })
  })
  const counts = Object.entries(result.statusCodeStats ?? {}).map(
    ([status, { count = 0 }]) => [status, count] as const,
  )
  return {
    salesPerSecond: Math.round((latencies.length / load.seconds) * 10) / 10,
    sold: latencies.length,
    other: Object.fromEntries(counts.filter(([status]) => status !== '201')),
    errors: result.errors + result.timeouts,
    latencyMs: latencyOf(latencies),
  }
}
