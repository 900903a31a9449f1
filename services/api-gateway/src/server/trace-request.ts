import { randomUUID } from 'node:crypto'
import { readTraceparent, type Span, type Tracer } from '@recargas/runtime'
import type { Request, Response } from 'express'
import type { Route } from '../api/route.ts'

/**
 * The id that follows a request through every log line, message, attempt and ledger entry: its X-Request-Id where that
 * is well-formed, else the trace id of its `traceparent` (W3C Trace Context), else a new one.
 */
export const correlationIdOf = (header: (name: string) => string | undefined): string => {
  const given = header('x-request-id') ?? ''
  if (/^[\w.-]{1,64}$/.test(given)) return given
  return readTraceparent(header('traceparent'))?.traceId ?? randomUUID()
}

/**
 * Begins the span of a command: reads are many, and measured. The till's own span is a link and no parent, since few tills
 * export theirs, and a parent that never arrives hides the beginning of a trace.
 */
export const beginRequest = (
  tracer: Tracer,
  { method, path }: Route,
  request: Request,
  response: Response,
): void => {
  if (method !== 'post' && method !== 'patch') return
  const correlationId = response.locals['correlationId'] as string
  const httpMethod = method.toUpperCase()
  response.locals['span'] = tracer.begin(`${httpMethod} ${path}`, {
    kind: 'server',
    correlationId,
    parent: undefined,
    link: readTraceparent(request.get('traceparent')),
    attributes: {
      'http.request.method': httpMethod,
      'http.route': path,
      'recargas.correlation_id': correlationId,
    },
  })
}

export const spanOf = ({ locals }: Response): Span | undefined => locals['span'] as Span | undefined

/** Ends the span with the answer: as OpenTelemetry has it, a refusal is no failure of the server. */
export const endRequest = (response: Response, status: number): void => {
  const code = response.locals['code'] as string | undefined
  const operationId = response.locals['operationId'] as string | undefined
  spanOf(response)?.end({
    attributes: {
      'http.response.status_code': status,
      ...(code === undefined ? {} : { 'recargas.code': code }),
      ...(operationId === undefined ? {} : { 'recargas.operation_id': operationId }),
    },
    error: status >= 500 ? (code ?? `status ${status}`) : undefined,
  })
}
