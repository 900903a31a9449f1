import type { Topup } from '../domain/entities.ts'
import type { OutboxMessage } from '../writer/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import { topupOf } from './documents.ts'

/** What the sweeper looks for, and the way sent batches leave the outbox. */
export const createOutbox = ({ collections }: LedgerDatabase) => ({
  heldWithoutProgress: async (before: number, limit: number): Promise<readonly Topup[]> => {
    const found = await collections.topups
      .find({
        open: true,
        $or: [{ state: 'reserved' }, { state: 'in-review', 'decision.isFinal': true }],
        progressAt: { $lt: new Date(before) },
      })
      .sort({ progressAt: 1 })
      .limit(limit)
      .toArray()
    return found.map(topupOf)
  },
  unsent: async (
    before: number,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly messages: readonly OutboxMessage[] }[]> => {
    const found = await collections.outbox
      .find({ at: { $lt: new Date(before) } })
      .sort({ at: 1 })
      .limit(limit)
      .toArray()
    return found.map(({ _id, messages }) => ({ id: _id, messages }))
  },
  /** Not waited for on a majority: a document that comes back is only sent again. */
  forgetSent: async (ids: readonly string[]): Promise<void> => {
    await collections.outbox.deleteMany({ _id: { $in: [...ids] } }, { writeConcern: { w: 1 } })
  },
})
