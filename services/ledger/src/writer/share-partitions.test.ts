import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { sharePartitions, tooMany } from './share-partitions.ts'

describe('what an instance serves too many', () => {
  it.each([
    ['alone, it keeps everything', 16, [], 0],
    ['half of all goes to one that has none', 16, [0], 8],
    ['a third each, where three are there', 16, [0, 0], 10],
    ['an odd one stays where it is', 3, [2], 0],
    ['who has less than the others gives nothing', 5, [11], 0],
    ['nothing served is nothing to give', 0, [0, 0], 0],
  ])('%s', (_, served, others, expected) => {
    expect(tooMany(served, others)).toBe(expected)
  })

  it('is given to the next in line until nobody has too many, wherever the line begins', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(16), { minLength: 1, maxLength: 6 }), (start) => {
        const counts = [...start]
        for (let round = 0; round < 200; round += 1) {
          const from = round % counts.length
          const others = counts.filter((_, index) => index !== from)
          const given = tooMany(counts[from] ?? 0, others)
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
  const round = async (served: readonly number[], others: () => Promise<readonly number[]>) => {
    const handedOver: number[] = []
    const said: unknown[] = []
    const sharing = sharePartitions(
      {
        presence: {
          say: (...words) => {
            said.push(words)
            return others()
          },
          leave: () => Promise.resolve(),
        },
        served: () => served,
        handOver: (partition) => {
          handedOver.push(partition)
          return Promise.resolve()
        },
        onServed: (count) => said.push(count),
        now: () => 1_000,
      },
      500,
    )
    await sharing.catch(() => undefined)
    return { handedOver, said }
  }

  it('says what is served and for how long, and hands over what is too much', async () => {
    const { handedOver, said } = await round([3, 4, 9], () => Promise.resolve([0]))
    expect(said).toEqual([3, [3, 1_000, 3_000]])
    expect(handedOver).toEqual([3])
  })

  it('hands nothing over where it cannot be known who else is there', async () => {
    const { handedOver } = await round([3, 4, 9], () => Promise.reject(new Error('no database')))
    expect(handedOver).toEqual([])
  })
})
