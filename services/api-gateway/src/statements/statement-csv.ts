import type { StatementPage } from '@recargas/contracts'
import type { Reply } from '../api/route.ts'
import { csvFile, type CsvFile } from './csv-file.ts'
import type { StatementTable } from './statement-body.ts'

type StatementCsv = Omit<CsvFile<StatementPage>, 'rowsOf'> & StatementTable

/** A statement as CSV, by the same rows as its JSON. */
export const csvReply = (statement: StatementCsv): Reply =>
  csvFile({
    ...statement,
    rowsOf: ({ entries, currency }) =>
      entries.map((entry) => ({ at: entry.at, cells: statement.rowOf(entry, currency) })),
  })
