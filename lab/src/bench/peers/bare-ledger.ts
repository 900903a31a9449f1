import { connectPlainly, queues, saleOf } from './queues.ts'

/** The hop where a ledger would be: passes commands on to the adapter and outcomes back, and writes nothing. */
export const runBareLedger = async (amqpUrl: string): Promise<void> => {
  const { channel, send } = await connectPlainly(amqpUrl)
  const work = await channel(2_000)
  await work.consume(queues.command, (message) => {
    if (message === null) return
    void send(queues.job, saleOf(message.content)).then(() => work.ack(message))
  })
  await work.consume(queues.outcome, (message) => {
    if (message === null) return
    void send(queues.event, saleOf(message.content), false).then(() => work.ack(message))
  })
}
