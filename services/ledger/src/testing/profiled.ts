import type mongoose from 'mongoose'

/** One query as the server ran it. */
export type Profiled = {
  /** Collection, command and the fields it asked for. */
  readonly shape: string
  readonly plan: string
  /** Sorted beside the index. */
  readonly hasSortStage: boolean
  /** Documents or keys looked at, whichever were more. */
  readonly examined: number
  readonly given: number
}

type Entry = {
  readonly ns: string
  readonly op: string
  readonly command: Readonly<Record<string, unknown>>
  readonly planSummary?: string
  readonly hasSortStage?: boolean
  readonly keysExamined?: number
  readonly docsExamined?: number
  readonly nreturned?: number
  readonly nMatched?: number
  readonly ndeleted?: number
}

const profileBytes = 64 * 1024 * 1024

/** Everything the server did with the database's collections while that ran. */
export const profiled = async (
  { db }: { readonly db?: mongoose.mongo.Db | undefined },
  work: () => Promise<unknown>,
): Promise<readonly Profiled[]> => {
  if (db === undefined) throw new Error('the database connection is not open')
  await db.dropCollection('system.profile').catch(() => undefined)
  await db.createCollection('system.profile', { capped: true, size: profileBytes })
  await db.command({ profile: 2 })
  try {
    await work()
  } finally {
    await db.command({ profile: 0 })
  }
  const entries = await db
    .collection<Entry>('system.profile')
    .find({ planSummary: { $exists: true } })
    .toArray()
  return entries.map((entry) => ({
    shape: shapeOf(entry),
    plan: entry.planSummary ?? '',
    hasSortStage: entry.hasSortStage ?? false,
    examined: Math.max(entry.docsExamined ?? 0, entry.keysExamined ?? 0),
    given: Math.max(entry.nreturned ?? 0, entry.nMatched ?? 0, entry.ndeleted ?? 0),
  }))
}

const shapeOf = ({ ns, op, command }: Entry): string => {
  const collection = ns.slice(ns.indexOf('.') + 1)
  const [match] = (command['pipeline'] ?? []) as readonly Readonly<Record<string, unknown>>[]
  const filter = command['filter'] ?? command['query'] ?? command['q'] ?? match?.['$match'] ?? {}
  const name =
    ['find', 'aggregate', 'findAndModify'].find((command_) => command[command_] !== undefined) ?? op
  return `${collection}.${name} ${Object.keys(filter).join(',')}`.trim()
}
