import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CannotRun } from '@recargas/stack/reach/target'

/** The order of a backup's reads: each database knows at least everything that the earlier ones refer to (ADR 0027). */
export const databaseNames = ['adapter', 'ledger', 'blocks'] as const
export type DatabaseName = (typeof databaseNames)[number]

type Contents = {
  readonly collections: 'all' | readonly string[]
  /**
   * `instant`: mutable documents are read in one snapshot, which the server keeps for some minutes.
   * `log`: append-only documents may be read for hours, because a document once read does not
   * change.
   */
  readonly readAs: 'instant' | 'log'
}
/** Collections that blocks cannot rebuild. All else of the ledger's database is a projection or the progress of its proof, which a ledger that starts makes anew. */
const besideBlocks = [
  'case_closings',
  'day_closings',
  'leases',
  'quarantine',
  'quarantine_actions',
  'reconciliations',
  'selling',
]
export const contents: Readonly<Record<DatabaseName, Contents>> = {
  adapter: { collections: 'all', readAs: 'instant' },
  ledger: { collections: besideBlocks, readAs: 'instant' },
  blocks: { collections: ['blocks'], readAs: 'log' },
}

/** One collection as a file of BSON documents, with its indexes and options. */
export const CollectionFile = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,120}$/),
  documents: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As in Extended JSON: options may hold queries. */
  options: z.string(),
  indexes: z.string(),
})
export type CollectionFile = z.infer<typeof CollectionFile>

const DatabaseDump = z.strictObject({
  /** The backup holds everything that was durable then. */
  at: z.iso.datetime(),
  collections: z.array(CollectionFile),
})
export type DatabaseDump = z.infer<typeof DatabaseDump>

export const manifestVersion = 2

/** Written last: without it a folder is no backup. */
export const Manifest = z.strictObject({
  version: z.literal(manifestVersion),
  /** Commit of the programs that made it. */
  commit: z.string(),
  /** Sales up to here are in the backup; later ones are lost. */
  recoveryPoint: z.iso.datetime(),
  adapter: DatabaseDump,
  ledger: DatabaseDump,
  blocks: DatabaseDump,
})
export type Manifest = z.infer<typeof Manifest>

const Versioned = z.looseObject({ version: z.int() })

export const manifestFile = 'manifest.json'

export const fileOf = (folder: string, database: DatabaseName, collection: string): string =>
  join(folder, database, `${collection}.bson`)

/** Not whole: nothing can be restored from it. */
export class DamagedBackup extends CannotRun {}

const parsed = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown
  } catch (cause) {
    throw new DamagedBackup(`${path} is cut off or damaged: take another backup`, { cause })
  }
}

const refusing = <Schema extends z.ZodType>(path: string, schema: Schema, stored: unknown) => {
  const read = schema.safeParse(stored)
  if (read.success) return read.data
  throw new DamagedBackup(`${path} is no manifest of a backup of Recargas`, { cause: read.error })
}

/**
 * Reads a backup and proves every file by its checksum.
 * @throws CannotRun where it is none that this version reads, DamagedBackup where it is not whole
 */
export const readBackup = async (folder: string): Promise<Manifest> => {
  const path = join(folder, manifestFile)
  if (!existsSync(path)) {
    throw new CannotRun(`${folder} holds no finished backup: it has no ${manifestFile}`)
  }
  const stored = parsed(path)
  const { version } = refusing(path, Versioned, stored)
  if (version !== manifestVersion) {
    throw new CannotRun(
      `${folder} is a backup of layout ${version}, this version reads ${manifestVersion}: restore it with the version that made it`,
    )
  }
  const manifest = refusing(path, Manifest, stored)
  for (const database of databaseNames) {
    for (const { name, sha256 } of manifest[database].collections) {
      const file = fileOf(folder, database, name)
      const found = await checksumOf(file).catch((cause: unknown) => {
        throw new DamagedBackup(`${file} cannot be read: take another backup`, { cause })
      })
      if (found !== sha256) {
        throw new DamagedBackup(`${file} differs from the backup's manifest: take another backup`)
      }
    }
  }
  return manifest
}

const checksumOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
