import { expect, it } from '@jest/globals'
import { byZipf, inTurn, notSoldOf, onTills, times } from './load.ts'

const shops = ['a', 'b', 'c'].map((token, sessionId) => ({ token, sessionId }))

it('tills press as often as asked together, each one press after the other', async () => {
  const underWay = new Set<number>()
  const pressed: number[] = []
  await onTills(3, times(10), async (till) => {
    expect(underWay.has(till)).toBe(false)
    underWay.add(till)
    await new Promise(setImmediate)
    underWay.delete(till)
    pressed.push(till)
  })
  expect(pressed).toHaveLength(10)
  expect(new Set(pressed)).toEqual(new Set([0, 1, 2]))
})

it('shops sell in turn, each with its own token, session and an unused number', () => {
  const next = inTurn(shops)
  const sales = Array.from({ length: 6 }, next)
  expect(sales.map(({ token }) => token).sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
  const bodies = sales.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
  expect(new Set(bodies.map((body) => body['numero_cliente'])).size).toBe(6)
  expect(new Set(bodies.map((body) => body['id_caja_sesion']))).toEqual(new Set([0, 1, 2]))
})

it('by Zipf’s law the first shop sells most', () => {
  const next = byZipf(shops)
  const tokens = Array.from({ length: 2_000 }, () => next().token)
  const [first, second, third] = ['a', 'b', 'c'].map(
    (shop) => tokens.filter((token) => token === shop).length,
  )
  expect(first).toBeGreaterThan(second ?? 0)
  expect(second).toBeGreaterThan(third ?? 0)
})

it('an answer that is no sale counts as not sold, and so does an error', () => {
  expect(notSoldOf({ other: { 429: 2, 503: 1 }, errors: 4 })).toBe(7)
})
