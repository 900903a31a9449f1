import type { Log } from '@recargas/service'
import type { OutboxMessage, PreparedBatch } from './ports.ts'

/** Of the document that keeps a batch's messages until they are sent. */
export const outboxId = ({ partition, after }: PreparedBatch): string =>
  `${partition}:${after.batch}`

export type BatchSender = {
  /** Sends what a durable batch caused, beside the writer: the next batch does not wait for it. */
  readonly send: (batch: PreparedBatch | null, hints: readonly OutboxMessage[]) => void
  /** Waits while too many messages are on their way to the broker. */
  readonly room: () => Promise<void>
  readonly drained: () => Promise<void>
}

/** More than 512 tills can have under way at once, and little enough to be kept in memory behind a slow broker. */
const underWayMax = 1_000

type Deps = {
  readonly send: (messages: readonly OutboxMessage[]) => Promise<boolean>
  readonly forgetSent: (ids: readonly string[]) => Promise<void>
  readonly log: Log
}

/**
 * A batch's outbox document goes once the broker has confirmed all of it; many go in one deletion. What fails here is
 * left in the outbox for the sweeper.
 */
export const createBatchSender = ({ send, forgetSent, log }: Deps): BatchSender => {
  const underWay = new Set<Promise<void>>()
  let messages = 0
  let waiting: (() => void)[] = []
  let sent: string[] = []
  let forgetting: Promise<void> | null = null

  const forgetAll = async (): Promise<void> => {
    while (sent.length > 0) {
      const ids = sent
      sent = []
      await forgetSent(ids).catch((error: unknown) =>
        log.warn('sent batches stay in the outbox', { error }),
      )
    }
    // In the same turn as the last look at `sent`: what is sent after it must start a new run.
    forgetting = null
  }

  const sendOut = async (
    id: string,
    durable: readonly OutboxMessage[],
    hints: readonly OutboxMessage[],
  ): Promise<void> => {
    const [allSent] = await Promise.all([send(durable), send(hints)])
    if (durable.length === 0) return
    if (!allSent) {
      log.warn('messages of a batch were not confirmed, the sweeper sends them again', { id })
      return
    }
    sent.push(id)
    forgetting ??= forgetAll()
  }

  return {
    send: (batch, hints) => {
      const durable = batch?.messages ?? []
      const count = durable.length + hints.length
      if (count === 0) return
      messages += count
      // Of the batch only what is to be sent: behind a slow broker many wait here, each with all its documents.
      const sending = sendOut(batch === null ? '' : outboxId(batch), durable, hints)
        .catch((error: unknown) => log.error('a batch could not be sent', { error }))
        .finally(() => {
          underWay.delete(sending)
          messages -= count
          if (messages >= underWayMax) return
          const going = waiting
          waiting = []
          for (const go of going) go()
        })
      underWay.add(sending)
    },
    room: () =>
      messages < underWayMax
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    drained: async () => {
      await Promise.all(underWay)
      await forgetting
    },
  }
}
