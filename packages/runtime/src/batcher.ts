type BatcherSettings<Item, Result> = {
  /** Answers each item, in order. Where it rejects, every item of the batch does. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>
  /** Counts the waiting items that the next batch takes: one or more. */
  readonly cut: (waiting: readonly Item[]) => number
  /** Most batches under way at once; further items wait. */
  readonly underWayMax: number
  /** Begins later, so that items of the same turn of the event loop share a batch; without it a batch begins at once. */
  readonly defer?: (begin: () => void) => void
}

export type Batcher<Item, Result> = {
  readonly add: (item: Item) => Promise<Result>
  /** Number of the items that no batch has taken yet. */
  readonly waiting: () => number
}

type Answer<Result> = {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Groups single writes: items that arrive while batches are under way share the next one. An idle batcher never lingers. */
export const createBatcher = <Item, Result>({
  write,
  cut,
  underWayMax,
  defer = (begin) => begin(),
}: BatcherSettings<Item, Result>): Batcher<Item, Result> => {
  let items: Item[] = []
  let answers: Answer<Result>[] = []
  let underWay = 0
  let isDeferred = false

  const send = async (batch: readonly Item[], waiters: readonly Answer<Result>[]) => {
    underWay += 1
    try {
      const results = await write(batch)
      waiters.forEach(({ resolve, reject }, index) => {
        const result = results[index]
        if (result === undefined) reject(new Error('a batch answers each of its items'))
        else resolve(result)
      })
    } catch (error) {
      for (const { reject } of waiters) reject(error)
    }
    underWay -= 1
    sendWaiting()
  }
  const sendWaiting = (): void => {
    while (underWay < underWayMax && items.length > 0) {
      const count = Math.max(1, cut(items))
      const batch = items.slice(0, count)
      const waiters = answers.slice(0, count)
      items = items.slice(count)
      answers = answers.slice(count)
      void send(batch, waiters)
    }
  }
  const begin = (): void => {
    isDeferred = false
    sendWaiting()
  }
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        items.push(item)
        answers.push({ resolve, reject })
        if (isDeferred) return
        isDeferred = true
        defer(begin)
      }),
    waiting: () => items.length,
  }
}
