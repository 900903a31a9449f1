import { blocksDatabaseOf } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { connectTo } from './drill-databases.ts'

type Db = mongoose.mongo.Db
type StoredBlock = {
  readonly _id: { readonly p: number; readonly n: number }
  readonly hash: string
}

export type Comparison =
  | { readonly kind: 'compared'; readonly partitions: number; readonly findings: readonly string[] }
  | { readonly kind: 'not-compared'; readonly reason: string }

const blocksIn = (db: Db) =>
  db.collection<StoredBlock>('blocks', { readConcern: { level: 'majority' } })

const lastBlocks = async (db: Db): Promise<readonly StoredBlock[]> => {
  const found: StoredBlock[] = []
  const partitions = (await blocksIn(db)
    .find({ '_id.n': 0 }, { projection: { hash: 1 }, sort: { _id: 1 } })
    .toArray()) as StoredBlock[]
  for (const { _id } of partitions) {
    const last = await blocksIn(db).findOne(
      { _id: { $gte: { p: _id.p, n: 0 }, $lt: { p: _id.p + 1, n: 0 } } },
      { projection: { hash: 1 }, sort: { _id: -1 } },
    )
    if (last !== null) found.push(last)
  }
  return found
}

const nameOf = ({ _id: { p, n } }: StoredBlock): string => `block ${p}/${n}`

/**
 * Looks up the restored log's last block of each partition in the log that runs, which is only read. Equal hashes prove every block
 * before them equal too, because each hash covers the one before it.
 */
export const compareWithRunning = async (
  restored: Db,
  runningUri: string | undefined,
): Promise<Comparison> => {
  if (runningUri === undefined)
    return { kind: 'not-compared', reason: 'no running ledger is named' }
  const client = await connectTo(runningUri).catch((error: unknown) => String(error))
  if (typeof client === 'string') return { kind: 'not-compared', reason: client }
  try {
    const running = client.db(blocksDatabaseOf(client.db().databaseName))
    const ofRunning = async ({ _id }: StoredBlock) =>
      blocksIn(running).findOne({ _id }, { projection: { hash: 1 } })
    const last = await lastBlocks(restored)
    const birth = await blocksIn(restored).findOne({ _id: { p: 0, n: 0 } })
    const runningBirth = birth === null ? null : await ofRunning(birth)
    if (birth === null || runningBirth === null) {
      return { kind: 'not-compared', reason: 'the running ledger has no blocks' }
    }
    if (runningBirth.hash !== birth.hash) {
      const findings = [
        'the backup is of another ledger than the one that runs: their births differ',
      ]
      return { kind: 'compared', partitions: last.length, findings }
    }
    const findings: string[] = []
    for (const block of last) {
      const found = await ofRunning(block)
      if (found === null) {
        findings.push(`${nameOf(block)} is missing in the running ledger, which has lost it`)
      } else if (found.hash !== block.hash) {
        findings.push(`${nameOf(block)} differs from the running ledger's`)
      }
    }
    return { kind: 'compared', partitions: last.length, findings }
  } catch (error) {
    return { kind: 'not-compared', reason: String(error) }
  } finally {
    await client.close()
  }
}
