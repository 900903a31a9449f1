import { expect, test } from '@jest/globals'
import { exists, textOf } from '../repository-files.ts'

const rows = textOf('docs/glossary.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:word |-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, word = '', api = '', meaning = '', file = '']) => ({ word, api, meaning, file }))

test('docs/glossary.md gives each word one sentence, a name at the API and the file that defines it', () => {
  expect(rows.length).toBeGreaterThan(50)
  for (const { word, api, meaning, file } of rows) {
    const path = file.replaceAll('`', '')
    const isThere = file.startsWith('`') && exists(path)
    expect({
      word,
      isNamed: api !== '',
      isSentence: /^[A-Z][^|]*\.$/.test(meaning),
      path,
      exists: isThere,
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
  const document = textOf('services/api-gateway/openapi.json')
  const told = rows.flatMap(({ api }) => api.split(', ')).filter((name) => name !== '-')
  expect(told.filter((name) => !document.includes(name))).toEqual([])
})
