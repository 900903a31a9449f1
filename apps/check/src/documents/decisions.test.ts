import { basename } from 'node:path'
import { expect, test } from '@jest/globals'
import { filesIn, textOf } from '../repository-files.ts'
import { decisionIndex, decisionProblems } from './decisions.ts'

const decisions = filesIn('docs/adr')
  .map((file) => ({ name: basename(file), text: textOf(file) }))
  .filter(({ name }) => /^\d{4}-/.test(name))
  .sort((one, other) => one.name.localeCompare(other.name))
const names = decisions.map(({ name }) => name)

test.each(decisions.map((decision) => [decision.name, decision] as const))(
  'docs/adr/%s has a status and every part, and links to decisions that there are',
  (_, decision) => {
    expect(decisionProblems(decision, names)).toEqual([])
  },
)

test('a decision without alternatives, with an unknown status or a broken link is told', () => {
  const text =
    '# 0007 Odd\n\n## Status\n\nPerhaps.\n\n## Context\n\nc [x](0099-gone.md)\n\n## Decision\n\nd\n\n## Consequences\n\ne\n'
  expect(decisionProblems({ name: '0007-odd.md', text }, names)).toEqual([
    'its parts are Status, Context, Decision, Consequences',
    'Alternatives is empty',
    'its status is neither accepted nor superseded by a later one',
    '0099-gone.md is missing',
  ])
})

test('decisions are numbered without a gap, and docs/adr/README.md lists each: npm run documents', () => {
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1))
  const words = (text: string) => text.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ')
  const index = textOf('docs/adr/README.md')
  expect(words(index)).toBe(words(decisionIndex(decisions)))
})
