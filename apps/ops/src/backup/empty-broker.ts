import { deadQueue, sharedTopology } from '@recargas/contracts'
import { connect } from 'amqplib'
import { CannotRun } from '@recargas/stack/reach/target'

const notFound = 404

/**
 * Empties the queues of work and of retries. Nothing is lost: the ledger publishes held sales again. Dead letters stay for a
 * person to see. @throws CannotRun while a consumer is connected
 */
export const emptyBroker = async (amqpUrl: string): Promise<void> => {
  const connection = await connect(amqpUrl).catch((cause: unknown) => {
    throw new CannotRun('the broker does not answer: start it, or set AMQP_URL', { cause })
  })
  connection.on('error', () => undefined)
  try {
    for (const { name } of sharedTopology.queues) {
      if (name === deadQueue) continue
      const channel = await connection.createChannel()
      channel.on('error', () => undefined)
      const found = await channel.checkQueue(name).catch((error: unknown) => {
        if ((error as { code?: number }).code === notFound) return null
        throw error
      })
      // A queue that does not exist has closed the channel.
      if (found === null) continue
      if (found.consumerCount > 0) {
        throw new CannotRun(`${name} has a consumer: stop every service before a restore`)
      }
      await channel.purgeQueue(name)
      await channel.close()
    }
  } finally {
    await connection.close()
  }
}
