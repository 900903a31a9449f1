import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import mongoose from 'mongoose'
import {
  GenericContainer,
  getContainerRuntimeClient,
  Wait,
  type StartedTestContainer,
} from 'testcontainers'
import { images } from './docker-engine.ts'
import { managementAnswers } from './rabbitmq-management.ts'
import { waitUntil } from './readiness.ts'

const startTimeoutMs = 120_000
const answerTimeoutMs = 2_000
const stopTimeoutMs = 8_000
const ownerLabel = 'recargas.stack'

type Containers = {
  readonly mongodbUri: string
  readonly amqpUrl: string
  readonly managementUrl: string
  readonly stop: () => Promise<void>
}

/** MongoDB and RabbitMQ in containers; kept data are in volumes that carry the folder's name. */
export const startContainers = async (options: {
  readonly folder: string
  readonly keepData: boolean
}): Promise<Containers> => {
  // The library's own cleaner is one more image, which not every registry has; the label below does its work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'
  const owner = ownerOf(options.folder)
  await removeLeftContainers(owner)
  const started: StartedTestContainer[] = []
  const start = async (container: GenericContainer, volume: string, target: string) => {
    const labelled = container
      .withLabels({ [ownerLabel]: owner })
      .withStartupTimeout(startTimeoutMs)
      .withWaitStrategy(Wait.forListeningPorts())
    if (options.keepData) labelled.withBindMounts([{ source: `${owner}-${volume}`, target }])
    const running = await labelled.start()
    started.push(running)
    return running
  }
  const stop = async () => {
    await Promise.all(started.map((container) => container.stop({ timeout: stopTimeoutMs })))
  }
  try {
    const [mongo, rabbitmq] = await Promise.all([
      start(mongoContainer(), 'mongodb', '/data/db'),
      start(rabbitmqContainer(), 'rabbitmq', '/var/lib/rabbitmq'),
    ])
    const mongodbUri = `mongodb://${mongo.getHost()}:${mongo.getMappedPort(27017)}/?directConnection=true`
    const broker = `guest:guest@${rabbitmq.getHost()}`
    const managementUrl = `http://${broker}:${rabbitmq.getMappedPort(15672)}`
    await becomePrimary(mongodbUri)
    await waitUntil('rabbitmq answers', startTimeoutMs, () => managementAnswers(managementUrl))
    const amqpUrl = `amqp://${broker}:${rabbitmq.getMappedPort(5672)}`
    return { mongodbUri, amqpUrl, managementUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Forgets the data of a folder's stack. */
export const removeVolumes = async (folder: string): Promise<void> => {
  const owner = ownerOf(folder)
  await removeLeftContainers(owner)
  const { dockerode } = (await getContainerRuntimeClient()).container
  for (const volume of ['mongodb', 'rabbitmq']) {
    await dockerode
      .getVolume(`${owner}-${volume}`)
      .remove()
      .catch(() => undefined)
  }
}

const mongoContainer = () =>
  new GenericContainer(images().mongo)
    .withCommand([
      ...['mongod', '--replSet', 'rs0', '--bind_ip_all'],
      // A single member has no other member to hand over to: waiting for one only makes Ctrl-C slow.
      ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
    ])
    .withExposedPorts(27017)

const rabbitmqContainer = () =>
  new GenericContainer(images().rabbitmq)
    // The node's data folder carries its host name, which would otherwise change each time.
    .withHostname('rabbitmq')
    .withExposedPorts(5672, 15672)

const ownerOf = (folder: string): string =>
  `recargas-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)}`

/** A stack that was killed leaves its containers; the next one of the same folder removes them. */
const removeLeftContainers = async (owner: string): Promise<void> => {
  const { dockerode } = (await getContainerRuntimeClient()).container
  const left = await dockerode.listContainers({
    all: true,
    filters: { label: [`${ownerLabel}=${owner}`] },
  })
  for (const { Id } of left) await dockerode.getContainer(Id).remove({ force: true, v: true })
}

const becomePrimary = async (uri: string): Promise<void> => {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: answerTimeoutMs })
  const member = { _id: 0, host: '127.0.0.1:27017' }
  try {
    await waitUntil('mongo becomes primary', startTimeoutMs, async () => {
      const admin = client.db('admin')
      if (await isPrimary(admin)) return true
      // Refused where it has been done before, which is as good.
      await admin
        .command({ replSetInitiate: { _id: 'rs0', members: [member] } })
        .catch(() => undefined)
      return false
    })
  } finally {
    await client.close()
  }
}

const isPrimary = (admin: mongoose.mongo.Db): Promise<boolean> =>
  admin.command({ hello: 1 }).then(
    (hello) => hello['isWritablePrimary'] === true,
    () => false,
  )
