import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { LedgerRecords, LedgerSource } from './ledger-source.ts'
import type { Replay } from './replay-state.ts'

/** What a run had proven, kept outside the database. */
export type Checkpoint = { readonly database: string; readonly replays: readonly Replay[] }

const format = 4

/** Written beside and renamed, so that a run that is killed leaves the last whole one. */
export const writeCheckpoint = (file: string, checkpoint: Checkpoint): void => {
  const body = JSON.stringify(checkpoint, (_, value: unknown) =>
    value instanceof Map ? { entries: [...value] } : value,
  )
  writeFileSync(`${file}.new`, `${JSON.stringify({ format, sha256: digest(body) })}\n${body}\n`)
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
  if (named.format !== format || named.sha256 !== digest(body)) {
    throw new Error(`${file} is damaged or another version's; without it everything is proven anew`)
  }
  return JSON.parse(body, (_, value: unknown) =>
    isMap(value) ? new Map(value.entries) : value,
  ) as Checkpoint
}

const digest = (body: string): string => createHash('sha256').update(body).digest('hex')

const isMap = (value: unknown): value is { readonly entries: [unknown, unknown][] } =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  Array.isArray((value as { entries?: unknown }).entries)

/** Why a checkpoint is not this journal's; null where it is. */
export const checkpointMismatch = async (
  { database, replays }: Checkpoint,
  records: LedgerRecords,
): Promise<string | null> => {
  const { name } = await records.identity()
  if (name !== database) return `it is of another database: ${database}, not ${name}`
  for (const { partition, seq, hash } of replays) {
    if (seq > 0 && (await hashAt(records.live, partition, seq)) !== hash) {
      return `partition ${partition} has another entry ${seq}, or none`
    }
  }
  return null
}

const hashAt = async (
  source: LedgerSource,
  partition: number,
  seq: number,
): Promise<string | null> => {
  for await (const entries of source.entries(partition, seq - 1, seq)) {
    const [entry] = entries
    return entry?.kind === 'entry' ? (entry.seal?.hash ?? null) : null
  }
  return null
}
