/** One finished backup of a folder or of an object storage, by its name alone. */
export type NamedBackup = {
  readonly name: string
  /** The moment it was begun. */
  readonly at: Date
  /** Packed and encrypted with age: one file; else a folder. */
  readonly sealed: boolean
}

export const sealedEnd = '.tar.age'
/** Ends the name of a backup that is still being written. */
export const unfinishedEnd = '.part'
/** Ends the name of the record of a drill that proved the backup. */
export const provenEnd = '.proven.json'

/** `recargas-20261129T023000Z`, in universal time, so that names sort by time. */
export const backupNameAt = (at: Date): string =>
  `recargas-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`

const named =
  /^recargas-(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z(?<end>\.tar\.age)?$/

/** @returns null for a name that this tool gives to no finished backup */
export const backupNamed = (name: string): NamedBackup | null => {
  const found = named.exec(name)?.groups
  if (found === undefined) return null
  const { year, month, day, hour, minute, second, end } = found
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // Made again from its own time, because a date such as February 31 is read as one in March.
  if (Number.isNaN(at.getTime()) || `${backupNameAt(at)}${end ?? ''}` !== name) return null
  return { name, at, sealed: end !== undefined }
}
