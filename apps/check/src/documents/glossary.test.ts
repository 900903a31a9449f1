import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const root = new URL('../../../../', import.meta.url)
const rows = readFileSync(new URL('docs/glossary.md', root), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:word |-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, word = '', api = '', meaning = '', file = '']) => ({ word, api, meaning, file }))

test('docs/glossary.md gives each word one sentence, a name at the API and the file that defines it', () => {
  expect(rows.length).toBeGreaterThan(50)
  for (const { word, api, meaning, file } of rows) {
    const path = file.replaceAll('`', '')
    const exists = file.startsWith('`') && existsSync(new URL(path, root))
    expect({
      word,
      isNamed: api !== '',
      isSentence: /^[A-Z][^|]*\.$/.test(meaning),
      path,
      exists,
    }).toEqual({
      word,
      isNamed: true,
      isSentence: true,
      path,
      exists: true,
    })
  }
})

test('docs/glossary.md explains a word once', () => {
  const words = rows.flatMap(({ word }) => word.split(', '))
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
})

test('each name at the API that docs/glossary.md tells stands in the API document or its problems', () => {
  const document = readFileSync(new URL('services/api-gateway/openapi.json', root), 'utf8')
  const told = rows.flatMap(({ api }) => api.split(', ')).filter((name) => name !== '-')
  expect(told.filter((name) => !document.includes(name))).toEqual([])
})
