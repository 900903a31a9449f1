import type { Balances } from '../accounting/entities.ts'

/** The accounts of one currency in one partition, added up in one snapshot. */
export type PartitionSum = Balances & {
  readonly partition: number
  readonly currency: string
  /** The latest block that any of these accounts shows. */
  readonly position: number
}

export type Imbalances = readonly { readonly currency: string; readonly amount: number }[]

/**
 * Sums the accounts of each currency; every sum must be 0. Balances are written in groups, not atomically: an account that
 * shows a block above the projection's position means that a group is incomplete, so the partition's last exact sum counts.
 * @returns a function that takes the sums and positions of one snapshot
 */
export const createImbalances = () => {
  /** By partition: its last exact sums. */
  const exact = new Map<number, readonly PartitionSum[]>()
  return (sums: readonly PartitionSum[], positions: ReadonlyMap<number, number>): Imbalances => {
    for (const partition of new Set(sums.map((sum) => sum.partition))) {
      const ofPartition = sums.filter((sum) => sum.partition === partition)
      const shown = positions.get(partition) ?? -1
      if (ofPartition.every(({ position }) => position <= shown)) exact.set(partition, ofPartition)
    }
    const amounts = new Map<string, number>()
    for (const { currency, posted, reserved, incoming } of [...exact.values()].flat()) {
      const amount = Math.abs(posted) + Math.abs(reserved - incoming)
      amounts.set(currency, (amounts.get(currency) ?? 0) + amount)
    }
    return [...amounts].map(([currency, amount]) => ({ currency, amount }))
  }
}
