import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  adapterQueue,
  deadQueue,
  exchanges,
  ledgerQueue,
  MerchantId,
  partitionOf,
} from '@recargas/contracts'
import { connect, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib'

/** A copy of a message that was published. */
export type Copy = {
  readonly queue: string
  readonly body: Buffer
  readonly properties: ConsumeMessage['properties']
}

export type DeadLetter = { readonly messageId: string; readonly text: string }

export const poisonMark = 'chaos-poison-'

/** The partition of the one merchant that sells here. */
export const merchantQueue = (merchant: string): string =>
  ledgerQueue(partitionOf(MerchantId.parse(merchant)))

const copiesMax = 400
const deadLettersMax = 2_000
const connectTimeoutMs = 5_000

const withChannel = async <Result>(
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

/** Copies messages to a merchant's partition and to the carrier's queue until there are enough. */
export const captureCopies = (
  amqpUrl: string,
  merchant: string,
  forMs: number,
  isEnough: (copies: readonly Copy[]) => boolean = () => false,
): Promise<readonly Copy[]> =>
  withChannel(amqpUrl, async (channel) => {
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      durable: false,
      arguments: { 'x-max-length': copiesMax },
    })
    for (const key of [merchantQueue(merchant), adapterQueue('tpaga', 'topup')]) {
      await channel.bindQueue(queue, exchanges.command, key)
    }
    const copies: Copy[] = []
    await channel.consume(
      queue,
      (message) => {
        if (message === null || copies.length >= copiesMax) return
        const { fields, content, properties } = message
        copies.push({ queue: fields.routingKey, body: content, properties })
      },
      { noAck: true },
    )
    const deadline = performance.now() + forMs
    while (performance.now() < deadline && !isEnough(copies)) await pause(50)
    return copies
  })

/** Publishes straight to queues. @returns once the broker has confirmed all */
export const publishTo = (
  amqpUrl: string,
  messages: readonly {
    readonly queue: string
    readonly body: Buffer
    readonly messageId: string
    readonly type?: string
  }[],
): Promise<void> =>
  withChannel(amqpUrl, async (channel) => {
    for (const { queue, body, messageId, type } of messages) {
      channel.publish('', queue, body, {
        persistent: true,
        messageId,
        contentType: 'application/cloudevents+json',
        ...(type === undefined ? {} : { type }),
      })
    }
    await channel.waitForConfirms()
  })

export const setDeadBinding = (amqpUrl: string, isBound: boolean): Promise<void> =>
  withChannel(amqpUrl, async (channel) => {
    if (isBound) await channel.bindQueue(deadQueue, exchanges.dead, '')
    else await channel.unbindQueue(deadQueue, exchanges.dead, '')
  })

/** Reads the dead-letter queue; its messages stay. */
export const readDeadQueue = (amqpUrl: string): Promise<readonly DeadLetter[]> =>
  withChannel(amqpUrl, async (channel) => {
    const found: DeadLetter[] = []
    while (found.length < deadLettersMax) {
      const message = await channel.get(deadQueue)
      if (message === false) break
      const headers = message.properties.headers ?? {}
      found.push({
        messageId: String(message.properties.messageId),
        text: `${JSON.stringify(headers)} ${message.content.toString('utf8')}`,
      })
    }
    return found
  })

/** Only our consumers set this header, and the stored copy keeps it: dead letters of the broker itself name no cause. */
const causeHeader = '"last-error-code"'

/** Searches a dead letter's text, as queued or as stored. */
export const isDeadLetteredWithCause = (letter: string, id: string): boolean =>
  letter.includes(id) && letter.includes(causeHeader)

type Envelope = {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The first sale's command among copies; several may travel in one message. */
export const commandIn = (copies: readonly Copy[]): Envelope | null => {
  for (const { body } of copies) {
    const read: unknown = JSON.parse(body.toString('utf8'))
    const envelopes = (Array.isArray(read) ? read : [read]) as Envelope[]
    const command = envelopes.find(({ type }) => type === 'RequestTopup.v1')
    if (command !== undefined) return command
  }
  return null
}

/** A sale like that one, of another customer, as if its gateway had died right after the broker's confirm. */
export const orphanOf = (command: Envelope, number: string, acceptForMs: number) => {
  const operationId = randomUUID()
  const id = `${operationId}:RequestTopup:chaos`
  const now = Date.now()
  const envelope = {
    ...command,
    id,
    subject: operationId,
    correlationid: id,
    time: new Date(now).toISOString(),
    data: {
      ...command.data,
      operationId,
      number,
      requestedAt: new Date(now).toISOString(),
      acceptUntil: new Date(now + acceptForMs).toISOString(),
    },
  }
  return {
    operationId,
    messageId: id,
    type: command.type,
    body: Buffer.from(JSON.stringify(envelope)),
  }
}
