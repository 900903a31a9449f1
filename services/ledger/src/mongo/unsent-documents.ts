import type { UnsentBatch } from '../verify/ledger-source.ts'
import type { OutboxDocument } from './collections.ts'

export const unsentOf = ({ _id, p, at, messages }: OutboxDocument): UnsentBatch => ({
  id: _id,
  partition: p,
  at: at instanceof Date ? at.getTime() : Number.NaN,
  messages,
})
