import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { filesUnder, textOf, workspaces } from '../repository-files.ts'

const roots = workspaces.map((folder) => `${folder}/src`)

const written = roots
  .flatMap(filesUnder)
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|\/client\/src\/schema\.ts$/.test(file))
/** Production sources: no tests, and none of the scaffolding in `testing/`. */
const sources = written.filter((file) => !file.includes('/testing/'))

const importsOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
    join(dirname(file), target),
  )

/** Folders directly under `src` and below it; the composition roots in `src` itself import everything. */
const isFeature = (folder: string): boolean => !roots.includes(folder)

test('no two folders import each other', () => {
  const edges = new Set(
    sources.flatMap((file) =>
      importsOf(file)
        .map((target) => [dirname(file), dirname(target)] as const)
        .filter(([from, to]) => from !== to && isFeature(from) && isFeature(to))
        .map(([from, to]) => `${from} → ${to}`),
    ),
  )
  const mutual = [...edges].filter((edge) => {
    const [from = '', to = ''] = edge.split(' → ')
    return from < to && edges.has(`${to} → ${from}`)
  })
  expect(sources.length).toBeGreaterThan(400)
  expect(mutual).toEqual([])
})

test('no source is longer than 300 lines, and at most eight are shorter than 15', () => {
  const sizes = written.map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }))
  expect(sizes.filter(({ lines }) => lines > 300)).toEqual([])
  expect(sizes.filter(({ lines }) => lines < 15).length).toBeLessThanOrEqual(8)
})
