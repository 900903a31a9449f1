import { createSharing, type Instance } from '../../log/share-partitions.ts'
import { heartbeatMs, type Point } from './world.ts'

/**
 * Shares the partitions out by the instances' own rounds, from the first one, which has them all. A partition that is handed over
 * goes to the next instance in the line of its queue.
 */
export const shareOut = async ({ ledgers, partitions }: Point, random: () => number) => {
  const owned = Array.from({ length: ledgers }, () => new Set<number>())
  for (let partition = 0; partition < partitions; partition += 1) owned[0]?.add(partition)
  const rounds = owned.map((own, self) => {
    const others = (): Instance[] =>
      owned
        .filter((_, other) => other !== self)
        .map((theirs) => ({ partitions: [...theirs], isReady: true }))
    return createSharing(
      {
        instances: { heartbeat: () => Promise.resolve(others()), leave: () => Promise.resolve() },
        owned: () => [...own],
        isReady: () => Promise.resolve(true),
        handOver: (partition) => {
          own.delete(partition)
          owned[Math.floor(random() * ledgers)]?.add(partition)
          return Promise.resolve()
        },
        unprojected: () => Promise.resolve(new Map()),
        wake: () => Promise.resolve(),
        onOwned: () => undefined,
        now: () => 0,
      },
      heartbeatMs,
    )
  })
  let passes = 0
  const most = Math.ceil(partitions / ledgers)
  while (passes < 200 && owned.some(({ size }) => size > most)) {
    passes += 1
    for (const round of rounds) await round()
  }
  return { owned, passes }
}
