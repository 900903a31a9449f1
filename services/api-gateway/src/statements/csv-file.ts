import { shopTimeOf, type StatementPage } from '@recargas/contracts'
import type { Reply } from '../api/route.ts'
import { byteOrderMark, csvRecords } from './csv.ts'
import type { StatementTable } from './statement-body.ts'

/** Rows of one CSV at most; a last row then names the cursor to go on with. */
const rowsMax = 100_000

/** The last one, so that a program which counts columns still finds the others. */
const localTimeColumn = 'fecha_local'

type Page = { readonly next: string | null }
type Row = {
  readonly at: string
  readonly cells: Readonly<Record<string, string | number | null>>
}

export type CsvFile<EachPage extends Page> = {
  readonly name: string
  readonly columns: readonly string[]
  readonly rowsOf: (page: EachPage) => readonly Row[]
  /** The shop's time zone, for the column of its own clock. */
  readonly timeZone: string
  /** The first page, read before anything is sent, so that its failure is still answered as an error. */
  readonly first: EachPage
  readonly pageAfter: (cursor: string) => Promise<EachPage>
  readonly rowsMax?: number
}

/** All pages of a period as one file, sent page by page: only one is in memory, and none is read ahead of the client. */
export const csvFile = <EachPage extends Page>(file: CsvFile<EachPage>): Reply => ({
  ...csvNamed(file.name),
  body: csvChunks(file),
})

export const csvNamed = (name: string) => ({
  status: 200 as const,
  headers: {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}.csv"`,
    vary: 'Accept',
  },
})

export const wantsCsv = (accept: string | undefined): boolean =>
  /(^|,)\s*text\/csv\b/i.test(accept ?? '')

async function* csvChunks<EachPage extends Page>(file: CsvFile<EachPage>): AsyncGenerator<string> {
  const columns = [...file.columns, localTimeColumn]
  const most = file.rowsMax ?? rowsMax
  yield byteOrderMark + csvRecords([columns])
  let page = file.first
  let count = 0
  while (true) {
    const rows = file.rowsOf(page)
    yield csvRecords(
      rows.map(({ at, cells }) => [
        ...file.columns.map((column) => cells[column] ?? null),
        shopTimeOf(Date.parse(at), file.timeZone),
      ]),
    )
    count += rows.length
    if (page.next === null) return
    if (count >= most) {
      const note = `# El extracto continúa: repita la consulta con cursor=${page.next}`
      yield csvRecords([columns.map((_, index) => (index === 0 ? note : null))])
      return
    }
    page = await file.pageAfter(page.next)
  }
}

type StatementCsv = Omit<CsvFile<StatementPage>, 'rowsOf'> & StatementTable

/** A statement as CSV, by the same rows as its JSON. */
export const csvReply = (statement: StatementCsv): Reply =>
  csvFile({
    ...statement,
    rowsOf: ({ entries, currency }) =>
      entries.map((entry) => ({ at: entry.at, cells: statement.rowOf(entry, currency) })),
  })
