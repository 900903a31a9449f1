import { expect, test } from '@jest/globals'
import { exists } from '../repository-files.ts'
import { importsOf, linesOf, readWalkthrough } from './walkthrough.ts'

const { way, beside } = readWalkthrough()

test('every file of the walkthrough exists', () => {
  expect(way.length).toBeGreaterThan(30)
  expect([...way, ...beside].filter((path) => !exists(path))).toEqual([])
})

test("one sale's way fits into 60 files and 7,500 lines", () => {
  expect(way.length).toBeLessThanOrEqual(60)
  expect(way.reduce((sum, path) => sum + linesOf(path), 0)).toBeLessThanOrEqual(7_500)
})

test('a file that the way imports is on the page, as a step or beside the way', () => {
  const isListed = (path: string) =>
    way.includes(path) ||
    beside.some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each))
  const missing = way.flatMap((path) =>
    importsOf(path)
      .filter((imported) => !isListed(imported))
      .map((imported) => `${path} imports ${imported}`),
  )
  expect(missing).toEqual([])
})
