import amqp, { type Channel, type ConfirmChannel } from 'amqplib'

export const queues = {
  command: 'p.ledger.cmd',
  job: 'p.adapter.job',
  outcome: 'p.ledger.out',
  event: 'p.gw.ev',
} as const

export type Setting = (name: string) => string

export type Sale = {
  readonly id: string
  readonly operadora: string
  readonly numero_cliente: string
  readonly monto: number
  readonly id_caja_sesion: number
  readonly status?: string
}

export type Wires = {
  readonly channel: (prefetch: number | null) => Promise<Channel>
  /** One message for each sale, confirmed. */
  readonly send: (queue: string, sale: Sale, persistent?: boolean) => Promise<void>
}

export const saleOf = (content: Buffer): Sale => JSON.parse(content.toString()) as Sale

/** The peers' queues: three durable quorum queues and a transient one, declared by the first peer that connects. */
export const connectPlainly = async (amqpUrl: string): Promise<Wires> => {
  const connection = await amqp.connect(amqpUrl)
  const setup = await connection.createChannel()
  for (const queue of [queues.command, queues.job, queues.outcome]) {
    await setup.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  }
  await setup.assertQueue(queues.event, { durable: false })
  const publishing: ConfirmChannel = await connection.createConfirmChannel()
  return {
    channel: async (prefetch) => {
      const channel = await connection.createChannel()
      if (prefetch !== null) await channel.prefetch(prefetch)
      return channel
    },
    send: (queue, sale, persistent = true) =>
      new Promise((resolve, reject) => {
        publishing.sendToQueue(
          queue,
          Buffer.from(JSON.stringify(sale)),
          { persistent, contentType: 'application/json' },
          (error: unknown) => {
            if (error) reject(new Error('the broker refused a message', { cause: error }))
            else resolve()
          },
        )
      }),
  }
}
