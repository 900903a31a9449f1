import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Span as OtelSpan,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'
import { buildVersion } from '../build-version.ts'
import type { Log } from '../log.ts'
import { maskText } from '../mask.ts'
import { traceIdOf } from './trace-context.ts'
import type {
  CountSpans,
  SpanAttributes,
  SpanEnd,
  SpanKind,
  SpanStart,
  Tracer,
  Tracing,
} from './tracer.ts'

type Collector = {
  /** Base address of OTLP over HTTP; spans go to /v1/traces below it. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
}
type Settings = Collector & {
  /** Traces that are exported, from 0 to 1, chosen by their id: every process chooses the same. */
  readonly ratio: number
  readonly service: string
  readonly log: Log
  readonly count: CountSpans
}

/** About three seconds of a busy instance; at most 10 MB. */
const waitingMax = 8_192
const batchMax = 512
const exportEveryMs = 1_000
const exportTimeoutMs = 5_000
/** A collector that stays away is named this often. */
const namedEveryMs = 600_000

/** Makes spans by the OpenTelemetry SDK and exports them behind the sales: a slow collector costs spans, nothing else. */
export const startOtlpTracer = ({
  ratio,
  service,
  log,
  count,
  ...collector
}: Settings): Tracing => {
  const ids = createTraceIds()
  const waiting = limitWaiting(createExporter(collector, log, count), count)
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'recargas',
      'service.version': buildVersion(),
      'service.instance.id': randomUUID(),
    }),
    idGenerator: ids.generator,
    spanProcessors: [waiting],
  })
  // By the trace id alone: a till decides nothing, and every process decides alike.
  const sampler = new TraceIdRatioBasedSampler(ratio)
  const sdk = provider.getTracer('recargas')
  const start = (name: string, of: SpanStart, startTime?: number): OtelSpan | undefined => {
    const traceId = traceIdOf(of.correlationId)
    const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId)
    if (decision !== SamplingDecision.RECORD_AND_SAMPLED) return undefined
    ids.next(traceId)
    const options = {
      kind: kinds[of.kind],
      ...(of.attributes === undefined ? {} : { attributes: masked(of.attributes) }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(of.link == null ? {} : { links: [{ context: { ...of.link, traceFlags } }] }),
    }
    const context =
      of.parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId,
            spanId: of.parent,
            traceFlags,
            isRemote: true,
          })
    return sdk.startSpan(name, options, context)
  }
  const tracer: Tracer = {
    begin: (name, of) => {
      const span = start(name, of)
      return span && { id: span.spanContext().spanId, end: (ending) => end(span, ending) }
    },
    record: (name, of) => {
      const endTime = Date.now()
      const span = start(name, of, endTime - of.seconds * 1_000)
      if (span !== undefined) end(span, { error: of.error }, endTime)
    },
  }
  return {
    tracer,
    close: async (timeoutMs) => {
      const ended = provider.shutdown().catch(() => undefined)
      await Promise.race([ended, pause(timeoutMs, undefined, { ref: false })])
    },
  }
}

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  internal: OtelKind.INTERNAL,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
  client: OtelKind.CLIENT,
}
const traceFlags = TraceFlags.SAMPLED

const end = (span: OtelSpan, { attributes, error }: SpanEnd = {}, endTime?: number): void => {
  if (attributes !== undefined) span.setAttributes(masked(attributes))
  if (error !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: maskText(error) })
  }
  span.end(endTime)
}

const masked = (attributes: SpanAttributes): SpanAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? maskText(value) : value,
    ]),
  )

/** Gives a span without a parent the trace of its correlation id; the SDK asks in the same turn as it is told. */
const createTraceIds = () => {
  const random = new RandomIdGenerator()
  let traceId = ''
  return {
    next: (next: string): void => {
      traceId = next
    },
    generator: { generateSpanId: () => random.generateSpanId(), generateTraceId: () => traceId },
  }
}

/** Counts what the collector takes and refuses; the log tells a failure once, and again after a while. */
const createExporter = (
  { endpoint, headers }: Collector,
  log: Log,
  count: CountSpans,
): SpanExporter => {
  const otlp = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: exportTimeoutMs,
  })
  let namedAt = -Infinity
  return {
    export: (spans, done) =>
      otlp.export(spans, (result) => {
        const { error } = result
        count(error === undefined ? 'exported' : 'failed', spans.length)
        const now = performance.now()
        if (error !== undefined && now - namedAt >= namedEveryMs) {
          namedAt = now
          log.warn('spans could not be exported and are dropped; sales go on', { endpoint, error })
        }
        done(result)
      }),
    shutdown: () => otlp.shutdown(),
  }
}

/** Drops further spans while too many wait for the collector, and counts them. */
const limitWaiting = (exporter: SpanExporter, count: CountSpans): SpanProcessor => {
  let waiting = 0
  const processor = new BatchSpanProcessor({
    exporter: {
      ...exporter,
      export: (spans, done) => {
        waiting -= spans.length
        exporter.export(spans, done)
      },
    },
    maxQueueSize: waitingMax,
    maxExportBatchSize: batchMax,
    scheduledDelayMillis: exportEveryMs,
    exportTimeoutMillis: exportTimeoutMs,
  })
  return {
    onStart: () => undefined,
    onEnd: (span) => {
      if (waiting >= waitingMax) {
        count('dropped', 1)
        return
      }
      waiting += 1
      processor.onEnd(span)
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  }
}
