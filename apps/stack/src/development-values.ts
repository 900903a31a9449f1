import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  readValues,
  stackAddressesFile,
  stackFolder as folderIn,
  stackSecretsFile as valuesFile,
} from '@recargas/runtime'
import { environmentValue } from './given-value.ts'
import type { StackSecrets } from './supervisor.ts'

/** The stack's folder of data, logs and generated values. */
export const stackFolder = (): string => folderIn(process.env)

const names = {
  jwtSecret: 'JWT_SECRET',
  serviceToken: 'SERVICE_TOKEN',
  tpagaApiKey: 'TPAGA_API_KEY',
  usersSecret: 'USERS_SECRET',
}

/** The development secrets of a folder, made once. The real environment counts more. */
export const developmentSecrets = (folder: string): StackSecrets => {
  const values = keptSecrets(folder)
  writeSecrets(folder, values)
  return {
    jwtSecret: environmentValue(names.jwtSecret) ?? values.jwtSecret,
    serviceToken: environmentValue(names.serviceToken) ?? values.serviceToken,
    tpagaApiKey: environmentValue(names.tpagaApiKey) ?? values.tpagaApiKey,
    usersSecret: environmentValue(names.usersSecret) ?? values.usersSecret,
  }
}

/**
 * Generates another secret for the servers' users: from the next start on earlier passwords are refused. @returns the secret
 */
export const renewUsersSecret = (folder: string): string => {
  const usersSecret = newUsersSecret()
  writeSecrets(folder, { ...keptSecrets(folder), usersSecret })
  return usersSecret
}

const newUsersSecret = (): string => randomBytes(32).toString('base64url')

const keptSecrets = (folder: string): StackSecrets => {
  const kept = readValues(valuesFile(folder))
  return {
    jwtSecret: kept[names.jwtSecret] ?? randomBytes(32).toString('base64url'),
    serviceToken: kept[names.serviceToken] ?? randomBytes(24).toString('base64url'),
    tpagaApiKey: kept[names.tpagaApiKey] ?? `sandbox-${randomBytes(12).toString('hex')}`,
    usersSecret: kept[names.usersSecret] ?? newUsersSecret(),
  }
}

const writeSecrets = (folder: string, values: StackSecrets): void => {
  const file = valuesFile(folder)
  const lines = Object.entries(names).map(
    ([value, name]) => `${name}=${values[value as keyof StackSecrets]}`,
  )
  mkdirSync(dirname(file), { recursive: true })
  // Whole or not at all: half a file would lose the secrets that it does not hold.
  writeFileSync(`${file}.part`, `${lines.join('\n')}\n`, { mode: 0o600 })
  chmodSync(`${file}.part`, 0o600)
  renameSync(`${file}.part`, file)
}

/** The secret that tokens are signed with, or null where no stack has made one yet. */
export const keptJwtSecret = (folder: string): string | null =>
  environmentValue(names.jwtSecret) ?? readValues(valuesFile(folder))[names.jwtSecret] ?? null

/** Stores the addresses of a stack's parts for every tool, under the names of their settings. Some values hold passwords. */
export const keepAddresses = (
  folder: string,
  addresses: Readonly<Record<string, string>>,
): void => {
  const file = stackAddressesFile(folder)
  const lines = Object.entries(addresses).map(([name, value]) => `${name}=${value}`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}
