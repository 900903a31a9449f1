import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readConfig } from './config.ts'

test('an api-key is enough; the rest has defaults', () => {
  expect(readConfig({ TPAGA_API_KEY: 'ak', SANDBOX_BALANCE: '' })).toMatchObject({
    kind: 'valid',
    options: { apiKey: 'ak', port: 3003, host: '127.0.0.1', balance: undefined },
  })
})

test('all problems are reported at once', () => {
  const config = readConfig({ PORT: 'x', SANDBOX_BALANCE: '1.5', SANDBOX_STATE_FILE_FILE: '/none' })
  if (config.kind === 'valid') throw new Error('must be invalid')
  const problems = config.problems.join('\n')
  for (const name of ['PORT', 'SANDBOX_BALANCE', 'TPAGA_API_KEY', 'SANDBOX_STATE_FILE_FILE']) {
    expect(problems).toContain(name)
  }
})

test('a secret may come from a file, but not from both places', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tpaga-config-'))
  const file = join(folder, 'key')
  writeFileSync(file, 'ak-from-file\n')
  expect(readConfig({ TPAGA_API_KEY_FILE: file })).toMatchObject({
    options: { apiKey: 'ak-from-file' },
  })
  expect(readConfig({ TPAGA_API_KEY_FILE: file, TPAGA_API_KEY: 'ak' }).kind).toBe('invalid')
  rmSync(folder, { recursive: true })
})
