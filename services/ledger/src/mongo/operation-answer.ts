import {
  partitionOf,
  type MerchantId,
  type OperationAnswer,
  type OperationId,
} from '@recargas/contracts'
import { chainStart } from '../domain/chain.ts'
import { suspectedEntryId } from '../domain/journal.ts'
import { readKeptOutcome } from '../writer/announce.ts'
import type { Collections } from './collections.ts'
import { headId, long, topupOf } from './documents.ts'
import { headsIn } from './state.ts'
import { topupWithTimeline } from './timeline.ts'

type Question = {
  readonly merchant: MerchantId
  readonly id: OperationId
  readonly acceptUntil: number | null
  readonly now: () => number
  readonly clockSkewMs: number
}

/** What became of an operation id; see {@link LedgerReads.operation}. */
export const operationAnswer = async (
  collections: Collections,
  question: Question,
): Promise<OperationAnswer> => {
  const known = await find(collections, question)
  if (known !== null) return known
  const now = question.now()
  if (question.acceptUntil === null || now <= question.acceptUntil + question.clockSkewMs) {
    return { kind: 'absent', neverAccepted: false }
  }
  // From here on no batch may be older than `now`, so the writer refuses this id as expired wherever it still waits.
  const partition = partitionOf(question.merchant)
  await headsIn(collections).updateOne(
    { _id: headId(partition) },
    {
      $max: { at: new Date(now) },
      $setOnInsert: {
        is: 'head',
        p: partition,
        epoch: long(0) as never,
        seq: long(0) as never,
        batch: long(0) as never,
        hash: chainStart,
      },
    },
    { upsert: true },
  )
  return (await find(collections, question)) ?? { kind: 'absent', neverAccepted: true }
}

const find = async (
  collections: Collections,
  { merchant, id }: Question,
): Promise<OperationAnswer | null> => {
  const topup = await collections.topups.findOne({ _id: id })
  if (topup !== null) {
    return topup.merchant === merchant
      ? {
          kind: 'topup',
          fingerprint: topup.fingerprint,
          topup: await topupWithTimeline(collections, topupOf(topup)),
        }
      : { kind: 'absent', neverAccepted: false }
  }
  const entry =
    (await collections.journal.findOne({ _id: id })) ??
    (await collections.journal.findOne({ _id: suspectedEntryId(id) }))
  if (entry === null) return null
  if (entry.merchant !== merchant) return { kind: 'absent', neverAccepted: false }
  const { fingerprint } = entry
  // A verdict's entry has an id of its own; only operations that a till asked for are found here.
  if (fingerprint === null) return null
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
      return null
  }
}
