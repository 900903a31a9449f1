import { randomUUID } from 'node:crypto'
import { quarantineCauses, quarantineStates, type QuarantineAction } from '@recargas/contracts'
import { Schema, type mongo } from 'mongoose'
import type { Quarantined } from '../quarantine/ports.ts'
import { modelOptions, required } from './model-options.ts'

/** A message in quarantine. `settledAt` is there only while it does not wait: some time after it, it is deleted. */
export type QuarantineDocument = Omit<Quarantined, 'id' | 'body'> & {
  readonly _id: string
  readonly body: mongo.Binary
  readonly settledAt?: Date
}

/** A person's action on a message; outlives the message. */
export type QuarantineActionDocument = Omit<QuarantineAction, 'at'> & {
  /**
   * Message, time and a random part: the service's user may create indexes, and an index on the time could expire the
   * documents.
   */
  readonly _id: string
  readonly message: string
  readonly at: Date
}

/** Bodies hold customers' numbers, so settled messages expire with the period of complaints. */
const settledKeptSeconds = 90 * 24 * 3_600

export const oldestFirst = { firstSeenAt: 1, _id: 1 } as const
/** Serves the groups, and the figures by cause. */
export const groupIndex = { state: 1, cause: 1, type: 1, queue: 1, firstSeenAt: 1 } as const

export const quarantineSchema = new Schema<QuarantineDocument>(
  {
    _id: required(String),
    state: { type: String, enum: quarantineStates, required: true },
    cause: { type: String, enum: quarantineCauses, required: true },
    // The sender may leave these empty.
    detail: String,
    queue: String,
    type: String,
    messageId: String,
    correlationId: String,
    merchant: String,
    partition: Number,
    attempts: required(Number),
    headers: required(Schema.Types.Mixed),
    body: required(Schema.Types.Buffer),
    bytes: required(Number),
    isCut: required(Boolean),
    firstFailureAt: Date,
    firstSeenAt: required(Date),
    lastSeenAt: required(Date),
    settledAt: Date,
    arrivals: required(Number),
    replays: required(Number),
  },
  modelOptions,
)
  .index({ state: 1, ...oldestFirst })
  .index(groupIndex)
  .index({ settledAt: 1 }, { expireAfterSeconds: settledKeptSeconds })

export const quarantineActionSchema = new Schema<QuarantineActionDocument>(
  {
    _id: required(String),
    message: required(String),
    at: required(Date),
    by: required(String),
    action: required(String),
    detail: String,
  },
  modelOptions,
)

/** Id of an action on a message. */
export const actionId = (message: string, at: string): string => `${message}/${at}/${randomUUID()}`

/** The ids of all actions on a message, by time. */
export const actionIdsOf = (message: string) => ({ $gt: `${message}/`, $lt: `${message}0` })

export const quarantinedOf = ({
  _id,
  body,
  settledAt: _,
  ...rest
}: QuarantineDocument): Quarantined => ({ id: _id, ...rest, body: Buffer.from(body.buffer) })
