import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { makeRelease, type ReleaseRequest } from './make-release.ts'
import { nextVersion } from './version.ts'

const changelog = '# Changelog\n\n## Unreleased\n\n- One thing.\n'
const own = { name: '@recargas/one', version: '0.1.0' }
const files: Readonly<Record<string, unknown>> = {
  'package.json': { name: 'recargas', version: '0.1.0', workspaces: ['packages/*', 'lab'] },
  'packages/one/package.json': own,
  'lab/package.json': {
    version: '0.1.0',
    dependencies: { '@recargas/one': '0.1.0', zod: '4.6.7' },
  },
  'package-lock.json': {
    name: 'recargas',
    version: '0.1.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'recargas', version: '0.1.0', workspaces: ['packages/*', 'lab'] },
      'packages/one': own,
      lab: { version: '0.1.0' },
      'node_modules/@recargas/one': { resolved: 'packages/one', link: true },
      'node_modules/lab': { resolved: 'lab', link: true },
    },
  },
  'services/api-gateway/openapi.json': { openapi: '3.1.0', info: { version: '0.1.0' } },
}

let repository: string
const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim()
const read = (file: string) => readFileSync(join(repository, file), 'utf8')
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(repository, file)), { recursive: true })
  writeFileSync(join(repository, file), text)
}
const release = (given: Partial<ReleaseRequest> = {}) =>
  makeRelease(
    {
      repository,
      bump: 'minor',
      isDryRun: false,
      out: null,
      now: new Date('2026-11-29T12:00:00Z'),
      ...given,
    },
    (folder) =>
      JSON.stringify({
        bomFormat: 'CycloneDX',
        lockfile: readFileSync(join(folder, 'package-lock.json'), 'utf8'),
        components: [],
      }),
  )

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'recargas-release-'))
  for (const [file, value] of Object.entries(files)) write(file, JSON.stringify(value))
  write('CHANGELOG.md', changelog)
  write('ops/helm/recargas/Chart.yaml', 'name: recargas\nversion: 0.1.0\nappVersion: 0.1.0\n')
  git('init', '--quiet', '--initial-branch', 'main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.com')
  git('add', '.')
  git('commit', '--quiet', '--message', 'Begin')
})
afterEach(() => {
  rmSync(repository, { recursive: true, force: true })
})

test('the first release has the version of the packages, a section, a commit and a tag', () => {
  const out = `${repository}-out`
  const result = release({ out })
  expect(result).toMatchObject({
    kind: 'made',
    release: { version: '0.1.0', tag: 'v0.1.0', notes: '- One thing.' },
  })
  expect(read('CHANGELOG.md')).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.1.0, 2026-11-29\n\n- One thing.\n',
  )
  expect(git('log', '-1', '--format=%s')).toBe('Release 0.1.0')
  expect(git('rev-parse', 'v0.1.0^{commit}')).toBe(git('rev-parse', 'HEAD'))
  expect(readFileSync(join(out, 'labels.env'), 'utf8')).toContain(
    `org.opencontainers.image.revision=${git('rev-parse', 'HEAD')}\n`,
  )
  const sbom = JSON.parse(readFileSync(join(out, 'sbom.cdx.json'), 'utf8')) as object
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX' })
  rmSync(out, { recursive: true })
})

test('the next release raises the version in packages, their wishes, the lockfile, the API document and the chart', () => {
  release()
  write('CHANGELOG.md', read('CHANGELOG.md').replace('Unreleased\n', 'Unreleased\n\n- More.\n'))
  git('commit', '--quiet', '--all', '--message', 'More')
  expect(release()).toMatchObject({ kind: 'made', release: { version: '0.2.0', notes: '- More.' } })
  expect(JSON.parse(read('lab/package.json'))).toEqual({
    version: '0.2.0',
    dependencies: { '@recargas/one': '0.2.0', zod: '4.6.7' },
  })
  expect(JSON.parse(read('package-lock.json'))).toMatchObject({
    version: '0.2.0',
    packages: { '': { version: '0.2.0' }, 'packages/one': { version: '0.2.0' } },
  })
  expect(read('services/api-gateway/openapi.json')).toContain('"version": "0.2.0"')
  expect(read('ops/helm/recargas/Chart.yaml')).toBe(
    'name: recargas\nversion: 0.2.0\nappVersion: 0.2.0\n',
  )
})

test('a dry run tells the release on any branch and changes nothing', () => {
  git('switch', '--quiet', '--create', 'other')
  write('strange.txt', 'not committed')
  const before = git('status', '--porcelain')
  expect(release({ isDryRun: true })).toMatchObject({ kind: 'made', release: { tag: 'v0.1.0' } })
  expect(git('status', '--porcelain')).toBe(before)
  expect(git('tag')).toBe('')
})

test('a changed tree, another branch, a tag that exists and an empty changelog are refused, and nothing is written', () => {
  git('tag', 'v0.1.0')
  git('switch', '--quiet', '--create', 'other')
  write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n')
  expect(release()).toEqual({
    kind: 'refused',
    reasons: [
      'CHANGELOG.md: nothing stands below "Unreleased"',
      'the branch is other, not main',
      'the tree has changes that are not committed',
      'the tag v0.1.0 exists',
    ],
  })
  expect(git('log', '-1', '--format=%s')).toBe('Begin')
})

test.each([
  ['patch', '1.2.4'],
  ['minor', '1.3.0'],
  ['major', '2.0.0'],
] as const)('a %s release follows 1.2.3 as %s', (bump, version) => {
  expect(nextVersion('1.2.3', bump)).toBe(version)
})
