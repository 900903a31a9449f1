import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const root = new URL('../../../../', import.meta.url)
const workspaces = [
  ...['packages', 'services', 'apps'].flatMap((folder) =>
    readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`),
  ),
  'lab',
]
const foldersIn = (folder: string): readonly string[] =>
  readdirSync(new URL(`${folder}/`, root), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

test.each(workspaces)('%s has a README that names each folder of its sources', (workspace) => {
  const text = readFileSync(new URL(`${workspace}/README.md`, root), 'utf8')
  const unnamed = foldersIn(`${workspace}/src`).filter((name) => !text.includes(`src/${name}/`))
  expect(unnamed).toEqual([])
  const named = [...text.matchAll(/`(src\/[\w/-]+\/)`/g)].map(([, folder = '']) => folder)
  expect(named.filter((name) => !existsSync(new URL(`${workspace}/${name}`, root)))).toEqual([])
  expect(text).toContain('npm run jest -- ')
})

test('CODEOWNERS names folders that there are', () => {
  const owned = readFileSync(new URL('.github/CODEOWNERS', root), 'utf8')
    .split('\n')
    .flatMap((line) => /^\/(\S+)\s+@/.exec(line)?.[1] ?? [])
  expect(owned.length).toBeGreaterThan(10)
  expect(owned.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
})
