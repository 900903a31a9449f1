import mongoose from 'mongoose'
import type { CommitResult, PreparedBatch } from '../writer/ports.ts'
import type { Collections } from './collections.ts'
import {
  accountDocument,
  cajaDocument,
  caseDocument,
  injectionDocument,
  long,
  merchantDocument,
  sessionDocument,
  topupDocument,
  topupUpdate,
} from './documents.ts'
import { journalDocuments } from './journal-documents.ts'

type Session = mongoose.mongo.ClientSession
type Write = {
  readonly session: Session
  readonly collections: Collections
  readonly batch: PreparedBatch
}

const fencedName = 'Fenced'
/** Thrown inside the transaction when the fence or a balance is not what the writer believes. */
const fenced = (message: string): Error => Object.assign(new Error(message), { name: fencedName })

const commitAttemptsMax = 3

/**
 * Writes a whole batch in one transaction: the fence first, one update for each distinct account, then the journal
 * and what follows from it. By hand and not with the driver's retry helper: a duplicate key inside that helper loops
 * for ever, and a retry must prepare the batch anew because time has passed.
 */
export const commitBatch = async (
  session: Session,
  collections: Collections,
  batch: PreparedBatch,
  timeoutMs: number,
): Promise<CommitResult> => {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    maxCommitTimeMS: timeoutMs,
  })
  try {
    await writeAll({ session, collections, batch })
  } catch (error) {
    await session.abortTransaction().catch(() => undefined)
    return judge(collections, batch, error)
  }
  return commitOrFindOut(session, collections, batch)
}

const writeAll = async (write: Write): Promise<void> => {
  await moveHead(write)
  await writeAccounts(write)
  await writeEntities(write)
  const { session, collections, batch } = write
  if (batch.entries.length > 0) {
    await collections.journal.insertMany(journalDocuments(batch) as never[], {
      session,
      ordered: true,
    })
  }
  if (batch.messages.length > 0) {
    await collections.outbox.insertOne(
      {
        _id: outboxId(batch),
        p: batch.partition,
        at: new Date(batch.after.at),
        messages: batch.messages,
      },
      { session },
    )
  }
}

export const outboxId = (batch: PreparedBatch): string => `${batch.partition}:${batch.after.batch}`

const moveHead = async ({ session, collections, batch }: Write): Promise<void> => {
  const { before, after, partition } = batch
  const moved = await collections.partitions.updateOne(
    {
      _id: partition,
      epoch: before.epoch,
      seq: before.seq,
      batch: before.batch,
      // Somebody may have been told that nothing older than the head's time can be accepted any more.
      at: { $lte: new Date(after.at) },
    },
    {
      $set: {
        seq: long(after.seq),
        batch: long(after.batch),
        hash: after.hash,
        at: new Date(after.at),
      } as never,
    },
    { session },
  )
  if (moved.matchedCount !== 1) throw fenced('the partition has another owner')
}

const writeAccounts = async ({ session, collections, batch }: Write): Promise<void> => {
  const { accounts } = batch.changes
  if (accounts.length === 0) return
  const existing = accounts.filter((account) => batch.accountsBefore.has(account.id)).length
  const result = await collections.accounts.bulkWrite(
    accounts.map((account) => {
      const before = batch.accountsBefore.get(account.id)
      if (before === undefined) {
        return { insertOne: { document: accountDocument(account, batch.partition) as never } }
      }
      return {
        updateOne: {
          // Compare and set: a balance that nobody here wrote stops the batch.
          filter: {
            _id: account.id,
            posted: before.posted,
            reserved: before.reserved,
            incoming: before.incoming,
          },
          update: {
            $set: {
              posted: long(account.posted),
              reserved: long(account.reserved),
              incoming: long(account.incoming),
              updatedAt: new Date(account.updatedAt),
            } as never,
          },
        },
      }
    }),
    { session, ordered: true },
  )
  if (result.matchedCount !== existing) {
    throw fenced('an account is not what its journal says')
  }
}

const writeEntities = async ({ session, collections, batch }: Write): Promise<void> => {
  const { changes, partition } = batch
  const replaceAll = async <Entity>(
    collection: keyof Collections,
    entities: readonly Entity[],
    document: (entity: Entity, partition: number) => { readonly _id: string },
  ) => {
    if (entities.length === 0) return
    const target = collections[collection] as unknown as mongoose.mongo.Collection<{ _id: string }>
    await target.bulkWrite(
      entities.map((entity) => {
        const { _id, ...replacement } = document(entity, partition)
        return { replaceOne: { filter: { _id }, replacement, upsert: true } }
      }),
      { session, ordered: true },
    )
  }
  await replaceAll('merchants', changes.merchants, merchantDocument)
  await replaceAll('cajas', changes.cajas, cajaDocument)
  await replaceAll('sessions', changes.sessions, sessionDocument)
  await writeTopups({ session, collections, batch })
  if (changes.injections.length > 0) {
    await collections.injections.insertMany(
      changes.injections.map((injection) => injectionDocument(injection, partition)) as never[],
      { session },
    )
  }
  await replaceAll('cases', changes.cases, caseDocument)
}

/** The new ones in one command and the others in another: mixed, each change from one kind to the other is a command. */
const writeTopups = async ({ session, collections, batch }: Write): Promise<void> => {
  const { changes, partition, newTopups } = batch
  const made = changes.topups.filter(({ id }) => newTopups.has(id))
  const changed = changes.topups.filter(({ id }) => !newTopups.has(id))
  if (made.length > 0) {
    await collections.topups.insertMany(
      made.map((topup) => topupDocument(topup, partition)) as never[],
      { session, ordered: true },
    )
  }
  if (changed.length > 0) {
    const { matchedCount } = await collections.topups.bulkWrite(
      changed.map((topup) => ({
        updateOne: { filter: { _id: topup.id }, update: topupUpdate(topup) as never },
      })),
      { session, ordered: true },
    )
    if (matchedCount !== changed.length) throw fenced('a top-up is missing')
  }
}

/** A commit may have happened although its answer is lost: ask until the database tells. */
const commitOrFindOut = async (
  session: Session,
  collections: Collections,
  batch: PreparedBatch,
): Promise<CommitResult> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await session.commitTransaction()
      return { kind: 'committed' }
    } catch (error) {
      const unknown = hasLabel(error, 'UnknownTransactionCommitResult')
      if (unknown && attempt < commitAttemptsMax) continue
      if (!unknown) return judge(collections, batch, error)
      const head = await collections.partitions.findOne({ _id: batch.partition })
      if (head?.epoch === batch.after.epoch && head.batch === batch.after.batch) {
        return { kind: 'committed' }
      }
      return head?.epoch === batch.before.epoch ? { kind: 'transient', error } : { kind: 'fenced' }
    }
  }
}

const judge = async (
  collections: Collections,
  batch: PreparedBatch,
  error: unknown,
): Promise<CommitResult> => {
  if (hasLabel(error, 'TransientTransactionError')) return { kind: 'transient', error }
  const isFenced = error instanceof Error && error.name === fencedName
  if (!isFenced && !(error instanceof mongoose.mongo.MongoServerError)) throw error
  // A duplicate may mean that another writer got in: only an unchanged head makes it this batch's own fault.
  const head = await collections.partitions.findOne({ _id: batch.partition })
  if (head?.epoch !== batch.before.epoch || head.batch !== batch.before.batch) {
    return { kind: 'fenced' }
  }
  if (isFenced) {
    return head.at.getTime() > batch.after.at ? { kind: 'transient', error } : { kind: 'fenced' }
  }
  return { kind: 'refused', entryId: culpritOf(error), error }
}

const culpritOf = (error: unknown): string | null => {
  const detail = error as {
    keyValue?: { _id?: unknown }
    writeErrors?: { err?: { op?: { _id?: unknown } } }[]
  }
  const id = detail.keyValue?._id ?? detail.writeErrors?.[0]?.err?.op?._id
  return typeof id === 'string' ? id : null
}

const hasLabel = (error: unknown, label: string): boolean =>
  error instanceof mongoose.mongo.MongoError && error.hasErrorLabel(label)
