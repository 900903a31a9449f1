import { expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { problemTable } from './problem-table.ts'

it('docs/errors.md lists every code with its status, and no other', () => {
  const document = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const listed = [...document.matchAll(/^\| (\d{3})\s*\| `([A-Z_]+)`/gm)].map(
    ([, status, code]) => `${code ?? ''} ${status ?? ''}`,
  )
  const codes = Object.entries(problemTable).map(([code, { status }]) => `${code} ${status}`)
  expect(listed.sort()).toEqual(codes.sort())
})
