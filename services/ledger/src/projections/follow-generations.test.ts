import { expect, test } from '@jest/globals'
import { followGenerations, knownForMs, readableForMs } from './follow-generations.ts'
import type { KnownGenerations } from './generation-store.ts'
import { afterNextStep, firstGeneration, type Generations } from './generations.ts'

const projection = { name: 'sales', indexes: [], documentsOf: () => [] }

/** An instance with two partitions. */
const anInstance = (first: Generations = firstGeneration) => {
  let listed: KnownGenerations = new Map([['sales', first]])
  let now = 0
  let isPromoted = true
  const positions = new Map<string, number[]>()
  const followed: { readonly written: readonly string[]; readonly kept: readonly string[] }[] = []
  const failing: string[] = []
  const generations = followGenerations(
    {
      projections: [projection],
      generations: {
        read: () =>
          failing.includes('list') ? Promise.reject(new Error('down')) : Promise.resolve(listed),
      },
      positions: {
        positionsOf: (partition, names) =>
          failing.includes('positions')
            ? Promise.reject(new Error('down'))
            : Promise.resolve(
                new Map(names.map((name) => [name, positions.get(name)?.[partition] ?? -1])),
              ),
      },
      projector: {
        follow: (written, kept) => {
          followed.push({ written: written.map(({ name }) => name), kept })
          return Promise.resolve()
        },
        promote: () => isPromoted,
      },
      partitions: 2,
      nowMs: () => now,
    },
    listed,
  )
  const shown = (name: string, ...each: number[]) => void positions.set(name, each)
  return {
    ...generations,
    list: (changed: Generations) => {
      listed = new Map([['sales', changed]])
      return generations.follow()
    },
    shown,
    followed,
    failing,
    refusePromotion: (isRefused: boolean) => {
      isPromoted = !isRefused
    },
    pass: (ms: number) => {
      now += ms
    },
  }
}
const building = afterNextStep(firstGeneration)
const switched = afterNextStep(building)
const unlisted = afterNextStep(switched)

test('a generation that is built is written, and read only once it is the current one', async () => {
  const instance = anInstance()
  instance.shown('sales', 5, 5)
  instance.shown('sales/2', 5, 5)
  await instance.list(building)
  expect(instance.followed.at(-1)).toEqual({ written: ['sales', 'sales/2'], kept: ['sales'] })
  expect(instance.collectionOf('sales')).toBe('sales')
  await instance.list(switched)
  expect(instance.collectionOf('sales')).toBe('sales_b')
  expect(instance.positionsName('sales')).toBe('sales/2')
  await instance.list(unlisted)
  expect(instance.followed.at(-1)).toEqual({ written: ['sales/2'], kept: ['sales/2'] })
})

test('while it shows less than the one of before did, reads wait for both and read the one of before', async () => {
  const instance = anInstance()
  instance.shown('sales', 5, 7)
  instance.shown('sales/2', 5, 6)
  await instance.list(switched)
  expect(instance.collectionOf('sales')).toBe('sales')
  expect(await instance.positionsOf(1, ['sales'])).toEqual(new Map([['sales', 6]]))
  // Both generations go on: only the positions at the moment when reads began to wait for both count.
  instance.shown('sales', 5, 9)
  instance.shown('sales/2', 5, 7)
  await instance.follow()
  expect(instance.collectionOf('sales')).toBe('sales_b')
  expect(await instance.positionsOf(1, ['sales'])).toEqual(new Map([['sales', 7]]))
})

test('it is not read before the projector holds all that it does not show, nor before the old positions were read', async () => {
  const instance = anInstance()
  instance.shown('sales', 5, 7)
  instance.shown('sales/2', 5, 7)
  instance.refusePromotion(true)
  await instance.list(switched)
  expect(instance.collectionOf('sales')).toBe('sales')
  expect(await instance.positionsOf(1, ['sales'])).toEqual(new Map([['sales', 7]]))
  instance.refusePromotion(false)
  instance.failing.push('positions')
  await expect(instance.follow()).rejects.toThrow('down')
  instance.failing.pop()
  instance.shown('sales', 5, 8)
  await instance.follow()
  expect(instance.collectionOf('sales')).toBe('sales')
  instance.shown('sales/2', 5, 8)
  await instance.follow()
  expect(instance.collectionOf('sales')).toBe('sales_b')
})

test('an instance that cannot read the list reads nothing after a while, and a read that took too long does not count', async () => {
  const instance = anInstance()
  instance.failing.push('list')
  instance.pass(knownForMs + 1)
  await expect(instance.follow()).rejects.toThrow('down')
  expect(() => instance.collectionOf('sales')).toThrow('could not be read for too long')
  instance.failing.pop()
  await instance.follow()
  expect(instance.collectionOf('sales')).toBe('sales')
  expect(await instance.whileReadable(() => Promise.resolve('read'))).toBe('read')
  const suspended = instance.whileReadable(async () => {
    instance.pass(readableForMs + 1)
    await instance.follow()
  })
  await expect(suspended).rejects.toThrow('took longer than a generation')
})

test('a generation that is listed no more is not read, whatever its instance did meanwhile', async () => {
  const instance = anInstance()
  instance.refusePromotion(true)
  await instance.list(unlisted)
  expect(() => instance.collectionOf('sales')).toThrow('no generation of it can be read')
  expect(instance.followed.at(-1)).toEqual({ written: ['sales/2'], kept: ['sales'] })
  instance.refusePromotion(false)
  await instance.follow()
  expect(instance.collectionOf('sales')).toBe('sales_b')
})

test('a third generation that passes one that was never read is taken in its place', async () => {
  const instance = anInstance()
  instance.shown('sales', 5, 7)
  await instance.list(switched)
  const third = afterNextStep(afterNextStep(afterNextStep(unlisted)))
  expect(third).toEqual({ current: 3, building: null, retiring: 2, dropping: null })
  instance.shown('sales/3', 5, 7)
  await instance.list(third)
  expect(instance.collectionOf('sales')).toBe('sales')
  expect(instance.positionsName('sales')).toBe('sales/3')
})

test('a projection that was never built is not read, and is read once it is', async () => {
  const instance = anInstance({ ...firstGeneration, current: null })
  expect(() => instance.collectionOf('sales')).toThrow('no generation of it can be read')
  expect(await instance.positionsOf(0, ['sales'])).toEqual(new Map())
  await instance.list(firstGeneration)
  expect(instance.collectionOf('sales')).toBe('sales')
})
