export type Spread = { readonly median: number; readonly min: number; readonly max: number }

/** The value that `share` of the sorted ones do not exceed; 0 where there is none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0

export const sortedOf = (values: readonly number[]): readonly number[] =>
  values.toSorted((one, other) => one - other)

export const median = (values: readonly number[]): number => {
  const sorted = sortedOf(values)
  const middle = sorted.length / 2
  return Number.isInteger(middle)
    ? ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
    : quantile(sorted, 0.5)
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: rounded(median(values)),
  min: rounded(Math.min(...values)),
  max: rounded(Math.max(...values)),
})

/** Latencies in milliseconds, as everywhere in the figures. */
export type Latency = {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export const latencyOf = (valuesMs: readonly number[]): Latency => {
  const sorted = sortedOf(valuesMs)
  const at = (share: number) => rounded(quantile(sorted, share))
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
}

/** Two decimals: further ones are noise. */
export const rounded = (value: number): number => Math.round(value * 100) / 100

export const sumOf = (values: Iterable<number>): number =>
  [...values].reduce((total, value) => total + value, 0)

export const addOne = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

export const countNames = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) addOne(counts, name)
  return counts
}

/** The ratio of our value to the other, which counts as at least 1. */
export const ratioOf = (ours: number, theirs: number): number => rounded(ours / Math.max(1, theirs))

export const secondsSince = (instant: number): number =>
  Math.round((performance.now() - instant) / 1_000)

export const timed = async <Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly ms: number }> => {
  const startedAt = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startedAt }
}
