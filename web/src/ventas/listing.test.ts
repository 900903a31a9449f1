import { describe, expect, test } from '@jest/globals'
import {
  listingOf,
  nextCursor,
  withFirstPage,
  withNextPage,
  type Page,
  type Row,
} from './listing.ts'

const row = (id: number, estado = 'AUTORIZADA') => ({ id, estado, updated_at: 't' }) as Row
/** Sales from one number down to another. */
const page = (from: number, to: number, next: number | null = to): Page => ({
  rows: Array.from({ length: from - to + 1 }, (_, at) => row(from - at)),
  next,
  total: from,
})
const idsOf = ({ groups }: { readonly groups: readonly (readonly Row[])[] }) =>
  groups.map((group) => group.map(({ id }) => id))

describe('the list of sales', () => {
  const two = withNextPage(listingOf(page(6, 5)), page(4, 3))

  test('goes on with the next page, and ends', () => {
    expect([idsOf(two), two.next]).toEqual([
      [
        [6, 5],
        [4, 3],
      ],
      3,
    ])
    const all = withNextPage(two, page(2, 1, null))
    expect([idsOf(all), all.next]).toEqual([
      [
        [6, 5],
        [4, 3],
        [2, 1],
      ],
      null,
    ])
  })

  test('keeps its groups where nothing changed', () => {
    const again = withFirstPage(two, page(6, 5))
    expect(again.groups[0]).toBe(two.groups[0])
    expect(again.groups[1]).toBe(two.groups[1])
  })

  test('shows new sales above without losing or repeating one', () => {
    const grown = withFirstPage(two, page(7, 6))
    expect([idsOf(grown), grown.next]).toEqual([
      [
        [7, 6],
        [5, 4, 3],
      ],
      3,
    ])
  })

  test('shows the new state of a sale, and drops one that the filter leaves out now', () => {
    const changed = withFirstPage(two, { rows: [row(6, 'RECHAZADA'), row(4)], next: 4, total: 5 })
    expect(changed.groups[0]?.[0]?.estado).toBe('RECHAZADA')
    expect(idsOf(changed)).toEqual([[6, 4], [3]])
  })

  test('starts again where more was sold than a page shows', () => {
    const fresh = withFirstPage(two, page(20, 19))
    expect([idsOf(fresh), fresh.next]).toEqual([[[20, 19]], 19])
  })

  test('is whole where the first page is the last', () => {
    expect(withFirstPage(two, page(6, 5, null))).toMatchObject({ next: null })
    expect(withFirstPage(two, { rows: [], next: null, total: 0 }).groups).toEqual([])
  })
})

test('the next page is named by the Link header', () => {
  expect(nextCursor('</recargas/historial/clientes?limit=100&cursor=4711>; rel="next"')).toBe(4711)
  expect([nextCursor(null), nextCursor('</x?limit=100>; rel="next"')]).toEqual([null, null])
})
