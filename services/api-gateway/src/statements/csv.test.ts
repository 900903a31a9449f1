import { expect, test } from '@jest/globals'
import { csvRecords } from './csv.ts'

const csvRecord = (cells: readonly (string | number | null)[]) => csvRecords([cells])

test('a record is a line of RFC 4180', () => {
  expect(csvRecord(['a', 1, null, 'b,c', 'say "hi"', 'two\r\nlines'])).toBe(
    'a,1,,"b,c","say ""hi""","two\r\nlines"\r\n',
  )
})

test.each(['=1+1', '+1', '-1+1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '＋1', '－1', '＠a'])(
  'what begins like the formula %j is text',
  (text) => {
    const cell = csvRecord([text]).trimEnd()
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true)
  },
)

test.each(['-0.50', '-12', '10.50', 'VENTA', "it's = fine"])('%j stays as it is', (text) => {
  expect(csvRecord([text])).toBe(`${text}\r\n`)
})

test.each(['-', '-1e9', '-0.50=2', '+5'])('%j is no plain number', (text) => {
  expect(csvRecord([text])).toBe(`'${text}\r\n`)
})
