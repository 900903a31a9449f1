import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const own = fileURLToPath(new URL('..', import.meta.url))
const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } })

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recargas-till-'))
  const packed = join(folder, 'packed')
  mkdirSync(packed)
  run(process.execPath, ['packages/client/pack.mjs', '--pack-destination', packed], root)
  const [tarball = ''] = readdirSync(packed)
  writeFileSync(join(folder, 'package.json'), '{"name":"till","private":true}')
  // No registry: whatever the package needs must be in it.
  run('npm', ['install', '--offline', '--ignore-scripts', join(packed, tarball)], folder)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the packed client is imported in an empty folder, and rejects unsupported calls', () => {
  writeFileSync(
    join(folder, 'till.mjs'),
    `import { createRecargasClient, isNotSent } from '@recargas/client'
const client = createRecargasClient({ baseUrl: 'http://127.0.0.1:1', token: '' })
const order = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
client.sell(order).catch((error) => console.log(isNotSent(error), error.message))`,
  )
  expect(run(process.execPath, ['till.mjs'], folder)).toBe('true not sent: there is no token\n')
})

test('its types check what a till in TypeScript sends and reads', () => {
  writeFileSync(
    join(folder, 'till.mts'),
    `import { createRecargasClient } from '@recargas/client'
const client = createRecargasClient({ baseUrl: 'http://localhost:3000', token: 't' })
const order = { operadora: 'Tigo', numero_cliente: '7', monto: 10.5, id_caja_sesion: 1 }
const outcome = await client.sell(order)
if (outcome.kind === 'sold') console.log(outcome.sale.id.toFixed())
// @ts-expect-error an amount is a number
await client.sell({ ...order, monto: '10.50' })`,
  )
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext']
  run(join(root, 'node_modules/.bin/tsc'), [...options, 'till.mts'], folder)
}, 120_000)

test('packed by npm alone it has its code and its types, and nothing else', () => {
  const [{ files }] = JSON.parse(
    run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], own),
  ) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'README.md', 'README.es.md']),
  )
  expect(paths.filter((path) => /\.tsbuildinfo|\.map$|^src\//.test(path))).toEqual([])
})
