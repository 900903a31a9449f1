import { expect, test } from '@jest/globals'
import type { StatementPage } from '@recargas/contracts'
import { anEntry } from '../testing/statements.ts'
import { wantsCsv, csvReply } from './csv-file.ts'
import { floatTable } from './statement-body.ts'

const aPage = (next: string | null, seqs: readonly number[]): StatementPage => ({
  currency: 'BOB',
  entries: seqs.map((seq) => anEntry({ seq, number: seq })),
  next,
})

const linesOf = async (first: StatementPage, others: StatementPage[], rowsMax: number) => {
  const asked: string[] = []
  const reply = csvReply({
    name: 'extracto',
    ...floatTable,
    timeZone: 'America/La_Paz',
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

test('the last column is the time by the shop’s clock', async () => {
  const { lines } = await linesOf(aPage(null, [1]), [], 10)
  expect(lines[0]?.endsWith(',disponible,fecha_local')).toBe(true)
  expect(lines[1]?.startsWith('2026-01-05T12:00:01.000Z,')).toBe(true)
  expect(lines[1]?.endsWith(',2026-01-05 08:00:01')).toBe(true)
})

test('100,000 lines are never in memory at once: each page is asked for after the one before was taken', async () => {
  const page = aPage(
    'a-1',
    Array.from({ length: 500 }, (_, index) => index + 1),
  )
  let asked = 1
  const { body } = csvReply({
    name: 'extracto',
    columns: ['fecha'],
    rowOf: ({ at }) => ({ fecha: at }),
    timeZone: 'America/La_Paz',
    first: page,
    pageAfter: () => {
      asked += 1
      return Promise.resolve({ ...page, next: asked < 200 ? 'a-1' : null })
    },
  })
  let [taken, lines, longest] = [0, 0, 0]
  for await (const chunk of body as AsyncIterable<string>) {
    expect(asked - taken).toBeLessThanOrEqual(1)
    // The header is a chunk of its own.
    if (lines > 0) taken += 1
    lines += chunk.split('\r\n').length - 1
    longest = Math.max(longest, chunk.length)
  }
  expect([lines, asked]).toEqual([100_001, 200])
  expect(longest).toBeLessThan(100_000)
})

test('a file that would grow too long ends by naming the cursor to go on with', async () => {
  const { asked, lines } = await linesOf(aPage('a-1', [1, 2]), [aPage('a-2', [3, 4])], 4)
  expect(asked).toEqual(['a-1'])
  expect(lines.at(-2)).toBe(
    `# El extracto continúa: repita la consulta con cursor=a-2${','.repeat(floatTable.columns.length)}`,
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
