import {
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { repository } from '@recargas/stack/service-process'

/** Skips folders without sources: installed packages, versions, and hidden folders of earlier runs. */
const isCopied = (path: string): boolean => {
  const name = basename(path)
  if (name === 'node_modules' || name === '.git') return false
  const isHiddenAtTop = dirname(path) === resolve(repository) && name.startsWith('.')
  return !isHiddenAtTop || !lstatSync(path).isDirectory()
}

/**
 * The repository as it is here, built, in another folder. The dependencies are linked; the workspaces among them are
 * the copy's own, so that every path of the running code is one of the copy.
 */
export const copyRepository = (folder: string): void => {
  cpSync(repository, folder, { recursive: true, preserveTimestamps: true, filter: isCopied })
  const installed = join(repository, 'node_modules')
  const linked = join(folder, 'node_modules')
  mkdirSync(join(linked, '@recargas'), { recursive: true })
  for (const name of readdirSync(installed)) {
    const from = join(installed, name)
    if (name === '@recargas') continue
    if (lstatSync(from).isFile()) copyFileSync(from, join(linked, name))
    else symlinkSync(from, join(linked, name))
  }
  for (const name of readdirSync(join(installed, '@recargas'))) {
    // Relative, so that it leads to the copy's workspace.
    const target = readlinkSync(join(installed, '@recargas', name))
    symlinkSync(target, join(linked, '@recargas', name))
  }
}
