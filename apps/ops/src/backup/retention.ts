import type { NamedBackup } from './backup-names.ts'

const periods = ['daily', 'weekly', 'monthly'] as const
type Period = (typeof periods)[number]

/** Numbers of backups to keep: the newest ones, and the newest one of each of the last days, weeks and months that have any. */
export type Keep = Readonly<Record<'last' | Period, number>>

export const keepsNothing = (keep: Keep): boolean =>
  keep.last === 0 && periods.every((period) => keep[period] === 0)

export type Judged = {
  readonly backup: NamedBackup
  /** None: it may be deleted. */
  readonly reasons: readonly string[]
}

const dayMs = 86_400_000
const thursday = 4

/** Days, ISO weeks and months of universal time, as the names. */
const keyOf: Readonly<Record<Period, (at: Date) => string>> = {
  daily: (at) => at.toISOString().slice(0, 10),
  weekly: (at) => {
    // A week belongs to the year of its Thursday, and is named by that day here.
    const weekday = at.getUTCDay() || 7
    return new Date(at.getTime() + (thursday - weekday) * dayMs).toISOString().slice(0, 10)
  },
  monthly: (at) => at.toISOString().slice(0, 7),
}

/**
 * Judges backups as grandfather, father and son. Without any number nothing may be deleted. Kept whatever the numbers: the newest
 * one, the newest one that a drill has proven, and one of the future, which tells that a clock was wrong.
 */
export const judgeBackups = (
  backups: readonly NamedBackup[],
  { keep, proven, now }: { keep: Keep; proven: ReadonlySet<string>; now: Date },
): readonly Judged[] => {
  const newestFirst = [...backups].sort((a, b) => b.at.getTime() - a.at.getTime())
  const reasons = new Map<string, string[]>(newestFirst.map(({ name }) => [name, []]))
  const because = (backup: NamedBackup | undefined, reason: string): void => {
    if (backup !== undefined) reasons.get(backup.name)?.push(reason)
  }
  const past = newestFirst.filter(({ at }) => at <= now)
  for (const backup of newestFirst.filter(({ at }) => at > now)) because(backup, 'of the future')
  because(past[0], 'newest')
  because(
    past.find(({ name }) => proven.has(name)),
    'newest proven',
  )
  if (keepsNothing(keep)) for (const backup of newestFirst) because(backup, 'no limit given')
  for (const [index, backup] of past.slice(0, keep.last).entries()) {
    because(backup, `last ${index + 1}`)
  }
  for (const period of periods) {
    const first = new Map<string, NamedBackup>()
    for (const backup of past) {
      const key = keyOf[period](backup.at)
      if (!first.has(key)) first.set(key, backup)
    }
    for (const [index, backup] of [...first.values()].slice(0, keep[period]).entries()) {
      because(backup, `${period} ${index + 1}`)
    }
  }
  return newestFirst.map((backup) => ({ backup, reasons: reasons.get(backup.name) ?? [] }))
}
