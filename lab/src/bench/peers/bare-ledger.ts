import { connectPlainly, queues, saleOf, type Setting } from './queues.ts'

/** The hop where a ledger would be: passes commands on to the adapter and outcomes back, and writes nothing. */
export const run = async (setting: Setting): Promise<void> => {
  const { channel, send } = await connectPlainly(setting('AMQP_URL'))
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
