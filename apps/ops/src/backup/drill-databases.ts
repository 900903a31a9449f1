import { blocksDatabaseOf } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { CannotRun } from '@recargas/stack/reach/target'
import { databaseOf } from '@recargas/stack/stack-access'
import { databaseNames, type DatabaseName } from './manifest.ts'
import { createMongoClient, durable, type MongoClient } from './mongo-client.ts'

export type Names = Readonly<Record<DatabaseName, string>>

/** Databases of a drill, all of which begin with its own name. */
export const scratchNames = (scratch: string): Names => {
  const ledger = `${scratch}_ledger`
  return { adapter: `${scratch}_adapter`, ledger, blocks: blocksDatabaseOf(ledger) }
}

export const runningNames = (uris: Readonly<Record<'adapter' | 'ledger', string>>): Names => {
  const of = (uri: string) => createMongoClient(uri, options).db().databaseName
  const ledger = of(uris.ledger)
  return { adapter: of(uris.adapter), ledger, blocks: blocksDatabaseOf(ledger) }
}

/** @throws CannotRun where a drill would write into a database of the system that runs, on whichever server */
export const refuseRunning = (scratch: Names, running: Names): void => {
  const taken = new Set(Object.values(running))
  const hit = Object.values(scratch).find((name) => taken.has(name))
  if (hit === undefined) return
  throw new CannotRun(`${hit} is a database of the running system: --scratch another name`)
}

const gibibyte = 1024 ** 3
/** Documents, the projections that follow from them, their indexes and the server's own log of the writes. */
const roomFactor = 4

/** @returns the refusal where what is free does not suffice; null where it does */
export const roomProblem = (bytes: number, free: number, place: string): string | null => {
  const needed = bytes * roomFactor
  const shown = (size: number) => `${(size / gibibyte).toFixed(2)} GiB`
  return free >= needed
    ? null
    : `${place} has ${shown(free)} free, and a drill of this backup may need ${shown(needed)}: free some, or --server another one`
}

export type Scratch = {
  readonly names: Names
  readonly ledgerUri: string
  readonly databases: Readonly<Record<DatabaseName, mongoose.mongo.Db>>
  readonly client: MongoClient
}

/** Another database of the server, as the same user: one without a source of its own is known to the database of its address. */
const addressOf = (server: string, name: string): string => {
  const address = databaseOf(server, name)
  if (!server.includes('@') || /[?&]authSource=/.test(server)) return address
  const known = /\/\/[^/]+\/([^?]+)/.exec(server)?.[1] ?? 'admin'
  return `${address}${address.includes('?') ? '&' : '?'}authSource=${known}`
}

const options = { appName: 'recargas-drill', ...durable }

export const connectTo = async (uri: string): Promise<MongoClient> => {
  const client = createMongoClient(uri, options)
  try {
    return await client.connect()
  } catch (cause) {
    await client.close()
    const hosts = client.options.hosts.map(String).join()
    throw new CannotRun(`MongoDB at ${hosts} cannot be reached: ${String(cause)}`, { cause })
  }
}

/** @throws CannotRun where the server lacks room, holds databases of that name, or its user may make none */
export const openScratch = async (
  server: string,
  names: Names,
  bytes: number,
): Promise<Scratch> => {
  const client = await connectTo(server)
  try {
    const admin = client.db('admin')
    const { databases: held } = (await admin.command({
      listDatabases: 1,
      nameOnly: true,
    })) as unknown as {
      readonly databases: readonly { readonly name: string }[]
    }
    const own = new Set(Object.values(names))
    const left = held.find(({ name }) => own.has(name))
    if (left !== undefined) {
      throw new CannotRun(`${left.name} is there already: --scratch another name, or drop it`)
    }
    const { fsTotalSize = 0, fsUsedSize = 0 } = (await client
      .db(names.ledger)
      .command({ dbStats: 1 })) as { fsTotalSize?: number; fsUsedSize?: number }
    const problem =
      fsTotalSize === 0 ? null : roomProblem(bytes, fsTotalSize - fsUsedSize, 'the scratch server')
    if (problem !== null) throw new CannotRun(problem)
    return {
      names,
      ledgerUri: addressOf(server, names.ledger),
      databases: {
        adapter: client.db(names.adapter),
        ledger: client.db(names.ledger),
        blocks: client.db(names.blocks),
      },
      client,
    }
  } catch (error) {
    await client.close()
    if ((error as { codeName?: unknown }).codeName !== 'Unauthorized') throw error
    throw new CannotRun(
      'this user may make no databases there: name an administrator, of another server by --server',
      { cause: error },
    )
  }
}

/** Drops a drill's databases, over a connection of its own: the drill's may have been closed. */
export const dropScratch = async (server: string, names: Names): Promise<void> => {
  const client = await connectTo(server)
  try {
    for (const name of databaseNames) await client.db(names[name]).dropDatabase()
  } finally {
    await client.close()
  }
}
