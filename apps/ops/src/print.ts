import Table from 'cli-table3'
import { terminal } from '@recargas/stack/reach/terminal'

/** Prints the one JSON document of a command with `--json`. */
export const printJson = (value: unknown): void => {
  terminal().out(`${JSON.stringify(value)}\n`)
}

export const printLine = (text: string): void => {
  terminal().out(`${text}\n`)
}

type Cell = string | number | null | undefined
type Rows = readonly (readonly Cell[])[]

/** Prints cells whole: for one sale, one message, one case. */
export const printTable = (head: readonly string[], rows: Rows): void => {
  printCells(head, rows, String)
}

const cellMax = 60

/** Prints a list for people, long cells cut; `--json` and the command for a single row show all of them. */
export const printList = (head: readonly string[], rows: Rows): void => {
  printCells(head, rows, (text) =>
    text.length > cellMax ? `${text.slice(0, cellMax - 1)}…` : text,
  )
}

const printCells = (head: readonly string[], rows: Rows, fit: (text: string) => string): void => {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } })
  table.push(...rows.map((row) => row.map((cell) => fit(String(cell ?? '-')))))
  printLine(table.toString())
}

/** Fields as `name=value`, in one line; fields without a value are left out. */
export const fieldsOf = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]]))
    .map(([name, value]) =>
      typeof value === 'object'
        ? fieldsOf(value as object)
        : `${String(name)}=${/[\s"=]/.test(String(value)) ? JSON.stringify(value) : String(value)}`,
    )
    .join(' ')

/** The age in its largest significant unit. */
export const ageOf = (instant: string, now = Date.now()): string => {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} d`
}
