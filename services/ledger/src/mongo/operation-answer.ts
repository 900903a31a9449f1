import type { MerchantId, OperationAnswer, OperationId } from '@recargas/contracts'
import { suspectedEntryId } from '../domain/journal.ts'
import { readKeptOutcome } from '../writer/announce.ts'
import type { Collections } from './collections.ts'
import { topupOf } from './documents.ts'
import { topupWithTimeline } from './timeline.ts'

const absent: OperationAnswer = { kind: 'absent' }

/** What became of an operation id; see {@link LedgerReads.operation}. */
export const operationAnswer = async (
  collections: Collections,
  merchant: MerchantId,
  id: OperationId,
): Promise<OperationAnswer> => {
  const topup = await collections.topups.findOne({ _id: id })
  if (topup !== null) {
    return topup.merchant === merchant
      ? {
          kind: 'topup',
          fingerprint: topup.fingerprint,
          topup: await topupWithTimeline(collections, topupOf(topup)),
        }
      : absent
  }
  const entry =
    (await collections.journal.findOne({ _id: id })) ??
    (await collections.journal.findOne({ _id: suspectedEntryId(id) }))
  if (entry === null || entry.merchant !== merchant) return absent
  const { fingerprint } = entry
  // A verdict's entry has an id of its own; only operations that a till asked for are found here.
  if (fingerprint === null) return absent
  const kept = readKeptOutcome(entry.outcome)
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
