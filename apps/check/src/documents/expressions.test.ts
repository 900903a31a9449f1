import { expect, it } from '@jest/globals'
import { expressionsOf, figuresIn, labelsIn } from './expressions.ts'

it('an expression’s metrics are distinguished from its functions, labels, numbers and keywords', () => {
  const expression =
    'histogram_quantile(0.99, sum by (le, queue) (rate(wait_seconds_bucket{queue!~"a.*"}[5m]))) > 1e3 and on (x) level:late:ratio_rate1h'
  expect(figuresIn(expression)).toEqual(['wait_seconds_bucket', 'level:late:ratio_rate1h'])
  expect(labelsIn(expression)).toEqual(['queue', 'le'])
})

it('a file’s expressions are found on their line and as a block', () => {
  const yaml = [
    'rules:',
    '  - record: a',
    '    expr: sum(b)',
    '  - alert: c',
    '    expr: |',
    '      sum(d)',
    '        / e',
    '    for: 1m',
  ].join('\n')
  expect(expressionsOf('f.yml', yaml)).toEqual([
    { where: 'f.yml:3', text: 'sum(b)' },
    { where: 'f.yml:5', text: '      sum(d)\n        / e' },
  ])
})
