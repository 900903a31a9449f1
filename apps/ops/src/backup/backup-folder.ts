import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CannotRun } from '@recargas/stack/reach/target'
import {
  backupNamed,
  provenEnd,
  sealedEnd,
  unfinishedEnd,
  type NamedBackup,
} from './backup-names.ts'
import { Manifest, manifestFile } from './manifest.ts'
import { isSealed } from './seal.ts'

export type BackupFolder = {
  readonly backups: readonly NamedBackup[]
  /** Names of the backups that a drill has proven. */
  readonly proven: ReadonlySet<string>
  /** Files named like a backup that this tool did not make: never deleted. */
  readonly foreign: readonly string[]
  /** Begun by a run that was cut off, or that still writes. */
  readonly unfinished: readonly NamedBackup[]
}

/** Reads a folder of backups. Everything that this tool did not make is left out of it. */
export const readBackupFolder = (folder: string): BackupFolder => {
  if (!existsSync(folder)) throw new CannotRun(`${folder}: there is no such folder of backups`)
  const names = readdirSync(folder)
  const found = names.flatMap((name) => backupNamed(name) ?? [])
  const own = (backup: NamedBackup) => isOwn(join(folder, backup.name), backup)
  return {
    backups: found.filter(own),
    proven: provenIn(names),
    foreign: found.filter((backup) => !own(backup)).map(({ name }) => name),
    unfinished: names.flatMap((name) =>
      name.endsWith(unfinishedEnd) ? (backupNamed(name.slice(0, -unfinishedEnd.length)) ?? []) : [],
    ),
  }
}

export const provenIn = (names: readonly string[]): ReadonlySet<string> =>
  new Set(
    names
      .filter((name) => name.endsWith(provenEnd))
      .map((name) => name.slice(0, -provenEnd.length)),
  )

/** A link is never followed; a folder is a backup by its manifest, a file by the first words of age. */
const isOwn = (path: string, { sealed }: NamedBackup): boolean => {
  const found = lstatSync(path)
  if (sealed) return found.isFile() && isSealed(path)
  if (!found.isDirectory()) return false
  try {
    const stored: unknown = JSON.parse(readFileSync(join(path, manifestFile), 'utf8'))
    return Manifest.safeParse(stored).success
  } catch {
    return false
  }
}

export const removeBackup = (folder: string, { name }: NamedBackup): void => {
  rmSync(join(folder, name), { recursive: true })
  rmSync(join(folder, `${name}${provenEnd}`), { force: true })
}

export const removeUnfinished = (folder: string, { name, sealed }: NamedBackup): void => {
  const path = join(folder, `${name}${unfinishedEnd}`)
  if (lstatSync(path).isDirectory() !== sealed) rmSync(path, { recursive: true })
}

const Proof = z.looseObject({ at: z.iso.datetime() })

/** Time of the last drill that proved a backup of the folder. */
export const lastDrillIn = (folder: string, { proven }: BackupFolder): Date | null => {
  const times = [...proven].flatMap((name) => {
    const text = readFileSync(join(folder, `${name}${provenEnd}`), 'utf8')
    const record = Proof.safeParse(JSON.parse(text))
    return record.success ? [Date.parse(record.data.at)] : []
  })
  return times.length === 0 ? null : new Date(Math.max(...times))
}

/** Bytes that a user may still write in a folder. */
export const roomIn = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export const sealedName = (name: string): string => `${name}${sealedEnd}`
