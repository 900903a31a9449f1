import autocannon from 'autocannon'

export type Load = {
  readonly connections: number
  readonly seconds: number
}

export type LoadResult = {
  readonly salesPerSecond: number
  readonly sold: number
  /** Answers that were no sale, by status. */
  readonly other: Readonly<Record<string, number>>
  readonly errors: number
  readonly latencyMs: {
    readonly p50: number
    readonly p90: number
    readonly p99: number
    readonly max: number
  }
}

export type SaleTarget = {
  readonly url: string
  readonly token: string
  readonly sessionId: number
}

let sold = 0
/** A number nobody sold to before, so that the duplicate guard has nothing to say. */
const nextNumber = (): string => {
  sold += 1
  return String(60_000_000 + (sold % 39_999_999))
}

/** Sells 0.10 again and again on that many connections, each waiting for its answer: a closed loop. */
export const sellFor = async (target: SaleTarget, load: Load): Promise<LoadResult> => {
  const result = await autocannon({
    url: target.url,
    connections: load.connections,
    duration: load.seconds,
    timeout: 30,
    requests: [
      {
        method: 'POST',
        path: '/recargas/cliente',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${target.token}`,
        },
        setupRequest: (request) => ({
          ...request,
          body: JSON.stringify({
            operadora: 'Tigo',
            numero_cliente: nextNumber(),
            monto: 0.1,
            id_caja_sesion: target.sessionId,
          }),
        }),
      },
    ],
  })
  const { statusCodeStats = {}, latency } = result
  const counts = Object.entries(statusCodeStats).map(
    ([status, { count = 0 }]) => [status, count] as const,
  )
  const created = counts.find(([status]) => status === '201')?.[1] ?? 0
  return {
    salesPerSecond: Math.round(created / result.duration),
    sold: created,
    other: Object.fromEntries(counts.filter(([status]) => status !== '201')),
    errors: result.errors + result.timeouts,
    latencyMs: { p50: latency.p50, p90: latency.p90, p99: latency.p99, max: latency.max },
  }
}
