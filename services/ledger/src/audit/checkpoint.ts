import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { types } from 'node:util'
import type { LogRecords } from './log-records.ts'
import type { Replay } from './replay.ts'

/** The end of an earlier run, stored outside the database: each partition's replay at a block, with the block's hash. */
export type Checkpoint = { readonly birth: string; readonly replays: readonly Replay[] }

/** Higher than any format of the journal's proof. */
export const checkpointFormat = 16

/** Written beside and renamed, so that a run that is killed leaves the last whole one. */
export const writeCheckpoint = (file: string, checkpoint: Checkpoint): void => {
  const body = textOf(checkpoint)
  writeFileSync(
    `${file}.new`,
    `${JSON.stringify({ format: checkpointFormat, sha256: digest(body) })}\n${body}\n`,
  )
  renameSync(`${file}.new`, file)
}

/**
 * @returns null where no run has left one yet
 * @throws where the file is damaged, or from another version
 */
export const readCheckpoint = (file: string): Checkpoint | null => {
  if (!existsSync(file)) return null
  const [header = '', body = ''] = readFileSync(file, 'utf8').split('\n')
  let named: { readonly format?: unknown; readonly sha256?: unknown }
  try {
    named = JSON.parse(header) as typeof named
  } catch {
    throw new Error(`${file} is no checkpoint`)
  }
  if (named.format !== checkpointFormat || named.sha256 !== digest(body)) {
    throw new Error(`${file} is damaged or another version's; without it everything is proven anew`)
  }
  return valueOf(body) as Checkpoint
}

/** Replays as text, with their maps. */
export const textOf = (value: Checkpoint | Replay): string =>
  JSON.stringify(value, (_, part: unknown) =>
    // A copy's maps may come from another realm.
    types.isMap(part) ? { entries: [...part] } : part,
  )

export const valueOf = (text: string): unknown =>
  JSON.parse(text, (_, part: unknown) => (isMap(part) ? new Map(part.entries) : part))

const digest = (body: string): string => createHash('sha256').update(body).digest('hex')

const isMap = (value: unknown): value is { readonly entries: [unknown, unknown][] } =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  Array.isArray((value as { entries?: unknown }).entries)

/** The difference between a checkpoint and this log; null for a checkpoint of this log. */
export const checkpointMismatch = async (
  { birth, replays }: Checkpoint,
  { blocks, inspect }: LogRecords,
): Promise<string | null> => {
  const here = await inspect()
  const id = here.birth?.birth ?? 'none'
  if (id !== birth) return `it is of the ledger born as ${birth}, not ${id}`
  for (const { partition, tip } of replays) {
    if (tip === null) continue
    const read = await blocks.find(partition, tip.position)
    if (read?.kind !== 'block' || read.block.hash !== tip.hash) {
      return `partition ${partition} has another block ${tip.position}, or none`
    }
  }
  return null
}
