import { expect, test } from '@jest/globals'
import { dialledNumber } from './catalogue.ts'

test.each([
  ['78945612', '78945612'],
  ['7894 5612', '78945612'],
  [' 789-456-12 ', '78945612'],
  ['+59178945612', '78945612'],
  ['+591 7894-5612', '78945612'],
  ['0059178945612', '78945612'],
  ['00 591 78945612', '78945612'],
])('%j is dialled as %s', (written, dialled) => {
  expect(dialledNumber(written, '591')).toBe(dialled)
})

test.each([
  ["another country's code", '+5778945612'],
  ['the code without + or 00', '59178945612'],
  ['a + without the code', '+78945612'],
  ['00 without the code', '0078945612'],
  ['the code twice, of which one stays', '+59159178945612', '59178945612'],
  ['a line break', '78945612\n'],
  ['a tab', '7894\t5612'],
  ['brackets', '(591)78945612'],
  ['digits of another script', '٧٨٩٤٥٦١٢'],
  ['nothing', ''],
  ['only the code', '+591', ''],
])('%s stays as it was written', (_, written, dialled = written) => {
  expect(dialledNumber(written, '591')).toBe(dialled)
})

test('a shop without a country code strips spaces and dashes only', () => {
  expect(dialledNumber('7894-56 12', undefined)).toBe('78945612')
  expect(dialledNumber('+59178945612', undefined)).toBe('+59178945612')
})
