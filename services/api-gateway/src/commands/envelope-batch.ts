/** Bodies that wait for one partition, cut into messages: one envelope as it is, several as an array. */
export const batchesOf = <Item extends { readonly body: string }>(
  items: readonly Item[],
  bytesMax: number,
): { readonly items: readonly Item[]; readonly body: Buffer }[] => {
  const batches: { items: Item[]; body: Buffer }[] = []
  let batch: Item[] = []
  let bytes = 0
  const cut = () => {
    if (batch.length === 0) return
    const text =
      batch.length === 1 ? (batch[0]?.body ?? '') : `[${batch.map(({ body }) => body).join(',')}]`
    batches.push({ items: batch, body: Buffer.from(text) })
    batch = []
    bytes = 0
  }
  for (const item of items) {
    // The comma or bracket of the array comes with each.
    const size = Buffer.byteLength(item.body) + 2
    if (bytes + size > bytesMax) cut()
    batch.push(item)
    bytes += size
  }
  cut()
  return batches
}
