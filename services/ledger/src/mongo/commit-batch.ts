import mongoose from 'mongoose'
import type { Account } from '../domain/entities.ts'
import { outboxId } from '../writer/batch-sender.ts'
import type { CommitResult, PreparedBatch } from '../writer/ports.ts'
import type { Collections } from './collections.ts'
import {
  accountDocument,
  accountDocId,
  cajaDocument,
  caseDocument,
  headId,
  injectionDocument,
  long,
  merchantDocument,
  sessionDocument,
  topupDocument,
  topupUpdate,
} from './documents.ts'
import { journalDocuments } from './journal-documents.ts'
import { headsIn } from './state.ts'

type Session = mongoose.mongo.ClientSession
type Write = {
  readonly session: Session
  readonly collections: Collections
  readonly batch: PreparedBatch
}

const fencedName = 'Fenced'
export type TransactionStep = 'state-written' | 'batch-written'

/** Thrown inside the transaction when the fence or a balance is not what the writer believes. */
const fenced = (message: string): Error => Object.assign(new Error(message), { name: fencedName })

const commitAttemptsMax = 3

/**
 * Writes a whole batch in one transaction: the fence, one update for each distinct account, the journal and what
 * follows from it. By hand and not with the driver's retry helper: a duplicate key inside that helper loops
 * for ever, and a retry must prepare the batch anew because time has passed.
 */
export const commitBatch = async (
  session: Session,
  collections: Collections,
  batch: PreparedBatch,
  {
    timeoutMs,
    onStep,
  }: { readonly timeoutMs: number; readonly onStep: (step: TransactionStep) => void },
): Promise<CommitResult> => {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    maxCommitTimeMS: timeoutMs,
  })
  try {
    await writeState({ session, collections, batch })
    onStep('state-written')
    await writeRest({ session, collections, batch })
    onStep('batch-written')
  } catch (error) {
    await session.abortTransaction().catch(() => undefined)
    return judge(collections, batch, error)
  }
  return commitOrFindOut(session, collections, batch)
}

const writeRest = async (write: Write): Promise<void> => {
  await writeTopups(write)
  const { session, collections, batch } = write
  const { changes, partition } = batch
  if (changes.injections.length > 0) {
    await collections.injections.insertMany(
      changes.injections.map((injection) => injectionDocument(injection, partition)) as never[],
      { session },
    )
  }
  if (changes.cases.length > 0) {
    await collections.cases.bulkWrite(
      changes.cases.map((each) => replacement(caseDocument(each, partition))) as never[],
      { session, ordered: true },
    )
  }
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
        p: partition,
        at: new Date(batch.after.at),
        messages: batch.messages,
      },
      { session },
    )
  }
}

type Update = {
  readonly updateOne: {
    readonly filter: object
    readonly update: object
    readonly upsert?: true
  }
}
type Replacement = ReturnType<typeof replacement>

/** The fence and all that changes in place, by one command: what it costs is the command, not what is in it. */
const writeState = async ({ session, collections, batch }: Write): Promise<void> => {
  const { changes, partition, accountsBefore } = batch
  const writes: readonly (Update | Replacement)[] = [
    head(batch),
    ...changes.accounts.map((account) => {
      const before = accountsBefore.get(account.id)
      return before === undefined ? newAccount(account, partition) : balances(account, before)
    }),
    ...changes.merchants.map((merchant) => replacement(merchantDocument(merchant, partition))),
    ...changes.cajas.map((caja) => replacement(cajaDocument(caja, partition))),
    ...changes.sessions.map((each) => replacement(sessionDocument(each, partition))),
  ]
  const result = await collections.state.bulkWrite(writes, { session, ordered: true })
  if (result.matchedCount + result.upsertedCount !== writes.length) {
    throw fenced('the partition has another owner, or an account is not what its journal says')
  }
  // The head's update comes before the accounts'.
  const wasThere = (index: number) => result.upsertedIds[1 + index] === undefined
  if (changes.accounts.some(({ id }, index) => !accountsBefore.has(id) && wasThere(index))) {
    throw fenced('a new account is there already')
  }
}

/** Moves only where nobody else did. */
const head = ({ before, after, partition }: PreparedBatch): Update => ({
  updateOne: {
    filter: {
      _id: headId(partition),
      epoch: before.epoch,
      seq: before.seq,
      batch: before.batch,
      // Somebody may have been told that nothing older than the head's time can be accepted any more.
      at: { $lte: new Date(after.at) },
    },
    update: {
      $set: {
        seq: long(after.seq),
        batch: long(after.batch),
        hash: after.hash,
        at: new Date(after.at),
      },
    },
  },
})

const newAccount = (account: Account, partition: number): Update => {
  const { _id, ...$setOnInsert } = accountDocument(account, partition)
  return { updateOne: { filter: { _id }, update: { $setOnInsert }, upsert: true } }
}

/** Compare and set: a balance that nobody here wrote stops the batch. */
const balances = (account: Account, before: Account): Update => ({
  updateOne: {
    filter: {
      _id: accountDocId(account.id),
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
      },
    },
  },
})

const replacement = ({ _id, ...rest }: { readonly _id: string }) => ({
  replaceOne: { filter: { _id }, replacement: rest, upsert: true },
})

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
      const head = await headsIn(collections).findOne({ _id: headId(batch.partition) })
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
  const head = await headsIn(collections).findOne({ _id: headId(batch.partition) })
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
