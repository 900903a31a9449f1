import mongoose from 'mongoose'

export type MongoClient = mongoose.mongo.MongoClient
type Options = mongoose.mongo.MongoClientOptions & { readonly appName: string }

const connectTimeoutMs = 5_000

/** A majority of the members holds each write in its journal before the next step. */
export const durable = { writeConcern: { w: 'majority', journal: true } } as const

/** Connects with the first command, which fails after five seconds without a server. */
export const createMongoClient = (uri: string, options: Options): MongoClient =>
  new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: connectTimeoutMs, ...options })
