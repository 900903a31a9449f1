/**
 * Groups single writes: items that arrive during a write go into the next one. Idle, an item is written
 * at once; there is no lingering. Waiting items are bounded by the consumer's prefetch.
 * @param write takes up to `max` items and answers each, in order; when it throws, each of them fails.
 */
export const createBatcher = <Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  max: number,
): ((item: Item) => Promise<Result>) => {
  type Waiting = {
    readonly item: Item
    readonly resolve: (result: Result) => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let writing = false

  const writeNext = async () => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, max)
      waiting = waiting.slice(max)
      try {
        const results = await write(batch.map(({ item }) => item))
        batch.forEach(({ resolve, reject }, index) => {
          const result = results[index]
          if (result === undefined) reject(new Error('a batch answers each of its items'))
          else resolve(result)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Started from a microtask: items of the same turn of the event loop share the first write too.
      if (!writing) {
        writing = true
        queueMicrotask(() => void writeNext())
      }
    })
}
