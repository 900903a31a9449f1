import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@recargas/stack/service-process'
import { workspaceManifests } from './release/make-release.ts'

/** Reads a file. Paths here and below count from the repository's root. */
export const textOf = (path: string): string => readFileSync(join(repository, path), 'utf8')

export const exists = (path: string): boolean => existsSync(join(repository, path))

const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage'])

/** Lists the files of a folder. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))

/** Lists the names of the folders in a folder. */
export const foldersIn = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** Lists every file under a folder. Hidden, installed and built folders are left out. */
export const filesUnder = (folder: string): readonly string[] => [
  ...filesIn(folder).filter((path) => !path.split('/').at(-1)?.startsWith('.')),
  ...foldersIn(folder)
    .filter((name) => !name.startsWith('.') && !skipped.has(name))
    .flatMap((name) => filesUnder(join(folder, name))),
]

/** The folder of each workspace. */
export const workspaces = workspaceManifests(repository).map((manifest) =>
  manifest.replace('/package.json', ''),
)
