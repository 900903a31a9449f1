import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  adapterTopology,
  adapterQueue,
  brokerRights,
  deadQueue,
  exchanges,
  gatewayTopology,
  ledgerEventKey,
  ledgerQueue,
  ledgerTopology,
  heartbeatKey,
  type BrokerUser,
  type Topology,
  blocksDatabaseOf,
} from '@recargas/contracts'
import { connect, type Channel, type ChannelModel } from 'amqplib'
import mongoose from 'mongoose'
import { ledgerPrivileges } from './database-users.ts'
import { electionSettings } from './mongod-members.ts'
import { createVhost, deleteBrokerUser, deleteVhost } from './rabbitmq-management.ts'
import { ensureUsers, passwordsBy, type Access } from './users.ts'

const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}

const suffix = `_users_${randomBytes(4).toString('hex')}`
const vhost = `users${suffix}`
const databases = { ledger: `ledger${suffix}`, adapter: `adapter${suffix}` }
const allDatabases = { ...databases, blocks: blocksDatabaseOf(databases.ledger) }
const passwords = passwordsBy((name) => `${name}:/@ of a test`)
let management: string
let access: Access
const clients: mongoose.mongo.MongoClient[] = []
const connections: ChannelModel[] = []

beforeAll(async () => {
  management = env('TEST_RABBIT_MANAGEMENT_URL')
  await createVhost(management, vhost)
  const administration = {
    mongodbUri: env('TEST_MONGODB_URI'),
    managementUrl: management,
    amqpUrl: `${env('TEST_AMQP_URL').replace(/\/$/, '')}/${vhost}`,
  }
  const ensure = () => ensureUsers(administration, databases, passwords, suffix)
  await ensure()
  // As at every later start: the same users, the same rights.
  access = await ensure()
}, 60_000)
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await Promise.all(connections.map((connection) => connection.close().catch(() => undefined)))
  for (const user of ['gateway', 'ledger', 'adapter']) {
    await deleteBrokerUser(management, `${user}${suffix}`)
  }
  await deleteVhost(management, vhost)
  const admin = new mongoose.mongo.MongoClient(env('TEST_MONGODB_URI'))
  for (const name of Object.values(allDatabases)) {
    await admin.db(name).command({ dropAllUsersFromDatabase: 1 })
    await admin.db(name).command({ dropAllRolesFromDatabase: 1 })
    await admin.db(name).dropDatabase()
  }
  await admin.close()
}, 30_000)

// Containers know the users, but do not ask for them.
const enforcing = process.env['TEST_BACKEND'] === 'docker' ? describe.skip : describe

enforcing('at the database', () => {
  const as = (user: keyof Access['mongodbUri'], database: keyof typeof allDatabases) => {
    const client = new mongoose.mongo.MongoClient(access.mongodbUri[user])
    clients.push(client)
    return client.db(allDatabases[database])
  }
  const refused = { codeName: 'Unauthorized' }

  test('the ledger adds to its log and reads it, and can neither change nor remove anything of it', async () => {
    const db = as('ledger', 'blocks')
    await db.createCollection('blocks')
    const blocks = db.collection<{ _id: string; amount: number }>('blocks')
    await blocks.insertOne({ _id: 'one', amount: 5 })
    const set = { $set: { amount: 6 } }
    await expect(blocks.updateOne({ _id: 'one' }, set)).rejects.toMatchObject(refused)
    await expect(blocks.updateMany({}, set)).rejects.toMatchObject(refused)
    await expect(blocks.replaceOne({ _id: 'one' }, { amount: 6 })).rejects.toMatchObject(refused)
    await expect(blocks.findOneAndUpdate({ _id: 'one' }, set)).rejects.toMatchObject(refused)
    await expect(blocks.deleteOne({ _id: 'one' })).rejects.toMatchObject(refused)
    await expect(blocks.deleteMany({})).rejects.toMatchObject(refused)
    await expect(blocks.drop()).rejects.toMatchObject(refused)
    await expect(db.dropDatabase()).rejects.toMatchObject(refused)
    await expect(blocks.rename('old')).rejects.toMatchObject(refused)
    const into = { $merge: { into: { db: allDatabases.blocks, coll: 'blocks' } } }
    const merged = as('ledger', 'ledger')
      .collection('sales')
      .aggregate([{ $match: {} }, into])
    await expect(merged.toArray()).rejects.toMatchObject(refused)
    expect(await blocks.find().toArray()).toEqual([{ _id: 'one', amount: 5 }])
  })

  test('an index that ends documents by their age cannot be put on the blocks, nor anything beside them', async () => {
    const db = as('ledger', 'blocks')
    const aged = db.collection('blocks').createIndex({ at: 1 }, { expireAfterSeconds: 1 }, {})
    await expect(aged).rejects.toMatchObject(refused)
    await expect(db.command({ collMod: 'blocks', validator: { _id: null } })).rejects.toMatchObject(
      refused,
    )
    await expect(db.collection('others').insertOne({})).rejects.toMatchObject(refused)
    await expect(db.collection('others').findOne()).rejects.toMatchObject(refused)
    expect(await db.listCollections({}, { nameOnly: true }).toArray()).toMatchObject([
      { name: 'blocks' },
    ])
  })

  test('the ledger projects its blocks into either collection of a projection, and drops neither', async () => {
    const db = as('ledger', 'ledger')
    for (const name of ['statement_lines', 'statement_lines_b']) {
      await db.createCollection(name)
      const lines = db.collection(name)
      await lines.createIndex({ account: 1, position: 1 }, {}, {})
      await lines.insertOne({ account: 'float/Tigo', position: 3 })
      await lines.updateOne({ position: { $lt: 4 } }, { $set: { position: 4 } })
      expect(await lines.countDocuments({ position: 4 })).toBe(1)
      await expect(lines.deleteMany({})).rejects.toMatchObject(refused)
      await expect(lines.drop()).rejects.toMatchObject(refused)
    }
    await expect(db.collection('others').insertOne({})).rejects.toMatchObject(refused)
    await expect(db.createCollection('others')).rejects.toMatchObject(refused)
  })

  test.each(['case_closings', 'quarantine_actions', 'projection_generations'])(
    'the ledger inserts into %s, and neither changes nor removes a document',
    async (name) => {
      const db = as('ledger', 'ledger')
      await db.createCollection(name)
      const words = db.collection<{ _id: string; by: string; at: Date }>(name)
      await words.insertOne({ _id: 'one', by: 'Ana Rojas', at: new Date(0) })
      const set = { $set: { by: 'Eva' } }
      await expect(words.updateOne({ _id: 'one' }, set)).rejects.toMatchObject(refused)
      await expect(words.findOneAndUpdate({ _id: 'one' }, set)).rejects.toMatchObject(refused)
      await expect(words.deleteOne({ _id: 'one' })).rejects.toMatchObject(refused)
      await expect(words.deleteMany({})).rejects.toMatchObject(refused)
      await expect(words.drop()).rejects.toMatchObject(refused)
      await expect(words.rename('old')).rejects.toMatchObject(refused)
      // An index by which documents end with their age would remove it.
      const aged = words.createIndex({ at: 1 }, { expireAfterSeconds: 1 }, {})
      await expect(aged).rejects.toMatchObject(refused)
      for (const into of [{ $merge: { into: name } }, { $out: name }]) {
        const written = db.collection('sales').aggregate([{ $match: {} }, into])
        await expect(written.toArray()).rejects.toMatchObject(refused)
      }
      expect(await words.countDocuments({ by: 'Ana Rojas' })).toBe(1)
    },
  )

  test('the ledger removes leases only, and makes no users', async () => {
    const db = as('ledger', 'ledger')
    await db.collection('leases').insertOne({ holder: 'one' })
    await db.collection('leases').deleteMany({})
    await db.collection('quarantine').insertOne({ state: 'waiting' })
    await expect(db.collection('quarantine').deleteMany({})).rejects.toMatchObject(refused)
    await expect(db.dropDatabase()).rejects.toMatchObject(refused)
    const user = { createUser: 'x', pwd: 'x', roles: [] }
    await expect(db.command(user)).rejects.toMatchObject(refused)
  })

  test('the adapter has its own database, and nothing of the ledger', async () => {
    await as('adapter', 'adapter').collection('carrier_topups').insertOne({ verdict: 'pending' })
    const topups = as('adapter', 'ledger').collection('topups')
    await expect(topups.findOne()).rejects.toMatchObject(refused)
    await expect(topups.insertOne({})).rejects.toMatchObject(refused)
    await expect(topups.deleteMany({})).rejects.toMatchObject(refused)
  })

  test('the adapter has nothing of the blocks', async () => {
    const blocks = as('adapter', 'blocks').collection('blocks')
    await expect(blocks.findOne()).rejects.toMatchObject(refused)
    await expect(blocks.insertOne({})).rejects.toMatchObject(refused)
  })

  test('the ledger has nothing of the adapter', async () => {
    const topups = as('ledger', 'adapter').collection('carrier_topups')
    await expect(topups.findOne()).rejects.toMatchObject(refused)
    await expect(topups.insertOne({})).rejects.toMatchObject(refused)
  })

  test('the auditor reads all three and writes nothing', async () => {
    for (const database of ['ledger', 'blocks', 'adapter'] as const) {
      const blocks = as('auditor', database).collection('blocks')
      await blocks.findOne()
      await expect(blocks.insertOne({})).rejects.toMatchObject(refused)
    }
  })

  test('a login without a password is refused', async () => {
    const nobody = new URL(env('TEST_MONGODB_URI'))
    nobody.username = nobody.password = ''
    nobody.searchParams.delete('authSource')
    const client = new mongoose.mongo.MongoClient(nobody.href)
    clients.push(client)
    const topups = client.db(databases.ledger).collection('topups')
    await expect(topups.findOne()).rejects.toMatchObject(refused)
  })
})

const declare = async (channel: Channel, topology: Topology): Promise<void> => {
  for (const { name, type } of topology.exchanges) await channel.assertExchange(name, type)
  for (const queue of topology.queues) await channel.assertQueue(queue.name, queue)
  for (const { queue, exchange, routingKey } of topology.bindings) {
    await channel.bindQueue(queue, exchange, routingKey)
  }
}

test('compose gives the same rights', () => {
  const path = new URL('../../../ops/rabbitmq/rights.json', import.meta.url)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(brokerRights)
})

type Member = { readonly _id: number; readonly host: string }
type ReplicaSetCommand = {
  readonly replSetGetStatus?: 1
  readonly replSetInitiate?: { readonly members: Member[]; readonly settings: object }
  readonly replSetReconfig?: { readonly members: Member[]; readonly version: number }
}

/** Runs compose's script on members, of which the set knows some. @returns what it made there */
const runComposeUsers = (known: readonly string[], members: readonly string[]) => {
  const script = new URL('../../../ops/mongodb/users.mongodb.js', import.meta.url)
  const rights = new URL('../../../ops/mongodb/rights.json', import.meta.url)
  const secrets: Record<string, string> = {
    mongodb_uri_ledger: 'mongodb://recargas_ledger:of%2Fit@mongo:27017/recargas_ledger',
    mongodb_uri_adapter: 'mongodb://recargas_adapter:its@mongo:27017/recargas_adapter',
    mongodb_uri_auditor_ledger: 'mongodb://recargas_auditor:reads@mongo:27017/recargas_ledger',
    mongo_root_password: 'root',
  }
  const fs = {
    readFileSync: (path: string) =>
      path === '/ops/rights.json'
        ? readFileSync(rights, 'utf8')
        : secrets[path.replace('/run/secrets/', '')],
  }
  const made: unknown[] = []
  const keep = (what: object) => void made.push(what)
  let set = { version: 1, members: known.map((host, _id): Member => ({ _id, host })) }
  const adminAt = (address: string) => ({
    runCommand: (command: ReplicaSetCommand) => {
      const isKnown = set.members.some(({ host }) => address.includes(`@${host}/`))
      const isDirect = address.includes('directConnection')
      if (command.replSetGetStatus === 1 && isDirect && !isKnown) {
        throw Object.assign(new Error('not yet initialized'), { code: 94 })
      }
      const { replSetInitiate, replSetReconfig } = command
      if (replSetInitiate) set = { version: 1, members: replSetInitiate.members }
      if (replSetReconfig) set = replSetReconfig
      if (replSetInitiate ?? replSetReconfig) keep(set.members.map(({ host }) => host))
      const status = set.members.map(({ host }) => ({ name: host, stateStr: 'SECONDARY' }))
      return { config: set, members: status }
    },
    hello: () => ({ isWritablePrimary: true }),
    getRole: () => null,
    getUser: () => null,
    createRole: keep,
    createUser: keep,
  })
  runInNewContext(readFileSync(script, 'utf8'), {
    require: () => fs,
    process: { env: { MONGO_MEMBERS: members.join(',') } },
    connect: adminAt,
    print: () => undefined,
    encodeURIComponent,
    decodeURIComponent,
    URL,
  })
  return JSON.parse(JSON.stringify(made)) as readonly unknown[]
}

test('compose makes a ledger with the same rights at the database', () => {
  const privileges = [
    ...ledgerPrivileges('ledger', 'recargas_ledger'),
    ...ledgerPrivileges('blocks', 'recargas_ledger_blocks'),
  ]
  expect(runComposeUsers(['mongo:27017'], ['mongo:27017'])).toEqual([
    { role: 'ledgerService', privileges, roles: [] },
    { user: 'recargas_ledger', pwd: 'of/it', roles: ['ledgerService'] },
    {
      user: 'recargas_adapter',
      pwd: 'its',
      roles: [{ role: 'readWrite', db: 'recargas_adapter' }],
    },
    {
      user: 'recargas_auditor',
      pwd: 'reads',
      roles: ['recargas_ledger', 'recargas_ledger_blocks', 'recargas_adapter'].map((db) => ({
        role: 'read',
        db,
      })),
    },
  ])
})

test.each([
  ['makes a new set of the first member', [], [['a:1'], ['a:1', 'b:1'], ['a:1', 'b:1', 'c:1']]],
  [
    'adds the members that a set lacks',
    ['a:1'],
    [
      ['a:1', 'b:1'],
      ['a:1', 'b:1', 'c:1'],
    ],
  ],
  ['makes no set anew that another member knows', ['b:1', 'a:1', 'c:1'], []],
])('compose %s', (_, known, made) => {
  const members = runComposeUsers(known, ['a:1', 'b:1', 'c:1']).filter(Array.isArray)
  expect(members).toEqual(made)
})

test('compose elects a primary as soon as npm start does', () => {
  const script = readFileSync(
    new URL('../../../ops/mongodb/users.mongodb.js', import.meta.url),
    'utf8',
  ).replaceAll('_', '')
  for (const [setting, value] of Object.entries(electionSettings)) {
    expect(script).toContain(`${setting}: ${value}`)
  }
})

describe('at the broker', () => {
  const gateway = gatewayTopology('01890000-0000-7000-8000-000000000001')
  const gatewayQueue = gateway.queues[0]?.name ?? ''
  const connected: Partial<Record<BrokerUser, ChannelModel>> = {}

  /** The broker's answer to one request, on a channel of its own: a refusal ends the channel. */
  const says = async (user: BrokerUser, request: (channel: Channel) => Promise<unknown>) => {
    const channel = await (connected[user] as ChannelModel).createChannel()
    channel.on('error', () => undefined)
    try {
      await request(channel)
      await channel.close()
      return 'done'
    } catch (error) {
      return (error as { code?: unknown }).code ?? String(error)
    }
  }

  beforeAll(async () => {
    for (const user of ['gateway', 'ledger', 'adapter'] as const) {
      const connection = await connect(access.amqpUrl[user])
      connection.on('error', () => undefined)
      connections.push(connection)
      connected[user] = connection
    }
  }, 30_000)

  test('each service declares its own topology on an empty broker', async () => {
    expect(await says('ledger', (channel) => declare(channel, ledgerTopology))).toBe('done')
    expect(await says('adapter', (channel) => declare(channel, adapterTopology))).toBe('done')
    expect(await says('gateway', (channel) => declare(channel, gateway))).toBe('done')
  }, 60_000)

  // Before anything consumes: with its last consumer the gateway's queue goes, and what is published meanwhile is not confirmed.
  test('all may publish commands and heartbeats; only the ledger publishes events of sales', async () => {
    const send = (user: BrokerUser, exchange: string, key: string) =>
      new Promise((resolve) => {
        void connected[user]?.createConfirmChannel().then((channel) => {
          channel.on('error', (error: { code?: unknown }) => resolve(error.code))
          channel.publish(exchange, key, Buffer.from('{}'), {}, (error: Error | null) =>
            resolve(error === null ? 'done' : String(error)),
          )
        })
      })
    for (const user of ['gateway', 'ledger', 'adapter'] as const) {
      expect(await send(user, exchanges.command, 'nobody')).toBe('done')
      expect(await send(user, exchanges.event, heartbeatKey)).toBe('done')
    }
    expect(await send('ledger', exchanges.event, ledgerEventKey)).toBe('done')
    expect(await send('gateway', exchanges.event, ledgerEventKey)).toBe(403)
    expect(await send('adapter', exchanges.event, ledgerEventKey)).toBe(403)
  })

  const nothing = () => undefined
  test.each<readonly [string, BrokerUser, (channel: Channel) => Promise<unknown>]>([
    ['the ledger its partitions:', 'ledger', (channel) => channel.consume(ledgerQueue(3), nothing)],
    [
      'the adapter its jobs:',
      'adapter',
      (channel) => channel.consume(adapterQueue('tpaga', 'topup'), nothing),
    ],
    ['the gateway its events:', 'gateway', (channel) => channel.consume(gatewayQueue, nothing)],
  ])('%s may read them', async (_, user, request) => {
    expect(await says(user, request)).toBe('done')
  })

  const jobs = adapterQueue('tpaga', 'topup')
  const work = ledgerQueue(3)
  test.each<readonly [string, BrokerUser, (channel: Channel) => Promise<unknown>]>([
    ["gateway consumes the adapter's jobs", 'gateway', (channel) => channel.consume(jobs, nothing)],
    ["gateway gets one of the adapter's jobs", 'gateway', (channel) => channel.get(jobs)],
    ["gateway consumes the ledger's work", 'gateway', (channel) => channel.consume(work, nothing)],
    ['gateway reads dead letters', 'gateway', (channel) => channel.get(deadQueue)],
    [
      "gateway binds the adapter's jobs elsewhere",
      'gateway',
      (channel) => channel.bindQueue(jobs, exchanges.event, '#'),
    ],
    [
      "gateway binds the ledger's work elsewhere",
      'gateway',
      (channel) => channel.bindQueue(work, exchanges.event, '#'),
    ],
    [
      'gateway listens in on commands',
      'gateway',
      (channel) => channel.bindQueue(gatewayQueue, exchanges.command, jobs),
    ],
    ["gateway empties the ledger's work", 'gateway', (channel) => channel.purgeQueue(work)],
    ["gateway deletes the adapter's jobs", 'gateway', (channel) => channel.deleteQueue(jobs)],
    ["adapter consumes the ledger's work", 'adapter', (channel) => channel.consume(work, nothing)],
    ["adapter gets the ledger's work", 'adapter', (channel) => channel.get(work)],
    [
      "adapter binds the ledger's work",
      'adapter',
      (channel) => channel.bindQueue(work, exchanges.command, 'x'),
    ],
    ["adapter deletes the ledger's work", 'adapter', (channel) => channel.deleteQueue(work)],
    ["ledger consumes the adapter's jobs", 'ledger', (channel) => channel.consume(jobs, nothing)],
    ["ledger deletes the adapter's jobs", 'ledger', (channel) => channel.deleteQueue(jobs)],
  ])('refused: the %s', async (_, user, request) => {
    expect(await says(user, request)).toBe(403)
  })
})
