import { describe, expect, test } from '@jest/globals'
import { scanTraces } from './scan.ts'
import type { Trace } from './traces.ts'

const files = (text: string) =>
  ['gateway', 'ledger', 'adapter'].map((service) => ({ service, text }))
const clean: Trace = {
  stack: 'sale',
  canaries: { numbers: ['78945612', '3110002222'], secrets: ['a-secret-of-a-test'] },
  logs: files('{"message":"request","number":"******12"}\n'),
  metrics: files('http_requests_total 3\n'),
}
const problemsOf = (changes: Partial<Trace>) => scanTraces([{ ...clean, ...changes }]).problems

describe('a scan of the services’ traces', () => {
  test('finds nothing in masked lines', () => {
    expect(scanTraces([clean])).toEqual({ problems: [], lines: 3, numbers: 2 })
  })

  test.each([
    ['a phone number', 'sold to 3110002222', 'a phone number that ends in 22'],
    ['a phone number as a label', 'sales{to="78945612"} 1', 'a phone number that ends in 12'],
    ['a secret', 'amqp://x:a-secret-of-a-test@host', 'secret 1'],
    ['a token', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x', 'a token'],
  ])('finds %s, in a log and in a figure, and does not repeat it', (_, leak, what) => {
    const leaked = { service: 'ledger', text: `{"a":1}\n${leak}\n` }
    expect(problemsOf({ logs: [...clean.logs, leaked] })).toEqual([
      `sale: log of ledger:2: ${what}`,
    ])
    expect(problemsOf({ metrics: [...clean.metrics, leaked] })).toEqual([
      `sale: metrics of ledger:2: ${what}`,
    ])
  })

  test('takes no other number for it', () => {
    const text = '{"at":1783110002222,"id":"31100022-0000-7000-8000-00783110002222","ms":789456129}'
    expect(problemsOf({ logs: [...clean.logs, { service: 'ledger', text }] })).toEqual([])
  })

  test('fails where there was nothing to scan', () => {
    expect(scanTraces([]).problems).toHaveLength(8)
    expect(problemsOf({ logs: [] })).toContain('no log of ledger was scanned')
    expect(problemsOf({ logs: files('') })).toContain('no log of gateway was scanned')
    expect(problemsOf({ metrics: [] })).toContain('no metrics of adapter were scanned')
    expect(problemsOf({ canaries: { numbers: [], secrets: [] } })).toEqual([
      'no phone number was looked for',
    ])
    expect(problemsOf({ logs: files('{"message":"started"}') })).toEqual([
      'no request that holds a phone number was logged',
    ])
  })
})
