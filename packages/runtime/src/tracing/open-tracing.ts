import type { Registry } from 'prom-client'
import { figuresOf } from '../figures.ts'
import type { Log } from '../log.ts'
import { spanResults, type CountSpans, type Tracing } from './tracer.ts'

export type TracingSettings = {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined
  readonly OTEL_TRACES_SAMPLER_ARG: number
}

/** @returns a counter of a service's spans by their end */
export const createTraceMetrics = (registry: Registry): CountSpans => {
  const spans = figuresOf(registry).counter(
    'trace_spans_total',
    'Finished spans: exported, failed at the collector, or dropped because too many waited for it',
    ['result'],
  )
  for (const result of spanResults) spans.inc({ result }, 0)
  return (result, count) => spans.inc({ result }, count)
}

type Process = { readonly service: string; readonly log: Log; readonly registry: Registry }

/** Starts the tracing of a process. The SDK is loaded only where a collector is configured. */
export const openTracing = async (
  {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: headers = {},
    OTEL_TRACES_SAMPLER_ARG: ratio,
  }: TracingSettings,
  { service, log, registry }: Process,
): Promise<Tracing> => {
  const count = createTraceMetrics(registry)
  if (endpoint === undefined) return { tracer: null, close: () => Promise.resolve() }
  const { startOtlpTracer } = await import('./otlp-tracer.ts')
  return startOtlpTracer({ endpoint, headers, ratio, service, log, count })
}
