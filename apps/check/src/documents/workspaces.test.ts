import { expect, test } from '@jest/globals'
import { exists, foldersIn, textOf, workspaces } from '../repository-files.ts'

test.each(workspaces)('%s has a README that names each folder of its sources', (workspace) => {
  const text = textOf(`${workspace}/README.md`)
  const unnamed = foldersIn(`${workspace}/src`).filter((name) => !text.includes(`src/${name}/`))
  expect(unnamed).toEqual([])
  const named = [...text.matchAll(/`(src\/[\w/-]+\/)`/g)].map(([, folder = '']) => folder)
  expect(named.filter((name) => !exists(`${workspace}/${name}`))).toEqual([])
  expect(text).toContain('npm run jest -- ')
})

test('CODEOWNERS names folders that there are', () => {
  const owned = textOf('.github/CODEOWNERS')
    .split('\n')
    .flatMap((line) => /^\/(\S+)\s+@/.exec(line)?.[1] ?? [])
  expect(owned.length).toBeGreaterThan(10)
  expect(owned.filter((path) => !exists(path))).toEqual([])
})
