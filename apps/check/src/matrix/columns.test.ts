import { expect, test } from '@jest/globals'
import { columnsOf, reportOf } from './columns.ts'

test('every Node meets both sets of servers', () => {
  expect(columnsOf({})).toHaveLength(6)
  expect(columnsOf({ node: '24' })).toEqual([
    { node: '24', servers: 'older' },
    { node: '24', servers: 'newer' },
  ])
  expect(columnsOf({ node: '22', servers: 'newer' })).toHaveLength(1)
})

test('the report counts all columns and names one that could not run', () => {
  const [first, second] = columnsOf({ node: '20' })
  if (first === undefined || second === undefined) throw new Error('no columns')
  const ran = { kind: 'ran', passed: 7, failed: 0, skipped: 1, seconds: 3 } as const
  expect(
    reportOf([
      [first, ran],
      [second, { kind: 'not run', reason: 'no apt-get here' }],
    ]),
  ).toEqual({
    lines: [
      '✓ Node 20.19.0, older servers: 7 passed, 0 failed, 1 skipped in 3 s',
      '- Node 20.19.0, newer servers skipped: no apt-get here',
      'matrix: 7 passed, 0 failed, 2 skipped',
    ],
    passes: true,
  })
})

test('one failed test fails the matrix', () => {
  const column = { node: '22', servers: 'older' } as const
  const outcome = { kind: 'ran', passed: 7, failed: 1, skipped: 0, seconds: 3 } as const
  const report = reportOf([[column, outcome]])
  expect(report.passes).toBe(false)
  expect(report.lines[0]).toContain('✗ Node 22')
})
