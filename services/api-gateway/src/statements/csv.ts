import { stringify } from 'csv-stringify/sync'

type Cell = string | number | null

/** UTF-8's mark: without it spreadsheets read accents in the machine's own code page. */
export const byteOrderMark = '\uFEFF'

/** Characters that some program takes for the end of a field or of a line: a field with one of them is quoted. */
const separator = /[",;\t\n\v\f\r\u0085\u2028\u2029]/
/**
 * A program that ends a line at every break, or a field at every semicolon or tab, ignores the quotes around them: the text
 * behind becomes the beginning of a cell.
 */
const cells = /(?<=[;\t\n\v\f\r\u0085\u2028\u2029])/u
/** The beginning of a formula, narrow, wide or small, behind blanks, quotes and unseen characters that are dropped. */
const formula = /^[\s\p{Cf}"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B]/u
/** Before a cell's text they make some programs read on for a formula. */
const blankStart = /^[\t\r\n]/
const plainNumber = /^-?\d+(\.\d+)?$/

/**
 * Records of RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe before it. The library's own
 * guard knows a number only by its type, so it would make text of a decimal's minus sign, and it sees no break within a
 * field.
 */
export const csvRecords = (records: readonly (readonly Cell[])[]): string =>
  stringify(
    records.map((record) => record.map(neutralized)),
    { record_delimiter: '\r\n', quoted_match: separator },
  )

const neutralized = (cell: Cell): string => {
  const text = String(cell ?? '')
  if (plainNumber.test(text)) return text
  const safe = text
    .split(cells)
    .map((part) => (formula.test(part) ? `'${part}` : part))
    .join('')
  return blankStart.test(safe) ? `'${safe}` : safe
}
