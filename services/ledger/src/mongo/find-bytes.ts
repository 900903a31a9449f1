import mongoose from 'mongoose'

const { onDemand } = mongoose.mongo.BSON

type Source = {
  readonly db: mongoose.mongo.Db
  /** Undefined reads the majority's present state; a session reads its snapshot. */
  readonly session: mongoose.mongo.ClientSession | undefined
}
export type Find = {
  readonly find: string
  readonly filter: object
  readonly sort?: object
  readonly hint?: object
  readonly limit: number
}

/**
 * A query's documents as the server sent them, one reply's worth: a reply that is full holds fewer than there are.
 * The driver looks into every document that it hands out, which costs a proof of millions as much as reading them.
 */
export const findBytes = async ({ db, session }: Source, query: Find): Promise<Uint8Array[]> => {
  const { cursor } = await db.command(
    {
      ...query,
      batchSize: query.limit,
      singleBatch: true,
      ...(session === undefined ? { readConcern: { level: 'majority' } } : {}),
    },
    { raw: true, ...(session === undefined ? {} : { session }) },
  )
  return documentsIn(cursor as Buffer)
}

const firstBatch = 'firstBatch'

const documentsIn = (cursor: Buffer): Uint8Array[] => {
  const documents: Uint8Array[] = []
  for (const [, nameOffset, nameLength, offset, length] of onDemand.parseToElements(cursor)) {
    if (cursor.toString('latin1', nameOffset, nameOffset + nameLength) !== firstBatch) continue
    // A BSON list is a document with the field names 0, 1, 2…; each field holds a document.
    let at = offset + 4
    while (at < offset + length - 1) {
      const start = cursor.indexOf(0, at) + 1
      const size = cursor.readInt32LE(start)
      documents.push(cursor.subarray(start, start + size))
      at = start + size
    }
  }
  return documents
}
