import type { QuarantineAction } from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { Quarantined } from '../quarantine/ports.ts'

/** One message that was set aside. `settledAt` only while it does not wait: some time after it, it is deleted. */
export type QuarantineDocument = Omit<Quarantined, 'id' | 'body'> & {
  readonly _id: string
  readonly body: mongoose.mongo.Binary
  readonly settledAt?: Date
}

/** What somebody did with a message; outlives it. */
export type QuarantineActionDocument = Omit<QuarantineAction, 'at'> & {
  readonly message: string
  readonly at: Date
}

/** Bodies hold customers' numbers: what is settled is kept no longer than it may be asked about. */
export const settledKeptSeconds = 90 * 24 * 3_600

export const quarantinedOf = ({
  _id,
  body,
  settledAt: _,
  ...rest
}: QuarantineDocument): Quarantined => ({ id: _id, ...rest, body: Buffer.from(body.buffer) })
