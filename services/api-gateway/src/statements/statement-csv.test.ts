import { expect, test } from '@jest/globals'
import type { StatementPage } from '@recargas/contracts'
import { anEntry } from '../testing/statements.ts'
import { floatColumns, floatEntryRow } from './statement-body.ts'
import { csvReply, wantsCsv } from './statement-csv.ts'

const aPage = (next: string | null, seqs: readonly number[]): StatementPage => ({
  currency: 'BOB',
  entries: seqs.map((seq) => anEntry({ seq, number: seq })),
  next,
})

const linesOf = async (first: StatementPage, others: StatementPage[], rowsMax: number) => {
  const asked: string[] = []
  const reply = csvReply({
    name: 'extracto',
    columns: floatColumns,
    rowOf: floatEntryRow,
    first,
    pageAfter: (cursor) => {
      asked.push(cursor)
      const page = others.shift()
      return page === undefined ? Promise.reject(new Error('too far')) : Promise.resolve(page)
    },
    rowsMax,
  })
  let text = ''
  for await (const chunk of reply.body as AsyncIterable<string>) text += chunk
  return { asked, lines: text.split('\r\n') }
}

test('all pages of the period make one file with one header', async () => {
  const { asked, lines } = await linesOf(aPage('a-1', [1, 2]), [aPage(null, [3])], 10)
  expect(asked).toEqual(['a-1'])
  expect(lines.map((line) => line.split(',')[2])).toEqual(['referencia', '1', '2', '3', undefined])
  expect(lines[0]?.startsWith('\uFEFFfecha,')).toBe(true)
})

test('a file that would grow too long ends by naming the cursor to go on with', async () => {
  const { asked, lines } = await linesOf(aPage('a-1', [1, 2]), [aPage('a-2', [3, 4])], 4)
  expect(asked).toEqual(['a-1'])
  expect(lines.at(-2)).toBe(
    `# El extracto continúa: repita la consulta con cursor=a-2${','.repeat(floatColumns.length - 1)}`,
  )
})

test.each([
  ['text/csv', true],
  ['application/json, text/csv;q=0.5', true],
  ['Text/CSV', true],
  ['application/json', false],
  ['*/*', false],
  [undefined, false],
])('Accept: %s asks for a CSV: %s', (accept, expected) => {
  expect(wantsCsv(accept)).toBe(expected)
})
