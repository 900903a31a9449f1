import { assertNever } from '@recargas/contracts'
import type { Log, Tracer } from '@recargas/runtime'
import { causeOf } from './domain/cause.ts'
import type { CallResult } from './domain/call-result.ts'
import type { AdapterMetrics } from './metrics.ts'
import type { DeliveryReport } from './domain/delivery-report.ts'
import type { CarrierCall, CarrierObserver } from './domain/carrier-calls.ts'

/** Counts and logs each step of a sale that operators follow. */
export const createReport =
  (log: Log, metrics: AdapterMetrics) =>
  (report: DeliveryReport): void => {
    switch (report.kind) {
      case 'published':
        metrics.countVerdict(report.verdict)
        log.info('verdict published', report)
        return
      case 'alert':
        metrics.countAlert(report.alert)
        log.error('an answer of the carrier needs a look', report)
        return
      case 'unpublished':
        log.warn('verdict not confirmed by the broker, publishing it again', report)
        return
      case 'failed':
        log.error('a step of the sale failed, trying it again', report)
        return
    }
  }

/** Writes one line for each call to the carrier and one for each change of a circuit; never a phone number or a body. */
export const createObserver = (
  log: Pick<Log, 'info' | 'warn'>,
  metrics: Pick<AdapterMetrics, 'observeCall'>,
  tracer: Tracer | null = null,
): CarrierObserver => ({
  called: (call) => {
    const { operation, callResult, result, seconds } = call
    metrics.observeCall({ operation, result, cause: causeOf(callResult), seconds })
    if (tracer !== null) traceCall(tracer, call)
    log.info('carrier called', () => ({
      operation,
      ...saleOf(call),
      ...endOf(callResult),
      ms: Math.round(seconds * 1_000),
      result,
    }))
  },
  circuitChanged: (change) => {
    const isStopped = change.circuit === 'open' || change.circuit === 'misconfigured'
    log[isStopped ? 'warn' : 'info']('carrier circuit changed', change)
  },
})

const saleOf = ({ sale }: CarrierCall) => {
  if (sale === undefined) return {}
  const { topupId, correlationId, attempt } = sale
  return { topupId, correlationId, attempt }
}

/** Adds the call to the trace of its sale. The carrier is told nothing of it: its document knows no such header. */
const traceCall = (
  tracer: Tracer,
  { operation, callResult, result, seconds, sale }: CarrierCall,
): void => {
  if (sale === undefined) return
  const end = endOf(callResult)
  tracer.record(`carrier ${operation}`, {
    kind: 'client',
    correlationId: sale.correlationId,
    parent: sale.span,
    seconds,
    attributes: {
      ...('http' in end ? { 'http.response.status_code': end.http } : { 'error.type': end.error }),
      'recargas.attempt': sale.attempt,
      'recargas.result': result,
    },
    error: 'error' in end ? end.error : end.http >= 400 ? `status ${end.http}` : undefined,
  })
}

/** The answer's status, else the error's code. */
const endOf = (callResult: CallResult): { readonly http: number } | { readonly error: string } => {
  switch (callResult.kind) {
    case 'answer':
      return { http: callResult.httpStatus }
    case 'transport-error':
      return { error: callResult.code }
    case 'timeout':
      return { error: 'TIMEOUT' }
    case 'not-sent':
      return { error: 'NOT_SENT' }
    default:
      return assertNever(callResult)
  }
}
