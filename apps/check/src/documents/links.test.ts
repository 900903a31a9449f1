import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { exists, filesUnder, textOf } from '../repository-files.ts'

const pages = filesUnder('.').filter((file) => file.endsWith('.md'))

/** Targets of a page's links to files of the repository, without their anchors. */
const linksOf = (page: string): readonly string[] =>
  [
    ...textOf(page)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

test('every link of a page leads to a file', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .map((target) => join(dirname(page), decodeURI(target)))
      .filter((target) => !exists(target))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('the README is short enough to be read', () => {
  const lines = textOf('README.md').trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(120)
})
