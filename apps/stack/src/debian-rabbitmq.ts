import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackDebianPackages } from './debian-packages.ts'
import { runProgram } from './run-program.ts'

/** The programs of a broker, in any installation. */
export type BrokerPrograms = {
  /** The server's own script, not a package's wrapper of it that only root may run. */
  readonly rabbitmqScript: string
  readonly epmd: string
  /** Environment for an Erlang outside its package's usual place; empty otherwise. */
  readonly erlangEnv: Readonly<Record<string, string>>
}

const packageName = 'rabbitmq-server'

/** As root: installed like any package, but without a broker of its own on the usual ports. */
export const installAsRoot = async (): Promise<void> => {
  // In this runlevel a package's services are not started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await runProgram('apt-get', ['update', '-q'], env)
  await runProgram('apt-get', ['install', '-qy', '--no-install-recommends', packageName], env)
}

/** Needs no root: the packages are downloaded and unpacked into a folder, from which they run. */
export const unpackInto = (folder: string): Promise<void> =>
  unpackDebianPackages({
    packages: [packageName],
    suite: 'of this machine',
    onThisMachinesLibraries: true,
    folder,
    finish: (root) => tellErlangItsPlace(root, folder),
  })

/** Debian's start scripts of Erlang, on PATH and in the runtime, have its path built in. */
export const tellErlangItsPlace = (root: string, folder: string): void => {
  const erlang = join(root, 'usr/lib/erlang')
  const runtime = runtimeIn(erlang)
  if (runtime === undefined) return
  const place = `ROOTDIR=${join(folder, 'usr/lib/erlang')}`
  for (const script of [join(erlang, 'bin/erl'), join(erlang, runtime, 'bin/erl')]) {
    const text = readFileSync(script, 'utf8')
    writeFileSync(script, text.replaceAll('ROOTDIR=/usr/lib/erlang', place))
  }
}

/** Name of the folder that holds the programs of an Erlang. */
export const runtimeIn = (erlang: string): string | undefined =>
  existsSync(erlang) ? readdirSync(erlang).find((name) => name.startsWith('erts-')) : undefined

/** The broker that was unpacked there, or null. */
export const unpackedIn = (folder: string): BrokerPrograms | null => {
  const rabbitmqScript = join(folder, 'usr/lib/rabbitmq/bin/rabbitmq-server')
  if (!existsSync(rabbitmqScript)) return null
  // Only the broker was downloaded when the machine has an Erlang already.
  const own = join(folder, 'usr/lib/erlang')
  const erlang = existsSync(own) ? own : '/usr/lib/erlang'
  const runtime = runtimeIn(erlang)
  if (runtime === undefined) return null
  const libraries = ['usr/lib', 'lib'].flatMap((part) => libraryFolders(join(folder, part)))
  return {
    rabbitmqScript,
    epmd: join(erlang, runtime, 'bin/epmd'),
    erlangEnv: {
      PATH: `${join(erlang, 'bin')}:${process.env['PATH'] ?? ''}`,
      LD_LIBRARY_PATH: libraries.join(':'),
    },
  }
}

/** Debian names a folder of libraries after the machine: x86_64-linux-gnu. */
const libraryFolders = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(folder, name))
    : []
