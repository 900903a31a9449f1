import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { environmentValue } from './environment-value.ts'
import type { StackSecrets } from './supervisor.ts'

/** Where a stack keeps its data, logs and the values it made. */
export const stackFolder = (): string => process.env['STACK_DIR'] || '.stack'

const names = {
  jwtSecret: 'JWT_SECRET',
  serviceToken: 'SERVICE_TOKEN',
  tpagaApiKey: 'TPAGA_API_KEY',
  usersSecret: 'USERS_SECRET',
}

const valuesFile = (folder: string) => join(folder, 'env')

/** The development secrets of a folder, made once. The real environment counts more. */
export const developmentSecrets = (folder: string): StackSecrets => {
  const file = valuesFile(folder)
  const kept = readValues(file)
  const values = {
    jwtSecret: kept[names.jwtSecret] ?? randomBytes(32).toString('base64url'),
    serviceToken: kept[names.serviceToken] ?? randomBytes(24).toString('base64url'),
    tpagaApiKey: kept[names.tpagaApiKey] ?? `sandbox-${randomBytes(12).toString('hex')}`,
    usersSecret: kept[names.usersSecret] ?? randomBytes(32).toString('base64url'),
  }
  const lines = Object.entries(names).map(
    ([value, name]) => `${name}=${values[value as keyof StackSecrets]}`,
  )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
  return {
    jwtSecret: environmentValue(names.jwtSecret) ?? values.jwtSecret,
    serviceToken: environmentValue(names.serviceToken) ?? values.serviceToken,
    tpagaApiKey: environmentValue(names.tpagaApiKey) ?? values.tpagaApiKey,
    usersSecret: environmentValue(names.usersSecret) ?? values.usersSecret,
  }
}

/** The secret that tokens are signed with, or null where no stack has made one yet. */
export const keptJwtSecret = (folder: string): string | null =>
  environmentValue(names.jwtSecret) ?? readValues(valuesFile(folder))[names.jwtSecret] ?? null

/** Where a later `npm run verify` finds the ledger; the address may hold a password. */
export const keepLedgerUri = (folder: string, uri: string): void => {
  const file = join(folder, 'ledger-uri')
  writeFileSync(file, `${uri}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}

const addressesFile = (folder: string) => join(folder, 'addresses')

/** Where `npm run ops` finds a running stack: names as its own settings; some hold passwords. */
export const keepAddresses = (
  folder: string,
  addresses: Readonly<Record<string, string>>,
): void => {
  const file = addressesFile(folder)
  const lines = Object.entries(addresses).map(([name, value]) => `${name}=${value}`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}

/** What a stack of that folder wrote down: its secrets and where its parts are. Empty where none has run. */
export const keptValues = (folder: string): Readonly<Record<string, string | undefined>> => ({
  ...readValues(valuesFile(folder)),
  ...readValues(addressesFile(folder)),
})

const readValues = (file: string): Readonly<Record<string, string | undefined>> => {
  if (!existsSync(file)) return {}
  const lines = readFileSync(file, 'utf8').split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
    }),
  )
}
