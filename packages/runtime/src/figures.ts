import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Makes the figures of one registry. A gauge's `collect` sets it whenever the figures are read. */
export const figuresOf = (registry: Registry) => {
  const registers = [registry]
  return {
    counter: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
    ): Counter<Label> => new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
      collect?: (this: Gauge<Label>) => void | Promise<void>,
    ): Gauge<Label> =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        ...(collect === undefined ? {} : { collect }),
      }),
    histogram: <Label extends string>(
      name: string,
      help: string,
      buckets: number[],
      labelNames: readonly Label[] = [],
    ): Histogram<Label> => new Histogram({ name, help, labelNames, buckets, registers }),
  }
}
