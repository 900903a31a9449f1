import { expect, test } from '@jest/globals'
import { callCauses, causeOf } from './cause.ts'
import type { CallResult } from './call-result.ts'

const answer = (httpStatus: number): CallResult => ({
  kind: 'answer',
  httpStatus,
  body: { kind: 'none' },
})
const error = (code: string): CallResult => ({ kind: 'transport-error', phase: 'after', code })

test.each([
  [answer(200), 'http-2xx'],
  [answer(302), 'http-3xx'],
  [answer(409), 'http-4xx'],
  [answer(503), 'http-5xx'],
  [answer(600), 'other'],
  [{ kind: 'timeout', afterMs: 8_000 } as const, 'time-out'],
  [error('ECONNREFUSED'), 'refused'],
  [error('EAI_AGAIN'), 'dns'],
  [error('UND_ERR_SOCKET'), 'reset'],
  [error('NO_CONNECTION'), 'no-connection'],
  [error('CERT_HAS_EXPIRED'), 'tls'],
  [error('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls'],
  [error('a code nobody has heard of'), 'other'],
])('the end %j is counted under %s', (callResult, cause) => {
  expect(causeOf(callResult)).toBe(cause)
  expect(callCauses).toContain(cause)
})
