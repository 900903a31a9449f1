import { stringify } from 'csv-stringify/sync'

type Cell = string | number | null

/** What a spreadsheet takes for the beginning of a formula; the wide forms are folded to the narrow ones by some. */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const plainNumber = /^-?\d+(\.\d+)?$/

/** UTF-8's mark: without it spreadsheets read accents in the machine's own code page. */
export const byteOrderMark = '\uFEFF'

/**
 * Records of RFC 4180. Text that a spreadsheet would run as a formula gets a leading apostrophe. The library's own
 * guard knows a number only by its type, so it would make text of a decimal's minus sign.
 */
export const csvRecords = (records: readonly (readonly Cell[])[]): string =>
  stringify(
    records.map((cells) => cells.map(guarded)),
    { record_delimiter: '\r\n' },
  )

const guarded = (cell: Cell): string => {
  const text = String(cell ?? '')
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text
}
