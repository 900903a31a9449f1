import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { adapterQueue, deadQueue, exchanges } from '@recargas/contracts'
import { envelopesIn, withChannel, withCopies, type Outgoing } from '../runner/broker.ts'
import { hotQueue } from '../runner/shops.ts'

type DeadLetter = { readonly messageId: string; readonly text: string }

export const poisonMark = 'chaos-poison-'

const copiesMax = 400
const deadLettersMax = 2_000

/** Copies messages to the shop's partition and to the carrier's queue until there are enough. */
export const captureCopies = (
  amqpUrl: string,
  forMs: number,
  isEnough: (copies: readonly Outgoing[]) => boolean,
): Promise<readonly Outgoing[]> => {
  const queues = [hotQueue, adapterQueue('tpaga', 'topup')]
  const bindings = queues.map((routingKey) => ({ exchange: exchanges.command, routingKey }))
  return withCopies(amqpUrl, bindings, copiesMax, async (messages) => {
    const copies = () =>
      messages.map(({ fields, content, properties }) => ({
        queue: fields.routingKey,
        body: content,
        messageId: String(properties.messageId),
        type: String(properties.type),
      }))
    const deadline = performance.now() + forMs
    while (performance.now() < deadline && !isEnough(copies())) await pause(50)
    return copies()
  })
}

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

/** The first sale's command among copies. */
export const commandIn = (copies: readonly Outgoing[]): Envelope | null =>
  copies
    .flatMap(({ body }) => envelopesIn(body) as readonly Envelope[])
    .find(({ type }) => type === 'RequestTopup.v1') ?? null

/** The same command for another customer, as a gateway leaves it that dies right after the broker's confirm. */
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
  const body = Buffer.from(JSON.stringify(envelope))
  return { operationId, message: { queue: hotQueue, messageId: id, type: command.type, body } }
}
