import {
  adapterQueue,
  envelopesPerMessageMax,
  exchanges,
  ledgerEventKey,
} from '@recargas/contracts'
import type { CarrierAddress, OutgoingMessage } from '../accounting/outgoing-message.ts'

type Publish = (message: {
  readonly exchange: string
  readonly routingKey: string
  readonly messageId: string
  readonly type: string
  readonly correlationId?: string
  readonly body: Buffer
  readonly persistent: boolean
}) => Promise<{ readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown' }>

export type Relay = {
  /** Publishes the messages of a batch. @returns true when the broker confirmed all of them. Never throws. */
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<boolean>
}

/**
 * Publishes the ledger's messages: one AMQP message for each carrier job, and one for all events of a batch. Events to gateways
 * are notifications (the ledger is the truth), so the absence of gateways is not a failure.
 */
export const createRelay = (publish: Publish): Relay => ({
  send: async (messages) => {
    const jobs = messages.flatMap((message) =>
      message.to === 'gateways' ? [] : [publishJob(publish, message, message.to)],
    )
    const news = messages.filter((message) => message.to === 'gateways')
    const sent = await Promise.all([...jobs, ...publishNews(publish, news)])
    return sent.every(Boolean)
  },
})

const publishJob = async (
  publish: Publish,
  message: OutgoingMessage,
  { carrier, kind }: CarrierAddress,
): Promise<boolean> => {
  const outcome = await publish({
    exchange: exchanges.command,
    routingKey: adapterQueue(carrier, kind),
    messageId: message.id,
    type: message.type,
    correlationId: message.correlationId,
    body: Buffer.from(message.body),
    persistent: true,
  })
  return outcome.kind === 'confirmed'
}

const publishNews = (publish: Publish, news: readonly OutgoingMessage[]): Promise<boolean>[] => {
  const sent: Promise<boolean>[] = []
  for (let from = 0; from < news.length; from += envelopesPerMessageMax) {
    const chunk = news.slice(from, from + envelopesPerMessageMax)
    const [first] = chunk
    if (first === undefined) break
    const body = chunk.length === 1 ? first.body : `[${chunk.map(({ body }) => body).join(',')}]`
    sent.push(
      publish({
        exchange: exchanges.event,
        routingKey: ledgerEventKey,
        messageId: first.id,
        type: chunk.length === 1 ? first.type : 'batch',
        body: Buffer.from(body),
        persistent: false,
      }).then(({ kind }) => kind === 'confirmed' || kind === 'unroutable'),
    )
  }
  return sent
}
