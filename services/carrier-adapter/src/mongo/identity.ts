import type { Collections } from './documents.ts'

/**
 * When this database was born. A job from before may have been sent by an adapter whose records are gone, so a
 * restore must renew it (docs: operating). Made once; several adapters starting together get the same.
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
