import Table from 'cli-table3'

/** The one document of a command with --json. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

export const printLine = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const cellMax = 60

/** Rows for people; what is long is cut, whoever needs it whole takes --json. */
export const printTable = (
  head: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): void => {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } })
  table.push(...rows.map((row) => row.map(cellOf)))
  printLine(table.toString())
}

const cellOf = (value: string | number | null | undefined): string => {
  const text = String(value ?? '-')
  return text.length > cellMax ? `${text.slice(0, cellMax - 1)}…` : text
}

/** How long ago, in the largest unit that says something. */
export const ageOf = (instant: string, now = Date.now()): string => {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} d`
}
