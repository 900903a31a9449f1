import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unpackDebianPackages, type Suite } from './debian-packages.ts'
import { runtimeIn, tellErlangItsPlace, type BrokerPrograms } from './debian-rabbitmq.ts'

/** Debian 14, whose RabbitMQ is 4.3 on Erlang 29. */
const suite: Suite = { archive: 'debian', name: 'forky' }

/**
 * Unpacks RabbitMQ 4.3 with its Erlang and its C library, which is newer than that of the machine.
 * Programs of that Erlang are started by a script that names the loader and the libraries beside it.
 */
export const unpackNewerRabbitmq = (folder: string): Promise<void> =>
  unpackDebianPackages({
    packages: ['rabbitmq-server'],
    suite,
    onThisMachinesLibraries: false,
    folder,
    finish: (root) => {
      tellErlangItsPlace(root, folder)
      for (const program of programsUnder(join(root, erlangFolder)))
        startByOwnLoader(program, folder)
    },
  })

const erlangFolder = 'usr/lib/erlang'

/** The broker that was unpacked there, or null. */
export const newerRabbitmqIn = (folder: string): BrokerPrograms | null => {
  const rabbitmqScript = join(folder, 'usr/lib/rabbitmq/bin/rabbitmq-server')
  if (!existsSync(rabbitmqScript)) return null
  const erlang = join(folder, erlangFolder)
  const runtime = runtimeIn(erlang)
  if (runtime === undefined) return null
  return {
    rabbitmqScript,
    epmd: join(erlang, runtime, 'bin/epmd'),
    erlangEnv: { PATH: `${join(erlang, 'bin')}:${process.env['PATH'] ?? ''}` },
  }
}

const programsUnder = (erlang: string): readonly string[] =>
  readdirSync(erlang, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.endsWith('/bin'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => (statSync(file).mode & 0o111) !== 0 && isElf(file))

const isElf = (file: string): boolean => {
  const opened = openSync(file, 'r')
  try {
    const start = Buffer.alloc(4)
    readSync(opened, start)
    return start.equals(Buffer.from('\x7fELF', 'latin1'))
  } finally {
    closeSync(opened)
  }
}

const startByOwnLoader = (program: string, folder: string): void => {
  const real = `${program}.program`
  renameSync(program, real)
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu')
  const inPlace = join(folder, real.slice(real.indexOf(erlangFolder)))
  const loader = `'${libraries}/ld-linux-x86-64.so.2' --library-path '${libraries}'`
  const start = `exec ${loader} --argv0 "$0" '${inPlace}' "$@"`
  writeFileSync(program, `#!/bin/sh\n${start}\n`)
  chmodSync(program, 0o755)
}
