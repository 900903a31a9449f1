import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { problemTable } from './problem-table.ts'

const textOf = (page: string): string =>
  readFileSync(new URL(`../../../../${page}`, import.meta.url), 'utf8')

/** `{name}` in place of each fact. */
const placeholders = new Proxy<Record<string, string>>(
  {},
  {
    // Facts that choose among sentences: the table shows the one for a sale.
    get: (_, name) => (name === 'operation' || name === 'field' ? undefined : `{${String(name)}}`),
  },
)

it.each(['docs/errors.md', 'docs/es/errores.md'])(
  '%s lists every code with its status and its sentence, and no other',
  (page) => {
    const listed = [...textOf(page).matchAll(/^\| (\d{3}) +\| `([A-Z_]+)` +\| (.+?) +\|/gm)].map(
      ([, status, code, message]) => `${code ?? ''} ${status ?? ''} ${message ?? ''}`,
    )
    const rows = Object.entries(problemTable).map(
      ([code, { status, message }]) => `${code} ${status} ${message(placeholders as never)}`,
    )
    expect(listed.sort()).toEqual(rows.sort())
  },
)
