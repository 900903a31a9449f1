/**
 * Version of everything that the ledger stores. It is raised whenever stored data change their shape or their meaning,
 * so that no ledger reads data as something they are not.
 */
export const currentLayout = 2

/** The reason to refuse a database, or null for one that is new or of the current layout. */
export const layoutRefusal = (stored: {
  readonly collections: ReadonlySet<string>
  readonly identity: { readonly layout?: number } | null
}): string | null => {
  const isBeforeVersions = stored.collections.has('partitions') && !stored.collections.has('state')
  const layout = stored.identity === null ? currentLayout : (stored.identity.layout ?? 1)
  if (!isBeforeVersions && layout === currentLayout) return null
  return layout > currentLayout
    ? `this ledger was made by a later version (layout ${layout}, this one reads ${currentLayout}): run the version that made it`
    : 'this ledger was made by an earlier version, whose data this one does not read: ' +
        'start anew (npm start -- --reset), or go on with the version that made it'
}
