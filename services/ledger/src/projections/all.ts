import type mongoose from 'mongoose'
import { ignoreExisting } from '../mongo/server-errors.ts'
import { balances } from './balances.ts'
import { cases } from './cases.ts'
import { cash } from './cash.ts'
import { generationsCollection } from './generation-store.ts'
import { injections } from './injections.ts'
import { operations } from './operations.ts'
import { positionsCollection } from './projection-store.ts'
import type { Projection } from './projection.ts'
import { sales } from './sales.ts'
import { statementLines } from './statement-lines.ts'

/** Every projection of the log. */
export const projections: readonly Projection[] = [
  balances,
  cash,
  sales,
  operations,
  statementLines,
  injections,
  cases,
]

/** Ensures each projection's collection and indexes. */
export const ensureProjections = async (
  db: mongoose.mongo.Db,
  wanted: readonly Projection[] = projections,
): Promise<void> => {
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  )
  for (const name of [positionsCollection, generationsCollection]) {
    if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting)
  }
  for (const { name, collection = name, indexes } of wanted) {
    if (!existing.has(collection)) await db.createCollection(collection).catch(ignoreExisting)
    for (const { fields, options = {} } of indexes) {
      await db.collection(collection).createIndex({ ...fields }, { ...options }, {})
    }
  }
}
