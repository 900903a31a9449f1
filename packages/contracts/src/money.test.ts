import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatDecimal, money, parseDecimal, toDecimalNumber } from './money.ts'

describe('an amount as a POS writes it', () => {
  it.each([
    ['10.50', 1_050],
    [10.5, 1_050],
    [0.1, 10],
    ['0.10', 10],
    ['7', 700],
    [1e3, 100_000],
    ['10.500', 1_050],
    [0, 0],
    ['999999999999.99', 99_999_999_999_999],
  ])('%p is %p minor units', (written, minor) => {
    expect(parseDecimal(written, 'BOB')).toBe(minor)
  })

  it.each([
    -1,
    '-0.01',
    0.105,
    '10.505',
    '1e3',
    '',
    ' 5',
    '5,00',
    '.5',
    '5.',
    'NaN',
    Infinity,
    1e21,
    '٣',
    '0x10',
  ])('%p is no amount', (written) => {
    expect(parseDecimal(written, 'BOB')).toBeNull()
  })

  it('survives the way to the POS and back, for every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 14 - 1 }), (minor) => {
        expect(parseDecimal(formatDecimal(minor, 'BOB'), 'BOB')).toBe(minor)
        expect(parseDecimal(toDecimalNumber(minor, 'BOB'), 'BOB')).toBe(minor)
      }),
    )
  })
})

describe('minor units', () => {
  it('read as two decimals, a shortage with its sign', () => {
    expect([1_050, 5, 0, -50, 100_000_000].map((minor) => formatDecimal(minor, 'BOB'))).toEqual([
      '10.50',
      '0.05',
      '0.00',
      '-0.50',
      '1000000.00',
    ])
  })

  it('are never fractional, negative or past the safe integers', () => {
    for (const wrong of [0.5, -1, Number.NaN, 2 ** 53]) expect(() => money(wrong)).toThrow()
    expect(() => formatDecimal(0.1, 'BOB')).toThrow()
  })
})
