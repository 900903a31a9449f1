import type { MerchantId, OperationAnswer, OperationId } from '@recargas/contracts'
import { suspectedEntryId } from '../accounting/journal.ts'
import { outcomeBesidesExpired } from '../accounting/entry.ts'
import { idIndex } from '../mongo/stored-values.ts'
import { operations, type OperationDocument } from '../projections/operations.ts'
import type { Projected } from '../projections/open-projections.ts'
import { sales } from '../projections/sales.ts'
import { readStoredOutcome } from '../log/announce.ts'
import type { LedgerReads } from './ports.ts'
import type { Reading, ReadShown } from './read-shown.ts'
import { withTimelines } from './timelines.ts'

/** Nothing of that id took place, up to now. */
const absent: OperationAnswer = { kind: 'absent' }

/** A sale as it is now; any other operation by its latest entry. */
export const createOperationReads = (
  projected: Projected,
  readShown: ReadShown,
): Pick<LedgerReads, 'operation'> => ({
  operation: (merchant, id) =>
    readShown.ofShop(merchant, [sales.name, operations.name], async (reading) => {
      const { partition: p, options } = reading
      const found = await projected.sales.findOne({ p, _id: id }, { ...options, hint: idIndex })
      if (found === null) return entryAnswer(await latestEntry(projected, reading, merchant, id))
      if (found.merchant !== merchant) return absent
      const [topup] = await withTimelines(projected, reading, [found])
      return topup === undefined ? absent : { kind: 'topup', fingerprint: found.fingerprint, topup }
    }),
})

type Entry = Pick<OperationDocument, '_id' | 'fingerprint' | 'outcome'>

/** The latest entry of an operation, up to the position that its sale was looked for at. */
const latestEntry = async (
  projected: Projected,
  { partition, position, options }: Reading,
  merchant: MerchantId,
  id: OperationId,
): Promise<Entry | undefined> => {
  const found = await projected.operations
    .find({ p: partition, entry: { $in: [id, suspectedEntryId(id)] }, merchant }, options)
    .project<Entry>({ fingerprint: 1, outcome: 1 })
    .toArray()
  return found
    .filter(({ _id }) => _id.n <= position)
    .sort((one, other) => one._id.n - other._id.n || one._id.i - other._id.i)
    .at(-1)
}

const entryAnswer = (entry: Entry | undefined): OperationAnswer => {
  const fingerprint = entry?.fingerprint ?? null
  // A verdict's entry has an id of its own; only operations that a till asked for are found here.
  if (entry === undefined || fingerprint === null) return absent
  // After a refusal by time a later press of the key is a new try.
  const outcome = outcomeBesidesExpired(entry.outcome)
  if (outcome === null) return absent
  const kept = readStoredOutcome(outcome)
  switch (kept.kind) {
    case 'applied':
      return { kind: 'applied', fingerprint, result: kept.result }
    case 'refused': {
      const { kind: _, ...refusal } = kept
      return { kind: 'refused', fingerprint, refusal }
    }
    case 'topup':
    case 'case-opened':
      return absent
  }
}
