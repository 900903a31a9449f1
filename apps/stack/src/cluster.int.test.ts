import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { connect, type ChannelModel } from 'amqplib'
import mongoose from 'mongoose'
import { startCluster, type Cluster } from './cluster.ts'
import { createGuard, type Guard } from './guard.ts'
import { versionsAsked } from './server-versions.ts'
import { waitUntil } from './readiness.ts'

// Brokers of 4.3 are installed for the columns of the matrix that test it: npm run test:matrix -- --servers newer.
const withNewerServers = versionsAsked().rabbitmq === '4.3' ? describe : describe.skip

withNewerServers('three members of each server (needs RabbitMQ 4.3)', () => {
  let folder: string
  let guard: Guard
  let cluster: Cluster
  const lines: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recargas-cluster-'))
    guard = createGuard()
    const log = (line: string) => void lines.push(line)
    cluster = await startCluster({ folder, guard, log, onReady: undefined, ports: undefined })
  }, 180_000)
  afterAll(async () => {
    await cluster.stop('kill')
    await guard.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }, 60_000)

  test('a confirmed message survives the death of the member that took it', async () => {
    const [first = '', second = ''] = cluster.amqpUrl.split(',')
    await withBroker(first, async (broker) => {
      const channel = await broker.createConfirmChannel()
      await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
      channel.sendToQueue('kept', Buffer.from('one'), { persistent: true })
      await channel.waitForConfirms()
    })
    // The whole group: the broker is a child of its start script.
    process.kill(-(cluster.members.rabbitmq[0]?.pid() ?? NaN), 'SIGKILL')
    await waitUntil('the message is there', 60_000, async () => (await takeAt(second)) === 'one')
    await waitUntil('the member is started again', 90_000, () =>
      lines.some((line) => line.startsWith('✓ rabbitmq 1 restarted')),
    )
  }, 240_000)

  test('writes go on within ten seconds of the primary’s death', async () => {
    const client = new mongoose.mongo.MongoClient(cluster.mongodbUri)
    try {
      const sales = client.db('kept').collection('sales', { writeConcern: { w: 'majority' } })
      await sales.insertOne({ amount: 1050 })
      const hello = await client.db('admin').command({ hello: 1 })
      const port = Number(String(hello['primary']).split(':')[1])
      const primary = cluster.members.mongod.find((member) => member.port === port)
      process.kill(primary?.pid() ?? 0, 'SIGKILL')
      const killedAt = performance.now()
      await waitUntil('a write is taken', 30_000, () =>
        sales.insertOne({ amount: 1 }).then(
          () => true,
          () => false,
        ),
      )
      expect(performance.now() - killedAt).toBeLessThan(10_000)
      expect(await sales.countDocuments({ amount: 1050 })).toBe(1)
    } finally {
      await client.close()
    }
  }, 60_000)
})

/** One message of the queue; null while the queue finds a new leader: then the member closes the connection, or does not answer. */
const takeAt = async (url: string): Promise<string | null> => {
  const taken: { text: string | null } = { text: null }
  await withBroker(url, async (broker) => {
    const channel = await broker.createChannel()
    channel.on('error', () => undefined)
    const late = new Promise<false>((resolve) => setTimeout(resolve, answerTimeoutMs, false))
    const message = await Promise.race([channel.get('kept'), late])
    // Unacknowledged, so that a late answer loses nothing.
    taken.text = message === false ? null : message.content.toString()
  }).catch(() => undefined)
  return taken.text
}

const answerTimeoutMs = 2_000

const withBroker = async (url: string, work: (broker: ChannelModel) => Promise<void>) => {
  const broker = await connect(url)
  broker.on('error', () => undefined)
  try {
    await work(broker)
  } finally {
    await broker.close().catch(() => undefined)
  }
}
