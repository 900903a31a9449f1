import { describe, expect, it, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { csvRecords } from './csv.ts'

const csvRecord = (cells: readonly (string | number | null)[]) => csvRecords([cells])
const cellOf = (text: string) => parse(csvRecord([text]))[0]?.[0]

test('a record is a line of RFC 4180', () => {
  expect(csvRecord(['a', 1, null, 'b,c', 'say "hi"', 'two\r\nlines'])).toBe(
    'a,1,,"b,c","say ""hi""","two\r\nlines"\r\n',
  )
})

describe('a field is quoted', () => {
  it.each([',', ';', '"', '\t', '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'where it has a separator or a break: %j',
    (separator) => {
      const written = separator === '"' ? '""' : separator
      expect(csvRecord(['x', `a${separator}b`])).toBe(`x,"a${written}b"\r\n`)
    },
  )

  it('only then', () => {
    expect(csvRecord(['dos palabras', "it's = fine", 10.5])).toBe(
      "dos palabras,it's = fine,10.5\r\n",
    )
  })
})

describe('text that a spreadsheet would run', () => {
  it.each([
    '=1+1',
    '+1',
    '-1+1',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\nx',
    '＝1',
    '＋1',
    '－1',
    '＠a',
    '﹦1',
    ' =1',
    '\u200b=1',
    '"=1',
  ])('is text: %j', (text) => {
    expect(cellOf(text)).toBe(`'${text}`)
  })

  it.each([
    ['caja\r=cmd|x', "caja\r'=cmd|x"],
    ['caja\n=cmd|x', "caja\n'=cmd|x"],
    ['caja\r\n =cmd|x', "caja\r\n' =cmd|x"],
    ['caja\u2028@x', "caja\u2028'@x"],
    ['caja\t=1', "caja\t'=1"],
    ['caja;=1', "caja;'=1"],
    ['caja;"=1', `caja;'"=1`],
    ['\n=1', "'\n'=1"],
  ])('is text behind a break within the field: %j', (text, neutral) => {
    expect(cellOf(text)).toBe(neutral)
  })

  it.each(['-0.50', '-12', '10.50', 'VENTA', "it's = fine", 'dos\nlíneas', 'a\tb', '3 - 2'])(
    'is not this: %j',
    (text) => {
      expect(cellOf(text)).toBe(text)
    },
  )

  it.each(['-', '-1e9', '-0.50=2', '+5'])('is escaped unless it is a plain number: %j', (text) => {
    expect(cellOf(text)).toBe(`'${text}`)
  })
})

/** The cells of a program that ends one at every break, semicolon and tab, and knows quotes no further than to drop them. */
const carelessCells = (csv: string) =>
  csv.split(/[;\t\n\v\f\r\u0085\u2028\u2029]/u).map((cell) => cell.replace(/^[\s\p{Cf}"]+/u, ''))
const runs = (cell: string) => /^[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]/u.test(cell)

test('whatever is written, a spreadsheet reads it back and runs none of it', () => {
  const piece = fc.oneof(
    fc.constantFrom('=', '+', '-', '@', '＝', '﹦', '"', "'", ',', ';', '\t', '\n', '\r', '\r\n'),
    fc.constantFrom('\v', '\f', '\u0085', '\u2028', ' ', '\u00a0', '\u200b', 'cmd|x', '1', 'ñ'),
    fc.string({ maxLength: 3 }),
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (texts) => {
      const csv = csvRecord(['first', ...texts])
      const records = parse(csv)
      expect(records).toHaveLength(1)
      const [, ...cells] = records[0] ?? []
      const withoutApostrophes = (cell: string) => cell.replaceAll("'", '')
      expect(cells.map(withoutApostrophes)).toEqual(texts.map(withoutApostrophes))
      expect(cells.filter((cell) => runs(cell) && !/^-\d+(\.\d+)?$/.test(cell))).toEqual([])
      expect(carelessCells(csv).filter(runs)).toEqual([])
    }),
    { numRuns: 1_000 },
  )
})
