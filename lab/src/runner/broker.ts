import { setTimeout as pause } from 'node:timers/promises'
import { connect, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib'

const connectTimeoutMs = 5_000
const unconfirmedMax = 500

/** Opens a channel for one piece of work. */
export const withChannel = async <Result>(
  amqpUrl: string,
  use: (channel: ConfirmChannel) => Promise<Result>,
): Promise<Result> => {
  const model = await connect(amqpUrl, { timeout: connectTimeoutMs })
  // The broker may be killed at any moment; the failing call reports it.
  model.on('error', () => undefined)
  try {
    const channel = await model.createConfirmChannel()
    channel.on('error', () => undefined)
    return await use(channel)
  } finally {
    await closeQuietly(model)
  }
}

const closeQuietly = (model: ChannelModel): Promise<void> =>
  Promise.race([model.close().catch(() => undefined), pause(connectTimeoutMs)])

export type Outgoing = {
  readonly queue: string
  readonly body: Buffer
  readonly messageId: string
  readonly type?: string
}

/** Publishes straight to queues. @returns once the broker has confirmed all */
export const publishTo = (amqpUrl: string, messages: Iterable<Outgoing>): Promise<void> =>
  withChannel(amqpUrl, async (channel) => {
    let published = 0
    for (const { queue, body, messageId, type } of messages) {
      channel.publish('', queue, body, {
        persistent: true,
        messageId,
        contentType: 'application/cloudevents+json',
        ...(type === undefined ? {} : { type }),
      })
      published += 1
      if (published % unconfirmedMax === 0) await channel.waitForConfirms()
    }
    await channel.waitForConfirms()
  })

/** The envelopes of a message, which may hold several. */
export const envelopesIn = (body: Buffer): readonly unknown[] => {
  const read: unknown = JSON.parse(body.toString('utf8'))
  return Array.isArray(read) ? read : [read]
}

export type Binding = { readonly exchange: string; readonly routingKey: string }

/** Copies what the bindings get to a queue of its own, beside the services. @param use gets the copies, an array that grows */
export const withCopies = <Result>(
  amqpUrl: string,
  bindings: readonly Binding[],
  copiesMax: number,
  use: (copies: readonly ConsumeMessage[]) => Promise<Result>,
): Promise<Result> =>
  withChannel(amqpUrl, async (channel) => {
    const options = { exclusive: true, autoDelete: true, durable: false, maxLength: copiesMax }
    const { queue } = await channel.assertQueue('', options)
    for (const { exchange, routingKey } of bindings) {
      await channel.bindQueue(queue, exchange, routingKey)
    }
    const copies: ConsumeMessage[] = []
    const keep = (message: ConsumeMessage | null) => {
      if (message !== null && copies.length < copiesMax) copies.push(message)
    }
    await channel.consume(queue, keep, { noAck: true })
    return use(copies)
  })
