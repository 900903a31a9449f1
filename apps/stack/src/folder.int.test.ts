import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { developmentSecrets, keptJwtSecret } from './development-values.ts'
import { claimFolder, layoutFile, stackLayout } from './folder-layout.ts'
import { lockFolder } from './lock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a stack’s folder', () => {
  test('has one stack at a time', async () => {
    const first = await lockFolder(folder)
    expect(first.kind).toBe('held')
    expect(await lockFolder(folder)).toMatchObject({ kind: 'taken', pid: process.pid })
    if (first.kind === 'held') first.release()
    expect((await lockFolder(folder)).kind).toBe('held')
  })

  test.each([
    ['that is gone', { pid: 2 ** 22 + 1, command: 'node apps/stack/start.mjs' }],
    [
      'whose id another program has now',
      { pid: process.pid, command: 'node apps/stack/start.mjs' },
    ],
  ])('is free again after a stack %s', async (_, run) => {
    const left = JSON.stringify({ ...run, startedAt: new Date().toISOString() })
    await writeFile(join(folder, 'run.json'), left)
    expect((await lockFolder(folder)).kind).toBe('held')
  })

  test('keeps its generated secrets unreadable for others', async () => {
    expect(keptJwtSecret(folder)).toBeNull()
    const made = developmentSecrets(folder)
    expect(developmentSecrets(folder)).toEqual(made)
    expect(keptJwtSecret(folder)).toBe(made.jwtSecret)
    expect((await stat(join(folder, 'env'))).mode & 0o077).toBe(0)
  })

  test.each([
    ['an earlier', stackLayout - 1],
    ['a later', stackLayout + 1],
  ])(
    'with data of %s version is refused with what to do, and left as it is',
    async (which, layout) => {
      const file = join(folder, layoutFile)
      await writeFile(file, String(layout))
      const refusal = new RegExp(`made by ${which} version.*npm start -- --reset`)
      expect(() => claimFolder(folder, true, 1)).toThrow(refusal)
      expect(await readFile(file, 'utf8')).toBe(String(layout))

      await rm(file)
      claimFolder(folder, false, 1)
      claimFolder(folder, true, 1)
      expect(await readFile(file, 'utf8')).toBe(`${stackLayout}\n`)
    },
  )

  test('with data of before layouts were noted is refused too', () => {
    expect(() => claimFolder(folder, true, 1)).toThrow('made by an earlier version')
    expect(existsSync(join(folder, layoutFile))).toBe(false)
  })
})
