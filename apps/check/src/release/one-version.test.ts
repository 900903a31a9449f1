import { expect, test } from '@jest/globals'
import { repository } from '@recargas/stack/service-process'
import { textOf } from '../repository-files.ts'
import { newestRelease } from './changelog.ts'
import { workspaceManifests } from './make-release.ts'

const readJson = (file: string) =>
  JSON.parse(textOf(file)) as {
    readonly version: string
    readonly info: { readonly version: string }
    readonly dependencies?: Readonly<Record<string, string>>
    readonly packages: Readonly<Record<string, { readonly version?: string }>>
  }
const { version } = readJson('package.json')

test('packages, lockfile, API document, chart and changelog name one version', () => {
  const manifests = workspaceManifests(repository)
  expect(manifests.length).toBeGreaterThan(10)
  const named = manifests.map((file) => [file, readJson(file).version])
  expect(named).toEqual(manifests.map((file) => [file, version]))
  const locked = Object.entries(readJson('package-lock.json').packages)
    .filter(([path]) => !path.includes('node_modules/'))
    .map(([, entry]) => entry.version)
  expect(new Set(locked)).toEqual(new Set([version]))
  expect(readJson('services/api-gateway/openapi.json').info.version).toBe(version)
  const chart = textOf('ops/helm/recargas/Chart.yaml')
  expect(chart).toContain(`\nversion: ${version}\nappVersion: ${version}\n`)
  const changelog = textOf('CHANGELOG.md')
  // Before the first release the changelog names none.
  expect(newestRelease(changelog) ?? version).toBe(version)
  expect(changelog).toContain('## Unreleased\n')
})

test('a package wishes for its neighbours at the one version', () => {
  const wishes = workspaceManifests(repository).flatMap((file) =>
    Object.entries(readJson(file).dependencies ?? {}).filter(([name]) =>
      name.startsWith('@recargas/'),
    ),
  )
  expect(wishes.length).toBeGreaterThan(10)
  expect(wishes.filter(([, wanted]) => wanted !== version)).toEqual([])
})
