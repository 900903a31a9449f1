import mongoose, { type Connection } from 'mongoose'

const limits = {
  /** Longer than a primary's restart or election: the driver then repeats a write by itself, once. */
  serverSelectionTimeoutMS: 8_000,
  connectTimeoutMS: 2_000,
  socketTimeoutMS: 10_000,
  waitQueueTimeoutMS: 5_000,
  maxPoolSize: 20,
} as const
const readinessMs = 2_000

/** Connects, or fails when no primary answers. Every write is on a majority's journal when it is answered. */
export const connectMongo = (uri: string): Promise<Connection> =>
  mongoose
    .createConnection(uri, {
      ...limits,
      appName: 'carrier-adapter',
      readPreference: 'primary',
      writeConcern: { w: 'majority', journal: true },
      retryWrites: true,
      bufferCommands: false,
      autoCreate: false,
      autoIndex: false,
    })
    .asPromise()

/** Ready while a writable primary answers within two seconds. */
export const mongoReadiness = async (
  connection: Connection,
): Promise<{ ready: boolean; reason: string | null }> => {
  try {
    const answer = await withinMs(readinessMs, connection.db?.admin().command({ hello: 1 }))
    return answer?.['isWritablePrimary'] === true
      ? { ready: true, reason: null }
      : { ready: false, reason: 'no writable primary' }
  } catch (error) {
    return { ready: false, reason: error instanceof Error ? error.name : 'no answer' }
  }
}

const withinMs = async <Result>(ms: number, work: Promise<Result> | undefined) => {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms)
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
