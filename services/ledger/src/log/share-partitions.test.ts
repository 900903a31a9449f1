import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSharing, tooMany, type Instance } from './share-partitions.ts'

const owning = (count: number, isReady = true): Instance => ({
  partitions: Array.from({ length: count }, (_, partition) => partition),
  isReady,
})

describe('the partitions that an instance owns above the mean', () => {
  it.each([
    ['alone, it keeps everything', 16, [], 0],
    ['half of all goes to one that has none', 16, [0], 8],
    ['a third each, where three are there', 16, [0, 0], 10],
    ['an odd one stays where it is', 3, [2], 0],
    ['who has less than the others gives nothing', 5, [11], 0],
    ['nothing served is nothing to give', 0, [0, 0], 0],
  ])('%s', (_, served, others, expected) => {
    expect(
      tooMany(
        served,
        others.map((count) => owning(count)),
      ),
    ).toBe(expected)
  })

  it('are not measured against an instance that is not ready', () => {
    expect(tooMany(16, [owning(0, false)])).toBe(0)
  })

  it('are handed to the next in line until no instance has too many, wherever the line begins', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(16), { minLength: 1, maxLength: 6 }), (start) => {
        const counts = [...start]
        for (let round = 0; round < 200; round += 1) {
          const from = round % counts.length
          const others = counts.filter((_, index) => index !== from)
          const given = tooMany(
            counts[from] ?? 0,
            others.map((count) => owning(count)),
          )
          const next = (from + 1) % counts.length
          counts[from] = (counts[from] ?? 0) - given
          counts[next] = (counts[next] ?? 0) + given
        }
        const total = start.reduce((sum, count) => sum + count, 0)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total)
        expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(total / counts.length))
      }),
    )
  })
})

describe('a round', () => {
  type Situation = {
    readonly owned?: readonly number[]
    readonly others?: () => Promise<readonly Instance[]>
    readonly isReady?: boolean
    readonly unprojected?: ReadonlyMap<number, number>
    readonly apartMs?: number
  }
  const all = Array.from({ length: 16 }, (_, partition) => partition)
  /** Two rounds, two seconds apart, or as given. */
  const rounds = async ({
    owned = all,
    others = () => Promise.resolve([]),
    isReady = true,
    unprojected = new Map(),
    apartMs = 2_000,
  }: Situation) => {
    const handedOver: number[] = []
    const woken: number[] = []
    const lookedAt: (readonly number[])[] = []
    const heartbeats: unknown[] = []
    let time = 1_000
    const round = createSharing(
      {
        instances: {
          heartbeat: (...heartbeat) => {
            heartbeats.push(heartbeat)
            return others()
          },
          leave: () => Promise.resolve(),
        },
        owned: () => owned,
        isReady: () => Promise.resolve(isReady),
        handOver: (partition) => {
          handedOver.push(partition)
          return Promise.resolve()
        },
        unprojected: (partitions) => {
          lookedAt.push(partitions)
          return Promise.resolve(unprojected)
        },
        wake: (partition) => {
          woken.push(partition)
          return Promise.resolve()
        },
        onOwned: () => undefined,
        now: () => time,
      },
      2_000,
    )
    await round().catch(() => undefined)
    const inFirst = { handedOver: [...handedOver], woken: [...woken] }
    time += apartMs
    await round().catch(() => undefined)
    return { inFirst, handedOver, woken, heartbeats, lookedAt }
  }

  it('publishes its partitions with their expiry, and hands over its surplus', async () => {
    const { inFirst, heartbeats } = await rounds({
      owned: [3, 4, 9],
      others: () => Promise.resolve([owning(0)]),
    })
    expect(heartbeats[0]).toEqual([{ partitions: [3, 4, 9], isReady: true }, 5_000])
    expect(inFirst.handedOver).toEqual([3])
  })

  it('hands nothing over where the others are unknown', async () => {
    const { handedOver } = await rounds({ others: () => Promise.reject(new Error('no database')) })
    expect(handedOver).toEqual([])
  })

  it('hands everything to a ready instance while the own clock is wrong, and keeps it alone', async () => {
    const ready = await rounds({ isReady: false, others: () => Promise.resolve([owning(0)]) })
    expect(ready.inFirst.handedOver).toEqual(all)
    const alone = await rounds({ isReady: false })
    expect(alone.handedOver).toEqual([])
    const noneReady = await rounds({
      isReady: false,
      others: () => Promise.resolve([owning(0, false)]),
    })
    expect(noneReady.handedOver).toEqual([])
  })

  it('wakes a partition without an owner, and not again before its queue had time', async () => {
    const { inFirst, woken } = await rounds({
      owned: all.slice(0, 14),
      others: () => Promise.resolve([{ partitions: [14], isReady: true }]),
    })
    expect(inFirst.woken).toEqual([15])
    expect(woken).toEqual([15])
  })

  it('wakes a partition again three seconds later where nobody owns it still', async () => {
    const { woken } = await rounds({ owned: all.slice(0, 15), apartMs: 3_000 })
    expect(woken).toEqual([15, 15])
  })

  it('looks at the projections of its own partitions alone', async () => {
    const { lookedAt } = await rounds({
      owned: [3, 4],
      others: () => Promise.resolve([owning(2)]),
    })
    expect(lookedAt).toEqual([
      [3, 4],
      [3, 4],
    ])
  })

  it('wakes an owned partition whose projections stand still behind its blocks', async () => {
    const { inFirst, woken } = await rounds({ unprojected: new Map([[5, 118]]) })
    expect(inFirst.woken).toEqual([])
    expect(woken).toEqual([5])
  })
})
