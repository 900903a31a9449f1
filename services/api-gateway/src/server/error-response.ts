import type { Log } from '@recargas/runtime'
import type { ErrorRequestHandler, Request } from 'express'
import { Problem } from '../api/problem.ts'
import { problemBody } from '../api/problem-body.ts'
import { problemTable } from '../api/problem-table.ts'

const pathMax = 500

type Limits = { readonly bytesMax: number }

/** Turns any error into an answer; an unexpected one is logged whole and answered as INTERNAL. */
export const errorResponse =
  (log: Log, limits: Limits): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const problem = problemOf(error, limits)
    const fields = {
      correlationId: response.locals['correlationId'] as unknown,
      code: problem.code,
    }
    if (problem.code === 'INTERNAL') log.error('request failed', { ...fields, error })
    else if (problem.status >= 500 && problem.cause !== undefined) {
      log.warn('request not served', { ...fields, error: problem.cause })
    } else if (problem.status === 401) {
      // Only the log has the reason: the answer is the same for every refused token.
      log.info('token refused', { ...fields, reason: problem.cause })
    }
    response.locals['code'] = problem.code
    response.locals['operationId'] = problem.extra.members?.['id_transaccion']
    const { retryAfterSeconds } = problemTable[problem.code]
    if (retryAfterSeconds !== undefined) response.set('retry-after', String(retryAfterSeconds))
    response
      .set(problem.extra.headers ?? {})
      .status(problem.status)
      .json(problemBody(problem, pathOf(request), Date.now()))
  }

const pathOf = (request: Request): string => request.originalUrl.slice(0, pathMax)

const problemOf = (error: unknown, { bytesMax }: Limits): Problem => {
  if (error instanceof Problem) return error
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly type?: unknown
    readonly status?: unknown
  }
  switch (type) {
    case 'entity.too.large':
      return new Problem('BODY_TOO_LARGE', { bytesMax }, { headers: { connection: 'close' } })
    case 'encoding.unsupported':
      return new Problem('UNSUPPORTED_MEDIA_TYPE')
  }
  // Express and its parsers mark the client's mistakes, such as a path that cannot be decoded.
  return typeof status === 'number' && status >= 400 && status < 500
    ? new Problem('BAD_REQUEST')
    : new Problem('INTERNAL', {}, { cause: error })
}
