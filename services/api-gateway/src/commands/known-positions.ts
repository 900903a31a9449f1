import { partitionOf, type LedgerEvent, type MerchantId } from '@recargas/contracts'
import type { Waiters } from './waiters.ts'

/**
 * By then a primary that lost its majority has stepped down and every read of the ledger knows the block; and positions that a
 * restore took back are forgotten.
 */
const keptMs = 60_000

export type KnownPositions = {
  readonly receive: (event: LedgerEvent) => void
  /** The newest block of the merchant's partition that an event told of lately. */
  readonly newestOf: (merchant: MerchantId) => number | null
}

/**
 * Remembers the newest block of each partition, so that a read of the ledger shows every event that this gateway has received.
 */
export const createKnownPositions = (nowMs: () => number): KnownPositions => {
  const received = new Map<number, { readonly position: number; readonly at: number }>()
  const newestIn = (partition: number): number | null => {
    const known = received.get(partition)
    return known === undefined || nowMs() - known.at >= keptMs ? null : known.position
  }
  return {
    receive: ({ data: { merchant, position } }) => {
      if (position === undefined) return
      const partition = partitionOf(merchant)
      if (position >= (newestIn(partition) ?? 0)) received.set(partition, { position, at: nowMs() })
    },
    newestOf: (merchant) => newestIn(partitionOf(merchant)),
  }
}

export const withPositions = ({ receive }: KnownPositions, waiters: Waiters): Waiters => ({
  ...waiters,
  receive: (event) => {
    receive(event)
    waiters.receive(event)
  },
})
