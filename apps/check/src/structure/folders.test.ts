import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const foldersIn = (path: string): readonly string[] =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}/src`)

const workspaces = [...['packages', 'services', 'apps'].flatMap(foldersIn), 'lab/src']

/** Production sources: no tests, and none of the scaffolding in `testing/`. */
const sources = workspaces.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/testing\//.test(file)),
)

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
    relative(root, join(root, dirname(file), target)),
  )

/** Folders directly under `src` and below it; the composition roots in `src` itself import everything. */
const isFeature = (folder: string): boolean => !workspaces.includes(folder)

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
