const pagesMax = 20

/** Reads a list whose cursor is how many come before the page, up to twenty pages. */
export const readAll = async <Item>(
  pageSize: number,
  pageAfter: (cursor: number) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => {
  const items: Item[] = []
  for (let page = 0; page < pagesMax; page += 1) {
    const read = await pageAfter(items.length)
    items.push(...read)
    if (read.length < pageSize) break
  }
  return items
}

const unitsMax = 100_000_000_000

/** @returns null for a text that is no sum of the carrier's own units */
export const readUnits = (text: string): number | null => {
  const digits = text.replaceAll(/[\s.]/g, '')
  if (!/^\d{1,12}$/.test(digits)) return null
  const units = Number(digits)
  return units >= 1 && units <= unitsMax ? units : null
}
