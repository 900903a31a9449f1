import { randomUUID } from 'node:crypto'
import type { LedgerDatabase } from './collections.ts'
import { currentLayout } from './layout.ts'

/** Gives a new database its identity; an old one keeps what it has. */
export const ensureIdentity = async (
  { collections }: LedgerDatabase,
  now: number,
): Promise<void> => {
  await collections.identity.updateOne(
    { _id: 'ledger' },
    { $setOnInsert: { bornAt: new Date(now), namespace: randomUUID(), layout: currentLayout } },
    { upsert: true },
  )
}
