import { randomUUID } from 'node:crypto'
import type { Presence } from '../writer/share-partitions.ts'
import { presencePrefix, type LeaseDocument } from './lease-model.ts'
import type { LedgerModels } from './models.ts'

const instancesMax = 100

/** Where the ledger's instances tell one another that they are there. */
export const createPresence = ({
  models: { leases },
}: {
  readonly models: LedgerModels
}): Presence => {
  const _id = `${presencePrefix}${randomUUID()}`
  return {
    say: async (served, now, until) => {
      await leases.updateOne(
        { _id },
        { $set: { served, until: new Date(until) } },
        { upsert: true },
      )
      // By the range of the ids: the leases of other things are not looked at.
      const instances = { $gte: presencePrefix, $lt: `${presencePrefix}~` }
      await leases.deleteMany({ _id: instances, until: { $lt: new Date(now) } })
      const found = await leases
        .find({ _id: { ...instances, $ne: _id } })
        .limit(instancesMax)
        .lean<LeaseDocument[]>()
      return found.flatMap(({ served }) => served ?? [])
    },
    leave: async () => {
      await leases.deleteOne({ _id })
    },
  }
}
