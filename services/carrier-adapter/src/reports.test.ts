import { expect, test } from '@jest/globals'
import { createObserver } from './reports.ts'
import type { CarrierCall } from './domain/carrier-calls.ts'

type Line = readonly [level: string, message: string, fields: Readonly<Record<string, unknown>>]

const anObserver = () => {
  const lines: Line[] = []
  const measured: unknown[] = []
  const line =
    (level: string) =>
    (message: string, fields: object | (() => object) = {}) =>
      void lines.push([level, message, { ...(typeof fields === 'function' ? fields() : fields) }])
  const observer = createObserver(
    { info: line('info'), warn: line('warn') },
    { observeCall: (call) => void measured.push(call) },
  )
  return { observer, lines, measured }
}
const sale = { topupId: 'sale-1', correlationId: 'corr-1', attempt: 2 }
const answer = {
  kind: 'answer',
  httpStatus: 503,
  body: { kind: 'json', value: { destination_number: '3001234567' } },
} as const

test('a call is one line, with the sale, its attempt, the answer and the time it took', () => {
  const { observer, lines, measured } = anObserver()
  observer.called({
    operation: 'topup',
    callResult: answer,
    result: 'rejected',
    seconds: 0.0416,
    sale,
  })
  expect(lines).toEqual([
    [
      'info',
      'carrier called',
      { operation: 'topup', ...sale, http: 503, ms: 42, result: 'rejected' },
    ],
  ])
  expect(JSON.stringify(lines)).not.toContain('3001234567')
  expect(measured).toEqual([
    { operation: 'topup', result: 'rejected', cause: 'http-5xx', seconds: 0.0416 },
  ])
})

test.each<readonly [CarrierCall['callResult'], string]>([
  [{ kind: 'transport-error', phase: 'before-connect', code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  [{ kind: 'transport-error', phase: 'after', code: 'ECONNRESET' }, 'ECONNRESET'],
  [{ kind: 'timeout', afterMs: 8_000 }, 'TIMEOUT'],
])('a call that ended as %j names its error, and no answer', (callResult, error) => {
  const { observer, lines } = anObserver()
  observer.called({ operation: 'balance', callResult, result: 'bad', seconds: 8 })
  expect(lines[0]?.[2]).toEqual({ operation: 'balance', error, ms: 8_000, result: 'bad' })
})

test('a circuit that stops calls is a warning, one that lets them through again is not', () => {
  const { observer, lines } = anObserver()
  observer.circuitChanged({ operation: 'topup', circuit: 'open' })
  observer.circuitChanged({ operation: 'topup', circuit: 'misconfigured', reason: '401' })
  observer.circuitChanged({ operation: 'topup', circuit: 'closed' })
  expect(lines).toEqual([
    ['warn', 'carrier circuit changed', { operation: 'topup', circuit: 'open' }],
    [
      'warn',
      'carrier circuit changed',
      { operation: 'topup', circuit: 'misconfigured', reason: '401' },
    ],
    ['info', 'carrier circuit changed', { operation: 'topup', circuit: 'closed' }],
  ])
})
