import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const pagesUnder = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...['docs', 'ops', 'packages', 'services', 'apps', 'lab'].flatMap(pagesUnder),
]

/** Targets of a page's links to files of the repository, without their anchors. */
const linksOf = (page: string): readonly string[] =>
  [
    ...readFileSync(join(root, page), 'utf8')
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

test('every link of a page leads to a file', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page)
      .map((target) => relative(root, join(root, dirname(page), decodeURI(target))))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('the README is short enough to be read', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(120)
})
