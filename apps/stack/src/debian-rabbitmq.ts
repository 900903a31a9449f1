import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
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
export const unpackInto = async (folder: string): Promise<void> => {
  const work = `${folder}.part`
  const [state, cache, root] = [join(work, 'state'), join(work, 'cache'), join(work, 'root')]
  rmSync(work, { recursive: true, force: true })
  for (const needed of [join(state, 'lists/partial'), join(cache, 'archives/partial'), root]) {
    mkdirSync(needed, { recursive: true })
  }
  const own = [
    ...['-q', '-o', `Dir::State=${state}`, '-o', 'Dir::State::status=/var/lib/dpkg/status'],
    ...['-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1'],
  ]
  await runProgram('apt-get', [...own, 'update'])
  const wanted = ['install', '-y', '--download-only', '--no-install-recommends', packageName]
  await runProgram('apt-get', [...own, ...wanted])
  for (const file of readdirSync(join(cache, 'archives'))) {
    if (file.endsWith('.deb')) {
      await runProgram('dpkg-deb', ['--extract', join(cache, 'archives', file), root])
    }
  }
  tellErlangItsPlace(root, folder)
  rmSync(folder, { recursive: true, force: true })
  // Whole or not at all: an interrupted attempt is begun anew.
  renameSync(root, folder)
  rmSync(work, { recursive: true, force: true })
}

/** Debian's start script of Erlang has its path built in. */
const tellErlangItsPlace = (root: string, folder: string): void => {
  const script = join(root, 'usr/lib/erlang/bin/erl')
  if (!existsSync(script)) return
  const place = `ROOTDIR=${join(folder, 'usr/lib/erlang')}`
  writeFileSync(script, readFileSync(script, 'utf8').replaceAll('ROOTDIR=/usr/lib/erlang', place))
}

/** The broker that was unpacked there, or null. */
export const unpackedIn = (folder: string): BrokerPrograms | null => {
  const rabbitmqScript = join(folder, 'usr/lib/rabbitmq/bin/rabbitmq-server')
  if (!existsSync(rabbitmqScript)) return null
  // Only the broker was downloaded when the machine has an Erlang already.
  const own = join(folder, 'usr/lib/erlang')
  const erlang = existsSync(own) ? own : '/usr/lib/erlang'
  const runtime = readdirSync(erlang).find((name) => name.startsWith('erts-'))
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
