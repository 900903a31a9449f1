import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { developmentSecrets, keepAddresses } from '@recargas/stack/development-values'
import { userPasswords } from '@recargas/stack/stack-access'
import { withTerminal } from '@recargas/stack/reach/terminal'
import { newPasswordsFor } from './new-passwords.ts'
import type { ServiceUser } from './service-users.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-passwords-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const uris = {
  ledger: 'mongodb://root:its@one:27017,two:27017/books?replicaSet=rs0&authSource=admin',
  adapter: 'mongodb://root:its@one:27017/attempts?authSource=admin',
}
const users: readonly ServiceUser[] = [
  { services: ['ledger'], name: 'ledger', knownTo: 'books' },
  { services: ['adapter'], name: 'adapter', knownTo: 'admin' },
]

const make = (
  secrets: string | undefined,
  environment: Readonly<Record<string, string>> = {},
  of = users,
) =>
  withTerminal(
    {
      environment: { STACK_DIR: folder, ...environment },
      out: () => undefined,
      err: () => undefined,
    },
    () => Promise.resolve().then(() => newPasswordsFor(uris, secrets).make(of)),
  )

test('new addresses are written for the services alone to read', async () => {
  const secrets = join(folder, 'secrets')
  const [ledger = '', adapter = ''] = await make(secrets)
  const file = join(secrets, 'mongodb_uri_ledger')
  expect(await readFile(file, 'utf8')).toBe(
    `mongodb://ledger:${ledger}@one:27017,two:27017/books?replicaSet=rs0&authSource=books`,
  )
  expect((await stat(file)).mode & 0o077).toBe(0)
  expect(await readFile(join(secrets, 'mongodb_uri_adapter'), 'utf8')).toBe(
    `mongodb://adapter:${adapter}@one:27017/attempts?authSource=admin`,
  )
  expect(new Set([ledger, adapter, ...(await make(secrets))]).size).toBe(4)
})

test('an address that is there gets the password and keeps the rest, and one of a stranger is left alone', async () => {
  const file = join(folder, 'mongodb_uri_ledger')
  await writeFile(file, 'mongodb://ledger:o%2Fld@mongo:27017/books?replicaSet=rs0\n')
  const [password = ''] = await make(folder)
  const written = `mongodb://ledger:${password}@mongo:27017/books?replicaSet=rs0`
  expect(await readFile(file, 'utf8')).toBe(written)

  await expect(
    make(folder, {}, [{ services: ['ledger'], name: 'other', knownTo: 'books' }]),
  ).rejects.toThrow('names none of the users that write there: other')
  expect(await readFile(file, 'utf8')).toBe(written)
})

test('the stack of npm start gets another secret, and keeps its others', async () => {
  const before = developmentSecrets(folder)
  keepAddresses(folder, { LEDGER_MONGODB_URI: uris.ledger })
  const passwords = await make(undefined)
  const after = developmentSecrets(folder)
  expect(after).toEqual({ ...before, usersSecret: expect.any(String) })
  expect(after.usersSecret).not.toBe(before.usersSecret)
  const { ledger, adapter } = userPasswords(after.usersSecret).database
  expect(passwords).toEqual([ledger, adapter])
})

test('passwords that no service would get are not made', async () => {
  await expect(make(undefined)).rejects.toThrow('--secrets FOLDER is needed')
  developmentSecrets(folder)
  keepAddresses(folder, { LEDGER_MONGODB_URI: 'mongodb://another/server' })
  await expect(make(undefined)).rejects.toThrow('--secrets FOLDER is needed')
  keepAddresses(folder, { LEDGER_MONGODB_URI: uris.ledger, STACK_SERVERS: 'external' })
  await expect(make(undefined)).rejects.toThrow('--secrets FOLDER is needed')
  keepAddresses(folder, { LEDGER_MONGODB_URI: uris.ledger, STACK_SERVERS: 'native' })
  await expect(make(undefined, { USERS_SECRET: 'the caller’s' })).rejects.toThrow('take it out')
})
