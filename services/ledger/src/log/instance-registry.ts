import { randomUUID } from 'node:crypto'
import type { InstanceRegistry } from './share-partitions.ts'
import { instancePrefix } from '../mongo/lease-model.ts'
import type { LedgerModels } from '../mongo/models.ts'

const instancesMax = 100

/**
 * Registers the ledger's instances, one document each among the leases. The database's clock alone decides their expiry: an
 * instance with a wrong clock must not declare the others dead.
 */
export const createInstanceRegistry = ({
  leases,
}: Pick<LedgerModels, 'leases'>): InstanceRegistry => {
  const _id = `${instancePrefix}${randomUUID()}`
  // By the range of the ids: other leases are not looked at.
  const others = { _id: { $gt: instancePrefix, $lt: `${instancePrefix}~`, $ne: _id } }
  return {
    heartbeat: async ({ partitions, isReady }, aliveMs) => {
      const until = { $add: ['$$NOW', aliveMs] }
      const self = { partitions: { $literal: partitions }, isReady: { $literal: isReady }, until }
      await leases.updateOne({ _id }, [{ $set: self }], { upsert: true, updatePipeline: true })
      await leases.deleteMany({ ...others, $expr: { $lte: ['$until', '$$NOW'] } })
      const alive = await leases.find(others).limit(instancesMax).lean()
      return alive.map(({ partitions: owned = [], isReady: ready = false }) => ({
        partitions: owned,
        isReady: ready,
      }))
    },
    leave: async () => {
      await leases.deleteOne({ _id })
    },
  }
}
