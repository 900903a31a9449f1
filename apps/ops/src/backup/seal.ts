import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, onPath } from '@recargas/stack/install'
import { CannotRun } from '@recargas/stack/reach/target'
import { DamagedBackup } from './manifest.ts'

/** `.ci/run` unpacks it there where the machine has none. */
const ageProgram = (): string => {
  const found = onPath('age', [join(cacheFolder(), 'backup')])
  if (found !== null) return found
  throw new CannotRun('age is not installed, which encrypts backups: apt-get install age')
}

/** Packs a folder and encrypts it for the public keys of age. @throws CannotRun with the words of the program that failed */
export const sealFolder = async (
  folder: string,
  file: string,
  recipients: readonly string[],
  signal?: AbortSignal,
): Promise<void> => {
  const age = [...recipients.flatMap((recipient) => ['--recipient', recipient]), '--output', file]
  const failed = await piped(['tar', ['-C', folder, '-cf', '-', '.']], [ageProgram(), age], signal)
  if (failed !== null) throw new CannotRun(`the backup cannot be encrypted: ${failed}`)
}

/**
 * Decrypts and unpacks a sealed backup into an empty folder.
 * @throws CannotRun where the key is not its own, DamagedBackup where it is not whole
 */
export const openSealed = async (
  file: string,
  folder: string,
  identity: string,
  signal?: AbortSignal,
): Promise<void> => {
  if (!existsSync(identity)) throw new CannotRun(`--identity ${identity}: there is no such file`)
  const failed = await piped(
    [ageProgram(), ['--decrypt', '--identity', identity, file]],
    ['tar', ['-C', folder, '--no-same-owner', '-xf', '-']],
    signal,
  )
  if (failed === null) return
  if (/no identity matched/.test(failed)) {
    throw new CannotRun(
      `${file} is encrypted for other keys than the one in ${identity}: take the private key of its recipient`,
    )
  }
  if (/no space left/i.test(failed)) {
    throw new CannotRun(`${folder} has no room for the backup: --work a folder with more`)
  }
  if (/identity file|malformed secret key|no secret keys/.test(failed)) {
    throw new CannotRun(`${identity} holds no private key of age: ${failed}`)
  }
  throw new DamagedBackup(
    `${file} cannot be decrypted and unpacked: ${failed}; take another backup`,
  )
}

const magic = 'age-encryption.org/v1'

export const isSealed = (file: string): boolean => {
  const descriptor = openSync(file, 'r')
  try {
    const head = Buffer.alloc(magic.length)
    return readSync(descriptor, head) === magic.length && head.toString() === magic
  } finally {
    closeSync(descriptor)
  }
}

type Command = readonly [program: string, args: readonly string[]]

/** Runs one program's output into another. @returns what the failing one said; null where both went well */
const piped = async (
  [first, firstArgs]: Command,
  [second, secondArgs]: Command,
  signal: AbortSignal | undefined,
): Promise<string | null> => {
  const own = signal === undefined ? {} : { signal }
  const source = spawn(first, firstArgs, { ...own, stdio: ['ignore', 'pipe', 'pipe'] })
  const sink = spawn(second, secondArgs, { ...own, stdio: ['pipe', 'ignore', 'pipe'] })
  // The one that ended early is told of by its exit, and the other by a closed pipe.
  sink.stdin.on('error', () => undefined)
  source.stdout.pipe(sink.stdin)
  const [fromSource, fromSink] = await Promise.all([endOf(source, first), endOf(sink, second)])
  signal?.throwIfAborted()
  // age tells why it failed; tar beside it only that its input ended.
  const failed = [fromSource, fromSink].filter((each) => each !== null)
  return failed.find((text) => text.startsWith('age')) ?? failed[0] ?? null
}

const wordsMax = 400

const endOf = async (child: ChildProcess, program: string): Promise<string | null> => {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-wordsMax)
  })
  const [code] = (await once(child, 'close').catch((error: unknown) => [String(error)])) as [
    unknown,
  ]
  if (code === 0) return null
  const words = said.trim().split('\n').slice(0, 2).join('; ')
  return words === '' ? `${program} ended with ${String(code)}` : words
}
