import { lastDrillIn, readBackupFolder } from './backup-folder.ts'

/** The figures of a folder of backups in Prometheus' text format. 0 stands for never. */
export const figuresOfBackups = (folder: string): string => {
  const found = readBackupFolder(folder)
  const newest = Math.max(0, ...found.backups.map(({ at }) => at.getTime()))
  const drill = lastDrillIn(folder, found)?.getTime() ?? 0
  const gauge = (name: string, help: string, value: number) =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`
  return (
    gauge(
      'backup_newest_timestamp_seconds',
      'When the newest finished backup was begun.',
      newest / 1_000,
    ) +
    gauge(
      'backup_drill_timestamp_seconds',
      'When a drill last restored a backup and proved it.',
      drill / 1_000,
    )
  )
}
