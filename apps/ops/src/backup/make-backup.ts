import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '@recargas/contracts'
import { CannotRun } from '@recargas/stack/reach/target'
import { readBackupFolder, removeBackup, removeUnfinished, sealedName } from './backup-folder.ts'
import { figuresOfBackups } from './backup-figures.ts'
import { backupNameAt, unfinishedEnd } from './backup-names.ts'
import { readBackup, type Manifest } from './manifest.ts'
import { judgeBackups, type Judged, type Keep } from './retention.ts'
import { sealFolder } from './seal.ts'
import { writeBackup } from './write-backup.ts'

export type BackupPlan = {
  /** Holds all backups, each under its own name. */
  readonly folder: string
  readonly uris: Readonly<Record<'adapter' | 'ledger', string>>
  readonly commit: string
  readonly keep: Keep
  /** Public keys of age; none: it is not encrypted. */
  readonly recipients: readonly string[]
  /** Gets the figures for Prometheus, for its node exporter to read. */
  readonly metricsFile?: string
  readonly now: () => Date
  readonly signal: AbortSignal
}

export type MadeBackup = {
  readonly name: string
  readonly manifest: Manifest
  readonly removed: readonly string[]
  /** Backups that could not be deleted, with the reason. */
  readonly left: readonly string[]
}

/** A run that writes for longer than this has ended long ago. */
const unfinishedMs = 86_400_000

/**
 * Makes one backup, reads it again, and only then deletes those that the plan does not keep. Until it is whole it has the name of an
 * unfinished one, which nothing takes for a backup.
 */
export const makeBackup = async (plan: BackupPlan): Promise<MadeBackup> => {
  const { folder, recipients, signal, now } = plan
  mkdirSync(folder, { recursive: true })
  const plainName = backupNameAt(now())
  const name = recipients.length === 0 ? plainName : sealedName(plainName)
  const plain = join(folder, `${plainName}${unfinishedEnd}`)
  const sealed = join(folder, `${sealedName(plainName)}${unfinishedEnd}`)
  if (existsSync(join(folder, name))) throw new CannotRun(`${join(folder, name)} is there already`)
  try {
    await writeBackup(plain, plan.uris, plan.commit, signal)
    const manifest = await readBackup(plain)
    if (recipients.length > 0) await sealFolder(plain, sealed, recipients, signal)
    renameSync(recipients.length === 0 ? plain : sealed, join(folder, name))
    rmSync(plain, { recursive: true, force: true })
    const { removed, left } = removeExpired(plan)
    writeFigures(plan)
    return { name, manifest, removed, left }
  } catch (error) {
    for (const path of [plain, sealed]) rmSync(path, { recursive: true, force: true })
    throw signal.aborted
      ? new CannotRun('stopped: nothing of it was kept')
      : roomError(error, folder)
  }
}

const roomError = (error: unknown, folder: string): unknown =>
  (error as { code?: unknown }).code === 'ENOSPC' || /no space left/i.test(String(error))
    ? new CannotRun(
        `${folder} has no room for another backup, and nothing was deleted: free some, or keep fewer`,
        { cause: error },
      )
    : error

/** Judges the backups of a folder. */
export const judgeFolder = ({
  folder,
  keep,
  now,
}: Pick<BackupPlan, 'folder' | 'keep' | 'now'>): readonly Judged[] => {
  const { backups, proven } = readBackupFolder(folder)
  return judgeBackups(backups, { keep, proven, now: now() })
}

const removeExpired = (plan: BackupPlan): Pick<MadeBackup, 'removed' | 'left'> => {
  const { folder, now } = plan
  const removed: string[] = []
  const left: string[] = []
  const remove = (name: string, how: () => void): void => {
    try {
      how()
      removed.push(name)
    } catch (error) {
      left.push(`${name}: ${errorText(error)}`)
    }
  }
  for (const { backup, reasons } of judgeFolder(plan)) {
    if (reasons.length === 0) remove(backup.name, () => removeBackup(folder, backup))
  }
  for (const unfinished of readBackupFolder(folder).unfinished) {
    if (now().getTime() - unfinished.at.getTime() < unfinishedMs) continue
    remove(`${unfinished.name}${unfinishedEnd}`, () => removeUnfinished(folder, unfinished))
  }
  return { removed, left }
}

/** Whole or not at all: its reader may come at any moment. */
const writeFigures = ({ folder, metricsFile }: BackupPlan): void => {
  if (metricsFile === undefined) return
  writeFileSync(`${metricsFile}${unfinishedEnd}`, figuresOfBackups(folder), { mode: 0o644 })
  renameSync(`${metricsFile}${unfinishedEnd}`, metricsFile)
}
