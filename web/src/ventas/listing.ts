import type { components } from '@recargas/client'

export type Row = components['schemas']['RecargaEnHistorial']
/** Sales that are drawn and skipped together, newest first; never empty. */
export type Group = readonly Row[]

export type Page = {
  readonly rows: Group
  /** The cursor of the page after it; null at the end. */
  readonly next: number | null
  readonly total: number
}

export type Listing = Omit<Page, 'rows'> & { readonly groups: readonly Group[] }

export const pageSize = 50

export const listingOf = ({ rows, next, total }: Page): Listing => ({
  groups: rows.length === 0 ? [] : [rows],
  next,
  total,
})

/** @returns the listing with the page after it */
export const withNextPage = (listing: Listing, { rows, next, total }: Page): Listing => {
  const last = listing.groups.at(-1)?.at(-1)?.id ?? Infinity
  const older = rows.filter(({ id }) => id < last)
  return {
    groups: older.length === 0 ? listing.groups : [...listing.groups, older],
    next,
    total,
  }
}

/**
 * The listing after its first page was read again. Groups that did not change stay the same objects, so that they are not drawn
 * again. A first page that does not reach down to the known sales leaves a gap: then the listing starts again with it.
 */
export const withFirstPage = (listing: Listing, page: Page): Listing => {
  const floor = page.next === null ? -Infinity : (page.rows.at(-1)?.id ?? -Infinity)
  const newest = listing.groups[0]?.[0]?.id ?? -Infinity
  if (page.next === null || newest < floor) return listingOf(page)
  const [head, ...tail] = listing.groups
  const first = head !== undefined && isSame(head, page.rows) ? head : page.rows
  const fallen = head === undefined ? [] : below(head, floor)
  const kept = tail.map((group) => below(group, floor))
  const groups = [first, ...joined([fallen, ...kept].filter((group) => group.length > 0))]
  // Without a page of its own below the first one, the next page begins where the first one ends.
  return { groups, next: groups.length === 1 ? page.next : listing.next, total: page.total }
}

const below = (group: Group, floor: number): Group =>
  (group[0]?.id ?? 0) < floor ? group : group.filter(({ id }) => id < floor)

/** Sales that fell out of the first page join the group below it while there is room. */
const joined = ([first, second, ...others]: readonly Group[]): readonly Group[] => {
  if (first === undefined) return []
  if (second === undefined) return [first]
  return first.length + second.length <= pageSize
    ? [[...first, ...second], ...others]
    : [first, second, ...others]
}

const isSame = (one: Group, other: Group): boolean =>
  one.length === other.length &&
  one.every((row, at) => {
    const next = other[at]
    return row.id === next?.id && row.estado === next.estado && row.updated_at === next.updated_at
  })

/** The cursor in the Link header of a page; null without one. */
export const nextCursor = (link: string | null): number | null => {
  const cursor = /[?&]cursor=(\d{1,15})/.exec(link ?? '')?.[1]
  return cursor === undefined ? null : Number(cursor)
}
