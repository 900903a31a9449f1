import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  imageProblems,
  Lockfile,
  lockfileProblems,
  looseVersions,
  Manifest,
  npmrcProblems,
} from './check-packages.ts'
import { installScriptsNotNeeded, licenceRules, licencesRead } from './policy.ts'

const integrity = `sha512-${'a'.repeat(86)}==`
const good = { version: '1.0.0', integrity, license: 'MIT' }
/** The packages with known install scripts, so that only the test's addition is a fault. */
const known = Object.fromEntries(
  Object.keys(installScriptsNotNeeded).map((name) => [
    `node_modules/${name}`,
    { ...good, hasInstallScript: true },
  ]),
)
const problemsWith = (path: string, entry: object): readonly string[] =>
  lockfileProblems(Lockfile.parse({ lockfileVersion: 3, packages: { ...known, [path]: entry } }))

describe('a version', () => {
  test.each([
    '^1.0.0',
    '~1.0.0',
    '1.x',
    '*',
    'latest',
    '>=1.0.0',
    'git+https://host/x',
    'file:../x',
  ])('%s is refused', (version) => {
    const manifest = Manifest.parse({ dependencies: { one: '1.2.3' }, overrides: { two: version } })
    expect(looseVersions('package.json', manifest)).toEqual([
      `package.json: overrides two is ${version}, not an exact version`,
    ])
  })
  test('that is exact is taken, a preview too', () => {
    const manifest = Manifest.parse({ dependencies: { one: '1.2.3', two: '2.0.0-rc.1' } })
    expect(looseVersions('package.json', manifest)).toEqual([])
  })
})

describe('a package of the lockfile', () => {
  test('from the registry, with its hash, a known licence and no script is taken', () => {
    expect(problemsWith('node_modules/good', good)).toEqual([])
    expect(problemsWith('node_modules/a/node_modules/@scope/good', good)).toEqual([])
  })

  test.each<readonly [string, object, string]>([
    ['of a git address', { resolved: 'git+ssh://host/x.git#1' }, 'not from the registry'],
    ['of another server', { resolved: 'https://elsewhere.example/x.tgz' }, 'not from the registry'],
    ['of a file', { resolved: 'file:x.tgz' }, 'not from the registry'],
    ['without a hash', { integrity: undefined }, 'no SHA-512 integrity'],
    [
      'with a weak hash',
      { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
      'no SHA-512 integrity',
    ],
    ['with a new install script', { hasInstallScript: true }, 'nobody has looked at'],
    ['without a licence', { license: undefined }, 'states no licence'],
    ['with another licence', { license: 'AGPL-3.0' }, 'not allowed here: AGPL-3.0'],
    ['with a licence meant for another package', { license: 'CC-BY-4.0' }, 'not allowed here'],
  ])('%s is refused', (_, changes, reason) => {
    const problems = problemsWith('node_modules/other', { ...good, ...changes })
    expect(problems).toEqual([expect.stringContaining(reason)])
  })

  test('may not stand for a workspace, nor may a link lead elsewhere', () => {
    expect(problemsWith('node_modules/@recargas/ledger', good)).toHaveLength(1)
    const link = { link: true, resolved: 'services/ledger' }
    expect(problemsWith('node_modules/@recargas/ledger', link)).toEqual([])
    expect(problemsWith('node_modules/left-pad', link)).toHaveLength(1)
    expect(
      problemsWith('node_modules/@recargas/ledger', { ...link, resolved: '/tmp/x' }),
    ).toHaveLength(1)
  })

  test('that no longer has its install script is taken off the list', () => {
    const lockfile = Lockfile.parse({ lockfileVersion: 3, packages: {} })
    expect(lockfileProblems(lockfile)).toHaveLength(Object.keys(installScriptsNotNeeded).length)
  })
})

test('npm runs no scripts and keeps exact versions', () => {
  const whole = 'engine-strict=true\nsave-exact=true\nignore-scripts=true\n'
  expect(npmrcProblems(whole)).toEqual([])
  expect(npmrcProblems(whole.replace('ignore-scripts=true', ''))).toHaveLength(1)
})

test('images run as a user other than root, and install without scripts', () => {
  const good = 'FROM x AS build\nRUN npm ci --ignore-scripts\nFROM x\nUSER node\n'
  expect(imageProblems(good)).toEqual([])
  for (const wrong of [
    good.replace('USER node', 'USER root'),
    good.replace('USER node', 'USER 0:0'),
    good.replace('USER node\n', ''),
    good.replace(' --ignore-scripts', ''),
    `FROM x\nUSER node\n${good.replace('USER node', '')}`,
  ]) {
    expect(imageProblems(wrong)).toHaveLength(1)
  }
})

test('docs/licences.md lists the same', () => {
  const path = new URL('../../../../docs/licences.md', import.meta.url)
  const text = readFileSync(path, 'utf8')
  const rows = [...text.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\|/gm)].map(([, name, what]) => [
    name,
    what,
  ])
  expect(rows).toEqual([
    ...licenceRules.map(({ licence, packages }) => [
      licence,
      packages === 'any' ? 'any' : packages.join(', '),
    ]),
    ...Object.entries(licencesRead),
    ...Object.entries(installScriptsNotNeeded),
  ])
})
