import { randomBytes } from 'node:crypto'
import { testServer } from '@recargas/runtime/testing'
import { connectMongo } from '../mongo/connection.ts'
import { openCollections, type Collections } from '../mongo/documents.ts'

export type FreshDatabase = {
  readonly collections: Collections
  readonly uri: string
  readonly drop: () => Promise<void>
}

/** A database of its own on the test servers. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const url = testServer('TEST_MONGODB_URI')
  url.pathname = `/carrier_${randomBytes(6).toString('hex')}`
  const connection = await connectMongo(url.href)
  return {
    collections: await openCollections(connection),
    uri: url.href,
    drop: async () => {
      await connection.dropDatabase()
      await connection.close()
    },
  }
}
