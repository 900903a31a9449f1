import { once } from 'node:events'
import { exchanges, sharedTopology } from '@recargas/contracts'
import { connect } from 'amqplib'
import { z } from 'zod'

const Captured = z.looseObject({
  type: z.string(),
  subject: z.string(),
  correlationid: z.string(),
})
export type Captured = z.infer<typeof Captured>

export type Capture = {
  /** Every message of the exchanges since, in order of arrival. */
  readonly messages: () => readonly Captured[]
  readonly stop: () => Promise<void>
}

const { command, event, dead } = exchanges
const waitingMax = 200_000

/** Listens beside the services: a queue of its own that gets a copy of every command, job, verdict and event. */
export const captureMessages = async (amqpUrl: string): Promise<Capture> => {
  const connection = await connect(amqpUrl)
  const channel = await connection.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true, maxLength: waitingMax })
  for (const { exchange, routingKey } of sharedTopology.bindings) {
    if (exchange === command) await channel.bindQueue(queue, command, routingKey)
  }
  await channel.bindQueue(queue, event, '#')
  await channel.bindQueue(queue, dead, '')
  const messages: Captured[] = []
  await channel.consume(
    queue,
    (message) => {
      if (message === null) return
      const content: unknown = JSON.parse(message.content.toString('utf8'))
      const envelopes = Array.isArray(content) ? content : [content]
      messages.push(...envelopes.map((envelope) => Captured.parse(envelope)))
    },
    { noAck: true },
  )
  return {
    messages: () => messages,
    stop: async () => {
      const closed = once(connection, 'close')
      await connection.close()
      await closed
    },
  }
}
