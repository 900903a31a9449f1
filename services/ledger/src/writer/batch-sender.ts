import type { Log } from '@recargas/service'
import type { OutboxMessage, PreparedBatch } from './ports.ts'

export type BatchSender = {
  /** Sends what a durable batch caused, beside the writer: the next batch does not wait for it. */
  readonly send: (batch: PreparedBatch | null, hints: readonly OutboxMessage[]) => void
  readonly drained: () => Promise<void>
}

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

  const sendBatch = async (
    batch: PreparedBatch | null,
    hints: readonly OutboxMessage[],
  ): Promise<void> => {
    const durable = batch?.messages ?? []
    const [allSent] = await Promise.all([send(durable), send(hints)])
    if (batch === null || durable.length === 0) return
    if (!allSent) {
      log.warn('messages of a batch were not confirmed, the sweeper sends them again', {
        partition: batch.partition,
        batch: batch.after.batch,
      })
      return
    }
    sent.push(`${batch.partition}:${batch.after.batch}`)
    forgetting ??= forgetAll()
  }

  return {
    send: (batch, hints) => {
      if ((batch?.messages.length ?? 0) + hints.length === 0) return
      const sending = sendBatch(batch, hints)
        .catch((error: unknown) => log.error('a batch could not be sent', { error }))
        .finally(() => underWay.delete(sending))
      underWay.add(sending)
    },
    drained: async () => {
      await Promise.all(underWay)
      await forgetting
    },
  }
}
