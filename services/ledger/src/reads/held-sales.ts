import { heldStates } from '../accounting/held-guards.ts'
import { topupOf } from '../mongo/documents.ts'
import { withinTime } from '../mongo/within-time.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { RepeatPorts } from '../log/repeat-held-sales.ts'

/** Reads held sales of one partition from the index on their progress. */
export const createHeldSales =
  (
    { sales }: Pick<Projected, 'sales'>,
    { timeoutMs }: { readonly timeoutMs: number },
  ): RepeatPorts['heldWithoutProgress'] =>
  async ({ partition, before, after, limit }) => {
    const found = await withinTime(timeoutMs, (signal) =>
      sales
        .find(
          {
            p: partition,
            open: true,
            state: { $in: [...heldStates] },
            $and: [
              { $or: [{ state: 'reserved' }, { 'decision.isFinal': true }] },
              ...(after === null ? [] : [laterThan(after)]),
            ],
            progressAt: { $lt: new Date(before) },
          },
          { signal },
        )
        .sort({ progressAt: 1, _id: 1 })
        .limit(limit)
        .toArray(),
    )
    return found.map(topupOf)
  }

const laterThan = ({ id, progressAt }: { readonly id: string; readonly progressAt: number }) => {
  const at = new Date(progressAt)
  return { $or: [{ progressAt: { $gt: at } }, { progressAt: at, _id: { $gt: id } }] }
}
