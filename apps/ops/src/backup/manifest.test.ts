import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { databaseNames, manifestFile, manifestVersion, readBackup } from './manifest.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-manifest-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const at = '2026-11-21T10:00:00.000Z'
const empty = Object.fromEntries(databaseNames.map((name) => [name, { at, collections: [] }]))
const keep = (manifest: object) => writeFile(join(folder, manifestFile), JSON.stringify(manifest))

test('a backup of another version is refused with the remedy', async () => {
  const manifest = { version: manifestVersion, commit: 'c', recoveryPoint: at, ...empty }
  await keep(manifest)
  expect(await readBackup(folder)).toEqual(manifest)
  for (const version of [manifestVersion - 1, manifestVersion + 1]) {
    await keep({ ...manifest, version, other: true })
    await expect(readBackup(folder)).rejects.toThrow('restore it with the version that made it')
  }
})
