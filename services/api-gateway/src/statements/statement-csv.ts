import { shopTimeOf, type StatementPage } from '@recargas/contracts'
import type { Reply } from '../api/route.ts'
import { byteOrderMark, csvRecords } from './csv.ts'
import type { RowOf } from './statement-body.ts'

/** Rows of one CSV at most; a last row then names the cursor to go on with. */
const rowsMax = 100_000

/** The last one, so that a program which counts columns still finds the others. */
const localTimeColumn = 'fecha_local'

type Csv = {
  readonly name: string
  readonly columns: readonly string[]
  readonly rowOf: RowOf
  /** The shop's time zone, for the column of its own clock. */
  readonly timeZone: string
  /** The first page, read before anything is sent, so that its failure is still answered as an error. */
  readonly first: StatementPage
  readonly pageAfter: (cursor: string) => Promise<StatementPage>
  readonly rowsMax?: number
}

/** All pages of a period as one file, sent page by page: only one is in memory, and none is read ahead of the client. */
export const csvReply = (csv: Csv): Reply => ({
  status: 200,
  headers: {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${csv.name}.csv"`,
    vary: 'Accept',
  },
  body: csvChunks(csv),
})

export const wantsCsv = (accept: string | undefined): boolean =>
  /(^|,)\s*text\/csv\b/i.test(accept ?? '')

async function* csvChunks(csv: Csv): AsyncGenerator<string> {
  const { rowOf, timeZone } = csv
  const columns = [...csv.columns, localTimeColumn]
  const most = csv.rowsMax ?? rowsMax
  yield byteOrderMark + csvRecords([columns])
  let page = csv.first
  let rows = 0
  while (true) {
    yield csvRecords(
      page.entries.map((entry) => {
        const row = rowOf(entry, page.currency)
        const localTime = shopTimeOf(Date.parse(entry.at), timeZone)
        return [...csv.columns.map((column) => row[column] ?? null), localTime]
      }),
    )
    rows += page.entries.length
    if (page.next === null) return
    if (rows >= most) {
      const note = `# El extracto continúa: repita la consulta con cursor=${page.next}`
      yield csvRecords([columns.map((_, index) => (index === 0 ? note : null))])
      return
    }
    page = await csv.pageAfter(page.next)
  }
}
