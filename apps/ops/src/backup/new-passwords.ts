import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stackFolder, stackValues } from '@recargas/runtime'
import { addressAs } from '@recargas/stack/database-users'
import { renewUsersSecret } from '@recargas/stack/development-values'
import { userPasswords } from '@recargas/stack/stack-access'
import { CannotRun } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'
import type { Service, ServiceUser } from './service-users.ts'

/** A place that the services get their passwords from, for those that a restore makes. */
export type NewPasswords = {
  /** Makes and stores one for each user. @throws CannotRun where there is no place to store them */
  readonly make: (users: readonly ServiceUser[]) => readonly string[]
  /** Place of the passwords, for the operator who starts the services. */
  readonly place: string
}

type Uris = Readonly<Record<Service, string>>

/**
 * Into the files of a folder where one is named; else into the secret of the stack of `npm start`, where the databases
 * are that stack's.
 */
export const newPasswordsFor = (uris: Uris, secretsFolder: string | undefined): NewPasswords => {
  if (secretsFolder !== undefined) return intoSecrets(secretsFolder, uris)
  const { environment } = terminal()
  const folder = stackFolder(environment)
  const values = stackValues(folder)
  // Users of servers that are not the stack's own are made by their owner: no start would give them another password.
  const makesUsers = values['USERS_SECRET'] !== undefined && values['STACK_SERVERS'] !== 'external'
  if (!makesUsers || values['LEDGER_MONGODB_URI'] !== uris.ledger) {
    return nowhere('--secrets FOLDER is needed: the services’ new addresses are written there')
  }
  if (environment['USERS_SECRET'] || environment['USERS_SECRET_FILE']) {
    return nowhere(
      'USERS_SECRET of the environment makes this stack’s passwords, and a restore needs new ones: take it out',
    )
  }
  return {
    make: (users) => {
      const { database } = userPasswords(renewUsersSecret(folder))
      return users.map(({ services }) => database[services[0] ?? 'ledger'])
    },
    place: `npm start gives them to the services, from ${folder}`,
  }
}

const nowhere = (problem: string): NewPasswords => ({
  make: () => {
    throw new CannotRun(problem)
  },
  place: '',
})

const fileOf = (folder: string, service: Service): string => join(folder, `mongodb_uri_${service}`)

/** Addresses under the names that compose has for them, to be given to the services as MONGODB_URI_FILE. */
const intoSecrets = (folder: string, uris: Uris): NewPasswords => ({
  make: (users) => {
    const passwords = users.map(() => randomBytes(24).toString('base64url'))
    const files = (['ledger', 'adapter'] as const).flatMap((service) => {
      const own = users.filter(({ services }) => services.includes(service))
      const path = fileOf(folder, service)
      return own.length === 0
        ? []
        : [{ path, text: addressFor(path, uris[service], own, users, passwords) }]
    })
    mkdirSync(folder, { recursive: true })
    for (const { path, text } of files) replaceFile(path, text)
    return passwords
  },
  place: `start the services with the new addresses in ${folder}`,
})

/** An address that is there keeps its user, hosts and options: a service may reach the server by other names than this tool. */
const addressFor = (
  path: string,
  uri: string,
  own: readonly ServiceUser[],
  users: readonly ServiceUser[],
  passwords: readonly string[],
): string => {
  const passwordOf = (user: ServiceUser) => passwords[users.indexOf(user)] ?? ''
  const [first] = own
  if (first === undefined || !existsSync(path)) {
    const { name = '', knownTo = '' } = first ?? {}
    const database = /\/\/[^/]+\/([^?]*)/.exec(uri)?.[1] ?? ''
    const password = first === undefined ? '' : passwordOf(first)
    return addressAs(uri, database, { name, password, knownTo })
  }
  const [, scheme = '', name = '', rest = ''] =
    /^(mongodb(?:\+srv)?:\/\/)([^:@/]+):[^@/]*(@.*)$/.exec(readFileSync(path, 'utf8').trim()) ?? []
  const user = own.find((each) => each.name === decodeURIComponent(name))
  if (user === undefined) {
    const known = own.map((each) => each.name).join(', ')
    throw new CannotRun(`${path} names none of the users that write there: ${known}`)
  }
  return `${scheme}${name}:${encodeURIComponent(passwordOf(user))}${rest}`
}

const replaceFile = (path: string, text: string): void => {
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o600
  writeFileSync(`${path}.part`, text, { mode })
  renameSync(`${path}.part`, path)
}
