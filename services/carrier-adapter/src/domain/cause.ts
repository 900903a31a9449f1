import { assertNever } from '@recargas/contracts'
import type { CallResult } from './call-result.ts'

/** Ends of a carrier call, few enough for a label: the class of an answer, or the reason for its absence. */
export const callCauses = [
  'http-2xx',
  'http-3xx',
  'http-4xx',
  'http-5xx',
  'time-out',
  'no-connection',
  'refused',
  'dns',
  'tls',
  'reset',
  'other',
] as const
export type CallCause = (typeof callCauses)[number]

const causesByCode: readonly (readonly [RegExp, CallCause])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'dns'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'reset'],
  [
    /^(?:NO_CONNECTION|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'no-connection',
  ],
  [/^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO$|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/, 'tls'],
  [/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/, 'time-out'],
]

/** The cause of a call's end, for the figures; the log has the code itself. */
export const causeOf = (callResult: CallResult): CallCause => {
  switch (callResult.kind) {
    case 'answer':
      return classOf(callResult.httpStatus)
    case 'timeout':
      return 'time-out'
    case 'transport-error':
      return causesByCode.find(([pattern]) => pattern.test(callResult.code))?.[1] ?? 'other'
    case 'not-sent':
      return 'other'
    default:
      return assertNever(callResult)
  }
}

const classOf = (httpStatus: number): CallCause => {
  if (httpStatus >= 500 && httpStatus < 600) return 'http-5xx'
  if (httpStatus >= 400) return httpStatus < 500 ? 'http-4xx' : 'other'
  if (httpStatus >= 300) return 'http-3xx'
  return httpStatus >= 200 ? 'http-2xx' : 'other'
}
