import type mongoose from 'mongoose'
import { idIndex, majority } from '../mongo/stored-values.ts'
import { cash } from '../projections/cash.ts'
import { operations } from '../projections/operations.ts'
import type { KeyIndex } from './log-records.ts'
import { sessionPlace } from './look-back.ts'
import type { InUse } from './projection-source.ts'

type Db = mongoose.mongo.Db

/**
 * Places keys by the projections, which the proof compared when it was at their blocks. The block itself is read from the log. A
 * closed session is only indexed by its last change, so one that changed again later is searched for.
 */
export const keyIndex =
  (db: Db, inUse: () => Promise<Pick<InUse, 'collection'>>): KeyIndex =>
  async (partition, keys, before) => {
    const { collection } = await inUse()
    const places = new Map<string, number>()
    const unknown: string[] = []
    for (const key of keys) {
      const isSession = key.startsWith(sessionPlace(''))
      const position = isSession
        ? await lastChange(db, collection(cash.name), partition, key)
        : await lastEntry(db, collection(operations.name), { partition, id: key, before })
      if (position === null) continue
      if (position < before) places.set(key, position)
      else unknown.push(key)
    }
    return { places, unknown }
  }

const lastChange = async (
  db: Db,
  collection: string,
  p: number,
  key: string,
): Promise<number | null> => {
  const _id = `session/${key.slice(sessionPlace('').length)}`
  const found = await db
    .collection<{ readonly _id: string; readonly p: number; readonly position: number }>(collection)
    .findOne({ p, _id }, { ...majority, hint: idIndex, projection: { position: 1 } })
  return found?.position ?? null
}

/** The ids of all entries about a sale begin with its own. */
const lastEntry = async (
  db: Db,
  collection: string,
  {
    partition,
    id,
    before,
  }: { readonly partition: number; readonly id: string; readonly before: number },
): Promise<number | null> => {
  const entries = await db
    .collection<{ readonly _id: { readonly n: number } }>(collection)
    .find(
      { p: partition, entry: { $gte: id, $lt: `${id};` } },
      { ...majority, projection: { _id: 1 } },
    )
    .toArray()
  const earlier = entries.flatMap(({ _id: { n } }) => (n < before ? [n] : []))
  return earlier.length === 0 ? null : Math.max(...earlier)
}
