import { isOfClient } from '../cash/announce-operation.ts'
import type { Limits } from '../domain/limits.ts'
import type { Operation } from '../domain/operation.ts'
import type { LedgerDatabase } from '../mongo/collections.ts'
import { createLedgerStore } from '../mongo/ledger-store.ts'
import type { Intake } from '../writer/intake.ts'
import { createPartitionWriter, type Fate, type WriterDeps } from '../writer/partition-writer.ts'
import type { LedgerStore, OutboxMessage } from '../writer/ports.ts'
import { idOf, policy, start } from './builders.ts'

export const testPartition = 3

/** The message that carries an operation; another fingerprint is another body under the same id. */
export const intakeFor = (operation: Operation, fingerprint?: string): Intake => {
  const ofClient = isOfClient(operation)
  return {
    messageId: `${idOf(operation)}:${operation.type}`,
    correlationId: 'test',
    operation,
    fingerprint: ofClient ? (fingerprint ?? operation.data.fingerprint) : null,
    acceptUntil: ofClient ? start + 10_000 : null,
  }
}

export type TestWriter = {
  readonly submit: (operation: Operation, fingerprint?: string) => Promise<Fate>
  readonly submitAll: (operations: readonly Operation[]) => Promise<readonly Fate[]>
  /** What left: type, and id of the operation it is about. */
  readonly sent: OutboxMessage[]
  readonly batchSizes: number[]
  readonly fenced: () => number
  /** What the writer said of a database it could not write. */
  readonly failures: unknown[]
  readonly resubscribe: () => void
  readonly setTime: (at: number) => void
  readonly stop: () => Promise<void>
}

/** A partition's writer on a real database, with a clock that stands still until it is set. */
export const testWriter = (
  database: LedgerDatabase,
  options: Pick<WriterDeps, 'room'> &
    Partial<Pick<WriterDeps, 'batchSizeMax'>> & {
      readonly partition?: number
      readonly duplicateWindowMs?: number
      readonly limits?: Limits
      /** For clocks that run far ahead of the requests' own. */
      readonly isNeverLate?: boolean
      readonly store?: (store: LedgerStore) => LedgerStore
    } = {},
): TestWriter => {
  let time = start
  let subscription = 1
  let fenced = 0
  const failures: unknown[] = []
  const sent: OutboxMessage[] = []
  const batchSizes: number[] = []
  const store = createLedgerStore(database, { transactionTimeoutMs: 3_000, now: () => time })
  const writer = createPartitionWriter(options.partition ?? testPartition, {
    store: options.store?.(store) ?? store,
    send: (batch, hints) => sent.push(...(batch?.messages ?? []), ...hints),
    ...(options.room === undefined ? {} : { room: options.room }),
    now: () => time,
    policy: {
      duplicateWindowMs: options.duplicateWindowMs ?? policy.duplicateWindowMs,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    },
    batchSizeMax: options.batchSizeMax ?? 400,
    onCommit: (size) => batchSizes.push(size),
    onFenced: () => {
      fenced += 1
    },
    onUnavailable: (_, error) => {
      failures.push(error)
    },
  })
  const submit: TestWriter['submit'] = (operation, fingerprint) => {
    const intake = intakeFor(operation, fingerprint)
    const acceptUntil = options.isNeverLate === true ? null : intake.acceptUntil
    return writer.submit({ ...intake, acceptUntil }, subscription)
  }
  return {
    submit,
    submitAll: (operations) => Promise.all(operations.map((operation) => submit(operation))),
    sent,
    batchSizes,
    fenced: () => fenced,
    failures,
    resubscribe: () => {
      subscription += 1
    },
    setTime: (at) => {
      time = at
    },
    stop: () => writer.stop(),
  }
}
