/** The first sample of a metric that a service shows; NaN where it shows none. */
export const readMetric = async (serviceUrl: string, name: string): Promise<number> => {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text()
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1])
}

const answerTimeoutMs = 5_000

/** Asks a Prometheus on this machine, by its HTTP API. @returns the data of its answer */
export const askPrometheus = async <Data>(port: number, path: string): Promise<Data> => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
  if (!response.ok) throw new Error(`prometheus ${path}: ${response.status}`)
  return ((await response.json()) as { readonly data: Data }).data
}

/** A histogram as a service shows it: for each bound, the count of the values so far that do not exceed it. */
export type Histogram = readonly { readonly atMost: number; readonly count: number }[]

export const readHistogram = async (serviceUrl: string, name: string): Promise<Histogram> => {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text()
  const buckets = text.matchAll(
    new RegExp(`^${name}_bucket\\{[^}]*le="([^"]+)"[^}]*\\} (\\S+)`, 'gm'),
  )
  return [...buckets].map(([, bound, count]) => ({
    atMost: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
    count: Number(count),
  }))
}

/**
 * The value that `share` of the observations between two readings did not exceed, as Prometheus estimates it: evenly spread
 * within a bucket. Null without observations; beyond the last bound, that bound.
 */
export const quantileBetween = (
  before: Histogram,
  after: Histogram,
  share: number,
): number | null => {
  const counts = after.map(({ atMost, count }, index) => ({
    atMost,
    count: count - (before[index]?.count ?? 0),
  }))
  const wanted = (counts.at(-1)?.count ?? 0) * share
  if (wanted === 0) return null
  const index = counts.findIndex(({ count }) => count >= wanted)
  const below = counts[index - 1] ?? { atMost: 0, count: 0 }
  const { atMost, count } = counts[index] ?? below
  return Number.isFinite(atMost)
    ? below.atMost + ((atMost - below.atMost) * (wanted - below.count)) / (count - below.count)
    : below.atMost
}
