import { partitionCount } from '@recargas/contracts'
import { chainStart } from '../domain/chain.ts'
import type { PartitionRecord, StoredEntry } from '../verify/check-partition.ts'
import type { Collections } from './collections.ts'
import { accountOf, topupOf } from './documents.ts'
import { placedEntryOf, type JournalDocument } from './journal-documents.ts'

/** What is stored of every partition, for a proof. Consistent only while nobody writes. */
export const readRecords = async function* (
  collections: Collections,
): AsyncGenerator<PartitionRecord> {
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const [head, accounts, held] = await Promise.all([
      collections.partitions.findOne({ _id: partition }),
      collections.accounts.find({ p: partition }).toArray(),
      collections.topups.find({ p: partition, open: true }).toArray(),
    ])
    yield {
      partition,
      head: { seq: head?.seq ?? 0, hash: head?.hash ?? chainStart },
      entries: readEntries(collections, partition),
      accounts: accounts.map(accountOf),
      held: held.map(topupOf),
    }
  }
}

const readEntries = async function* (
  collections: Collections,
  partition: number,
): AsyncGenerator<StoredEntry> {
  const cursor = collections.journal.find({ p: partition }).sort({ seq: 1 }).batchSize(1_000)
  for await (const stored of cursor) yield storedEntryOf(stored)
}

const storedEntryOf = (stored: JournalDocument): StoredEntry => ({
  placed: placedEntryOf(stored),
  seal:
    stored.batch === undefined
      ? null
      : {
          epoch: stored.batch.epoch,
          at: stored.at.getTime(),
          duplicateWindowMs: stored.batch.duplicateWindowMs,
          size: stored.batch.size,
          previous: stored.batch.previous,
          hash: stored.batch.hash,
        },
})
