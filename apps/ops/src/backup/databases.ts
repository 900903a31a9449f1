import type { Command } from 'commander'
import type { Settings } from '@recargas/stack/reach/target'
import mongoose from 'mongoose'

/** The services with databases of their own. */
export type Service = 'ledger' | 'adapter'

export type Uris = { readonly ledgerUri?: string; readonly adapterUri?: string }

export const urisOf = (settings: Settings, options: Uris): Readonly<Record<Service, string>> => ({
  ledger: options.ledgerUri ?? settings.need('LEDGER_MONGODB_URI'),
  adapter: options.adapterUri ?? settings.need('ADAPTER_MONGODB_URI'),
})

export const withUris = (command: Command): Command =>
  command
    .option('--ledger-uri <uri>', 'the ledger’s database (LEDGER_MONGODB_URI)')
    .option('--adapter-uri <uri>', 'the adapter’s database (ADAPTER_MONGODB_URI)')

export type MongoClient = mongoose.mongo.MongoClient
type Options = mongoose.mongo.MongoClientOptions & { readonly appName: string }

const connectTimeoutMs = 5_000

/** A majority of the members holds each write in its journal before the next step. */
export const durable = { writeConcern: { w: 'majority', journal: true } } as const

/** Connects with the first command, which fails after five seconds without a server. */
export const createMongoClient = (uri: string, options: Options): MongoClient =>
  new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: connectTimeoutMs, ...options })
