import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { environmentValue } from './given-value.ts'
import { mintToken } from './mint-token.ts'
import { keptJwtSecret } from './development-values.ts'

const names = ['JWT_SECRET', 'JWT_ISSUER', 'TPAGA_API_KEY'].flatMap((name) => [
  name,
  `${name}_FILE`,
])
const before = process.env
let folder: string
const file = (content: string): string => {
  const path = join(folder, 'value')
  writeFileSync(path, content)
  return path
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'environment-'))
  process.env = { ...before }
  for (const name of names) process.env[name] = ''
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  process.env = before
})

test('the tools read a secret from a file too, without its line break', () => {
  process.env['JWT_SECRET_FILE'] = file('a-secret-of-a-file\n')
  expect(keptJwtSecret(folder)).toBe('a-secret-of-a-file')
})

test('a development token carries the issuer that a file names', () => {
  process.env['JWT_ISSUER_FILE'] = file('https://id.example\n')
  const [, claims = ''] = mintToken('x'.repeat(32), { userId: 1, role: 'Operador' }).split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'https://id.example',
  })
})

test('a value given twice and a file that cannot be read are errors that name it', () => {
  process.env['TPAGA_API_KEY_FILE'] = file('one')
  process.env['TPAGA_API_KEY'] = 'other'
  expect(() => environmentValue('TPAGA_API_KEY')).toThrow('TPAGA_API_KEY: given twice')
  process.env['TPAGA_API_KEY'] = ''
  process.env['TPAGA_API_KEY_FILE'] = join(folder, 'nowhere')
  expect(() => environmentValue('TPAGA_API_KEY')).toThrow(
    'TPAGA_API_KEY_FILE: cannot read the file (ENOENT)',
  )
})
