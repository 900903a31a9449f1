/**
 * Packs the client with its dependencies in it, so that a machine without a registry can install
 * it:
 *
 *   npm run client:pack                                     writes recargas-client-VERSION.tgz here
 *   npm run client:pack -- --pack-destination /some/folder
 *
 * npm bundles only a package's own node_modules, and a workspace's dependencies lie at the root:
 * the script lays all of it out in a folder of its own first.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

execFileSync(process.execPath, [join(own, 'generate.mjs')], { stdio: 'inherit' })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-b', own], { stdio: 'inherit' })
const stage = mkdtempSync(join(tmpdir(), 'recargas-client-'))
try {
  const about = readJson(join(own, 'package.json'))
  for (const name of ['README.md', 'README.es.md', 'dist']) {
    cpSync(join(own, name), join(stage, name), { recursive: true })
  }
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const bundled = Object.keys(about.dependencies)
  for (const name of bundled) bundle(name, import.meta.url)
  delete about.devDependencies
  writeFileSync(
    join(stage, 'package.json'),
    `${JSON.stringify({ ...about, bundleDependencies: bundled }, null, 2)}\n`,
  )
  const given = process.argv.slice(2)
  const to = given.includes('--pack-destination') ? [] : ['--pack-destination', process.cwd()]
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', ...to, ...given], {
    cwd: stage,
    stdio: 'inherit',
  })
} finally {
  rmSync(stage, { recursive: true, force: true })
}

function bundle(name, from) {
  const folder = folderOf(name, from)
  cpSync(folder, join(stage, 'node_modules', name), { recursive: true })
  for (const needed of Object.keys(readJson(join(folder, 'package.json')).dependencies ?? {})) {
    bundle(needed, join(folder, 'package.json'))
  }
}

/** The folder of an installed package, by Node's own search. */
function folderOf(name, from) {
  const paths = createRequire(from).resolve.paths(name) ?? []
  const found = paths.map((path) => join(path, name)).find((path) => existsSync(path))
  if (found === undefined) throw new Error(`${name} is not installed: npm ci`)
  return found
}
