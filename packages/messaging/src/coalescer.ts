import type { PublishOutcome } from './publisher.ts'

export type Coalescer<Item> = {
  /** @returns the outcome of the message that carried the item. Never rejects. */
  readonly add: (item: Item) => Promise<PublishOutcome>
}

type Settings<Item> = {
  readonly publishBatch: (items: readonly Item[]) => Promise<PublishOutcome>
  /** Most items in one message. */
  readonly max: number
  /** Most messages under way at once; further items wait. */
  readonly inFlight: number
  /** Most waiting items; further ones are refused at once. */
  readonly waitingMax: number
}

type Waiting<Item> = {
  readonly item: Item
  readonly resolve: (outcome: PublishOutcome) => void
}

/** Items that wait for an earlier publish travel together; nothing waits while there is room. */
export const createCoalescer = <Item>(settings: Settings<Item>): Coalescer<Item> => {
  let waiting: Waiting<Item>[] = []
  let underWay = 0

  const publish = async (batch: readonly Waiting<Item>[]): Promise<void> => {
    underWay += 1
    const outcome = await outcomeOf(settings, batch)
    underWay -= 1
    for (const { resolve } of batch) resolve(outcome)
    publishWaiting()
  }

  const publishWaiting = (): void => {
    while (underWay < settings.inFlight && waiting.length > 0) {
      const batch = waiting.slice(0, settings.max)
      waiting = waiting.slice(batch.length)
      void publish(batch)
    }
  }

  return {
    add: (item) =>
      new Promise((resolve) => {
        if (waiting.length >= settings.waitingMax) {
          resolve({ kind: 'refused', reason: `${settings.waitingMax} wait already` })
          return
        }
        waiting.push({ item, resolve })
        publishWaiting()
      }),
  }
}

const outcomeOf = async <Item>(
  { publishBatch }: Settings<Item>,
  batch: readonly Waiting<Item>[],
): Promise<PublishOutcome> => {
  try {
    return await publishBatch(batch.map(({ item }) => item))
  } catch (error) {
    return { kind: 'unknown', reason: String(error) }
  }
}
