import { expect, it } from '@jest/globals'
import { wholeNumber } from './given-value.ts'

it('reads a whole number within its limits', () => {
  expect(['1', '20', '9007199254740991'].map(wholeNumber())).toEqual([1, 20, 9007199254740991])
  expect(['0', '5'].map((text) => wholeNumber(0, 5)(text))).toEqual([0, 5])
})

it.each(['', ' ', 'ten', '1.5', '-1', '6', 'NaN', 'Infinity', '1,000'])(
  'refuses %p with what it wants',
  (text) => {
    expect(() => wholeNumber(0, 5)(text)).toThrow('a whole number from 0 to 5')
  },
)

it('refuses none and more than can be counted', () => {
  const wanted = 'a whole number from 1 to 9007199254740991'
  expect(() => wholeNumber()('0')).toThrow(wanted)
  expect(() => wholeNumber()('9007199254740993')).toThrow(wanted)
})
