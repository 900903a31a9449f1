import type mongoose from 'mongoose'
import type { Collections } from './collections.ts'
import { headId } from './documents.ts'
import { headsIn } from './state.ts'

type Client = mongoose.mongo.MongoClient
type Session = mongoose.mongo.ClientSession
type SessionId = mongoose.mongo.Binary

type OwnerSessions = {
  /** Ends whatever transaction the partition's owner so far has open. */
  readonly endOwner: (partition: number) => Promise<void>
  /** A session that no earlier owner's name stands for. @returns its id, for the partition's document */
  readonly renew: (partition: number) => Promise<SessionId>
  /** The session of the partition's batches. */
  readonly of: (partition: number) => Session
}

/**
 * An owner that dies or is stopped in mid-transaction leaves it open: the server keeps it for a minute or more, and
 * with it the locks of the partition's head. So each owner writes all its batches of a partition in one session and
 * says which in the partition's document; a successor ends that session before it takes the partition. Safe at any
 * moment: a batch is in the database whole or not at all, and its writer hears which.
 */
export const createOwnerSessions = (client: Client, collections: Collections): OwnerSessions => {
  const sessions = new Map<number, Session>()
  const begin = (partition: number): Session => {
    const session = client.startSession({ causalConsistency: false })
    sessions.set(partition, session)
    return session
  }
  return {
    endOwner: async (partition) => {
      const found = await headsIn(collections).findOne(
        { _id: headId(partition) },
        { projection: { session: 1 } },
      )
      if (found?.session === undefined) return
      // Where it may not be ended, the server's own limit ends it, and the takeover is tried until then.
      await client
        .db('admin')
        .command({ killSessions: [{ id: found.session }] })
        .catch(() => undefined)
    },
    renew: async (partition) => {
      const earlier = sessions.get(partition)
      const id = begin(partition).id?.id
      if (id === undefined) throw new Error('a session without an id')
      // Only now, so that the new one is not the old one out of the driver's pool.
      await earlier?.endSession()
      return id
    },
    of: (partition) => sessions.get(partition) ?? begin(partition),
  }
}
