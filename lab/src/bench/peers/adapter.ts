import { Agent, request } from 'undici'
import { connectPlainly, queues, saleOf, type Setting } from './queues.ts'

/** Calls the carrier for each job and passes its answer on; keeps no record of its calls. */
export const run = async (setting: Setting): Promise<void> => {
  const { channel, send } = await connectPlainly(setting('AMQP_URL'))
  const url = `${setting('CARRIER_URL')}/topup_account`
  const dispatcher = new Agent({ connections: 64, pipelining: 1 })
  const jobs = await channel(256)
  await jobs.consume(queues.job, (message) => {
    if (message === null) return
    const sale = saleOf(message.content)
    const call = async () => {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/json', authorization: 'Basic abc' },
        body: JSON.stringify({
          destination_number: sale.numero_cliente,
          service_provider: 'tigo',
          amount: sale.monto,
          idempotency_token: sale.id,
          payment_origin: 'x',
          payment_token: sale.id,
        }),
      })
      const { status } = (await body.json()) as { status: string }
      await send(queues.outcome, { ...sale, status })
      jobs.ack(message)
    }
    void call()
  })
}
