import {
  deadQueue,
  exchanges,
  retryDelays,
  sharedTopology,
  workArguments,
  type QueueArguments,
  type Topology,
} from '@recargas/contracts'
import { eventually, manageBroker, testVhost } from '@recargas/runtime/testing'
import { connect, type Channel, type GetMessage } from 'amqplib'

export type TestRabbit = {
  readonly url: string
  readonly channel: Channel
  /** Calls the management's HTTP API below /api, `:vhost` standing for this one. */
  readonly manage: (method: string, path: string, body?: unknown) => Promise<unknown>
  /** @returns a function that cuts the connection on the broker's side, at once; the management takes seconds to list it. */
  readonly killer: (connectionName: string) => Promise<() => Promise<unknown>>
  /** The next message of a queue, acknowledged. */
  readonly take: (queue: string) => Promise<GetMessage>
  readonly count: (queue: string) => Promise<number>
  readonly drop: () => Promise<void>
}

/** A virtual host of its own on the test broker. */
export const testRabbit = async (): Promise<TestRabbit> => {
  const { name: vhost, url, drop } = await testVhost('messaging')
  const manage: TestRabbit['manage'] = (method, path, body) =>
    manageBroker(method, path.replace(':vhost', vhost), body)
  const connection = await connect(url)
  const channel = await connection.createChannel()
  return {
    url,
    channel,
    manage,
    killer: async (connectionName) => {
      const name = await eventually(
        () => connectionNamed(manage, connectionName),
        (found) => found !== undefined,
      )
      return () => manage('DELETE', `/connections/${encodeURIComponent(name)}`)
    },
    take: (queue) =>
      eventually(
        () => channel.get(queue, { noAck: true }),
        (message) => message !== false,
      ),
    count: async (queue) => (await channel.checkQueue(queue)).messageCount,
    drop: async () => {
      await connection.close()
      await drop()
    },
  }
}

type Listed = { readonly name: string; readonly user_provided_name?: string }

const connectionNamed = async (
  manage: TestRabbit['manage'],
  connectionName: string,
): Promise<string | undefined> => {
  const listed = (await manage('GET', '/vhosts/:vhost/connections')) as readonly Listed[]
  return listed.find((each) => each.user_provided_name === connectionName)?.name
}

/** The queues of retries and dead letters, and one work queue on the command exchange. */
export const topologyWith = (queue: string, more: QueueArguments = {}): Topology => {
  const names: readonly string[] = [deadQueue, retryDelays[0].name]
  return {
    exchanges: sharedTopology.exchanges,
    queues: [
      ...sharedTopology.queues.filter(({ name }) => names.includes(name)),
      {
        name: queue,
        arguments: { ...workArguments(queue), ...more },
        durable: true,
        exclusive: false,
        autoDelete: false,
      },
    ],
    bindings: [
      ...sharedTopology.bindings.filter((binding) => names.includes(binding.queue)),
      { queue, exchange: exchanges.command, routingKey: queue },
    ],
  }
}
