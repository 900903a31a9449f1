import type { Log } from '@recargas/runtime'
import type { Projector } from '../projections/projector.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'

/** Twice the sales that 512 tills have under way at once: little enough to be kept in memory behind a slow broker. */
const messagesUnderWayMax = 1_000
/**
 * Lag of the projections beyond which appends wait (ledger-log L10): of a partition in blocks, so that one that cannot be
 * projected holds up no other, and of all in bytes of entries.
 */
export const blocksBehindMax = 2_000
export const bytesBehindMax = 67_108_864

export type MessageSender = {
  /** Sends the messages of an appended block beside the writer. Never fails: a held sale without progress is repeated. */
  readonly send: (
    jobs: readonly OutgoingMessage[],
    notifications: readonly OutgoingMessage[],
  ) => void
  /** Waits while too many messages are under way, or the partition's projections lag too far behind. */
  readonly waitForCapacity: (partition: number) => Promise<void>
  /** Wakes the waiting partitions after the projection lag changed. */
  readonly lagChanged: () => void
  readonly drained: () => Promise<void>
}

type Deps = {
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<boolean>
  readonly projector: Pick<Projector, 'lag' | 'blocksBehind'>
  readonly log: Log
}

export const createMessageSender = ({ send, projector, log }: Deps): MessageSender => {
  const underWay = new Set<Promise<void>>()
  let messages = 0
  let waiting: { readonly partition: number; readonly go: () => void }[] = []

  const hasCapacity = (partition: number): boolean =>
    messages < messagesUnderWayMax &&
    projector.blocksBehind(partition) < blocksBehindMax &&
    projector.lag().bytes < bytesBehindMax
  const release = (): void => {
    const released = waiting.filter(({ partition }) => hasCapacity(partition))
    if (released.length === 0) return
    waiting = waiting.filter((each) => !released.includes(each))
    for (const { go } of released) go()
  }
  const publish = async (jobs: readonly OutgoingMessage[], others: readonly OutgoingMessage[]) => {
    const [isConfirmed] = await Promise.all([send(jobs), send(others)])
    if (!isConfirmed)
      log.warn('carrier jobs not confirmed; held sales without progress are republished')
  }
  return {
    send: (jobs, notifications) => {
      const count = jobs.length + notifications.length
      if (count === 0) return
      messages += count
      const sending = publish(jobs, notifications)
        .catch((error: unknown) => log.error('messages could not be sent', { error }))
        .finally(() => {
          underWay.delete(sending)
          messages -= count
          release()
        })
      underWay.add(sending)
    },
    waitForCapacity: (partition) =>
      hasCapacity(partition)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ partition, go: resolve })),
    lagChanged: release,
    drained: async () => {
      await Promise.all(underWay)
    },
  }
}
