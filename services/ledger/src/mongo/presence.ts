import { randomUUID } from 'node:crypto'
import type { Presence } from '../writer/share-partitions.ts'
import type { LedgerDatabase } from './collections.ts'
import { presencePrefix } from './reconciliation-documents.ts'

const instancesMax = 100

/** Where the ledger's instances tell one another that they are there. */
export const createPresence = ({ collections: { leases } }: LedgerDatabase): Presence => {
  const _id = `${presencePrefix}${randomUUID()}` as const
  return {
    say: async (served, now, until) => {
      await leases.updateOne(
        { _id },
        { $set: { served, until: new Date(until) } },
        { upsert: true },
      )
      // By the range of the ids: the leases of other things are not looked at.
      const instances = { $gte: presencePrefix, $lt: `${presencePrefix}~` }
      await leases.deleteMany({ _id: instances as never, until: { $lt: new Date(now) } })
      const found = await leases
        .find({ _id: { ...instances, $ne: _id } as never })
        .limit(instancesMax)
        .toArray()
      return found.flatMap((lease) => ('served' in lease ? [lease.served] : []))
    },
    leave: async () => {
      await leases.deleteOne({ _id })
    },
  }
}
