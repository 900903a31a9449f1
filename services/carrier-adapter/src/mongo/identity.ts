import type { Collections } from './documents.ts'

/**
 * Birth of this database. An adapter whose records are gone may have sent an older job, so a restore must renew it (docs:
 * operating). Made once; several adapters that start together read the same.
 */
export const readBornAt = async ({ meta }: Collections, now: Date): Promise<Date> => {
  const identity = await meta.findOneAndUpdate(
    { _id: 'identity' },
    { $setOnInsert: { bornAt: now } },
    { upsert: true, returnDocument: 'after', maxTimeMS: 5_000 },
  )
  if (identity === null) throw new Error('the database did not keep its identity')
  return identity.bornAt
}
