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

/** A suite of Debian other than the machine's own, in one of the two archives that every Debian machine knows. */
export type Suite = { readonly archive: 'debian' | 'debian-security'; readonly name: string }

type Wanted = {
  readonly packages: readonly string[]
  readonly suite: Suite | 'of this machine'
  /** False: all that the packages need comes with them, the C library included. */
  readonly onThisMachinesLibraries: boolean
  /** Made anew, whole or not at all. */
  readonly folder: string
  /** Called with the unpacked files before they are moved to the folder. */
  readonly finish?: (root: string) => void
}

/**
 * Downloads packages with what they depend on and unpacks them into a folder. Nothing is installed and no root is needed.
 * @throws with apt-get's last lines, or when the machine names no archive of Debian
 */
export const unpackDebianPackages = async (wanted: Wanted): Promise<void> => {
  const work = `${wanted.folder}.part`
  const [state, cache, root] = [join(work, 'state'), join(work, 'cache'), join(work, 'root')]
  rmSync(work, { recursive: true, force: true })
  for (const needed of [join(state, 'lists/partial'), join(cache, 'archives/partial'), root]) {
    mkdirSync(needed, { recursive: true })
  }
  const own = [
    ...['-q', '-o', `Dir::State=${state}`, '-o', `Dir::Cache=${cache}`],
    ...['-o', 'Debug::NoLocking=1', ...suiteOptions(wanted, work)],
  ]
  await runProgram('apt-get', [...own, 'update'])
  const download = ['install', '-y', '--download-only', '--no-install-recommends']
  await runProgram('apt-get', [...own, ...download, ...wanted.packages])
  for (const file of readdirSync(join(cache, 'archives'))) {
    if (file.endsWith('.deb')) {
      await runProgram('dpkg-deb', ['--extract', join(cache, 'archives', file), root])
    }
  }
  wanted.finish?.(root)
  rmSync(wanted.folder, { recursive: true, force: true })
  // Whole or not at all: an interrupted attempt is begun anew.
  renameSync(root, wanted.folder)
  rmSync(work, { recursive: true, force: true })
}

const suiteOptions = (
  { suite, onThisMachinesLibraries }: Wanted,
  work: string,
): readonly string[] => {
  const nothingInstalled = join(work, 'status')
  writeFileSync(nothingInstalled, '')
  const status = onThisMachinesLibraries ? '/var/lib/dpkg/status' : nothingInstalled
  const known = ['-o', `Dir::State::status=${status}`]
  if (suite === 'of this machine') return known
  const sources = join(work, 'suite.list')
  const archive = archiveUri(suite.archive)
  writeFileSync(sources, `deb [signed-by=${keyring}] ${archive} ${suite.name} main\n`)
  const only = ['-o', `Dir::Etc::sourcelist=${sources}`, '-o', 'Dir::Etc::sourceparts=/dev/null']
  return [...known, ...only]
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const sourceFolder = '/etc/apt/sources.list.d'

/** Address of an archive as this machine's own sources have it, in apt's old form or in the new one. */
const archiveUri = (archive: Suite['archive']): string => {
  const further = existsSync(sourceFolder)
    ? readdirSync(sourceFolder).map((name) => join(sourceFolder, name))
    : []
  const uris = ['/etc/apt/sources.list', ...further]
    .filter((file) => existsSync(file))
    .flatMap(
      (file) => readFileSync(file, 'utf8').match(/\b(?:https?|file|mirror\+file):\S+/g) ?? [],
    )
  const found = uris.find((uri) => uri.replace(/\/$/, '').endsWith(`/${archive}`))
  if (found === undefined) throw new Error(`apt knows no address that ends with /${archive}`)
  return found
}
