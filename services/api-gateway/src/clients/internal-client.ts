import { Pool } from 'undici'
import type { z } from 'zod'

export type InternalSettings = {
  readonly url: string
  readonly serviceToken: string
  readonly connections: number
}

export type InternalClient = {
  /**
   * One GET of another service's internal routes, bounded in time whatever happens.
   * @returns null for 404; throws for anything else that is not the expected answer
   */
  readonly get: <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    timeoutMs: number,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<z.output<Schema> | null>
  readonly close: () => Promise<void>
}

const connectTimeoutMs = 1_000
const answerBytesMax = 16 * 1024 * 1024

/** Speaks to the ledger and the adapter over kept connections, with the service token. */
export const createInternalClient = (settings: InternalSettings): InternalClient => {
  const base = new URL(settings.url)
  const basePath = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    connections: settings.connections,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    maxResponseSize: answerBytesMax,
  })
  const always = {
    authorization: `Bearer ${settings.serviceToken}`,
    accept: 'application/json',
  }
  return {
    get: async (path, schema, timeoutMs, headers = {}) => {
      const answer = await pool.request({
        method: 'GET',
        path: `${basePath}${path}`,
        headers: { ...always, ...headers },
        // Counts the wait for a free connection too, which the client's own time-outs do not.
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (answer.statusCode !== 200) {
        await answer.body.dump()
        if (answer.statusCode === 404) return null
        throw new Error(
          `${base.origin}${basePath}${path.split('?')[0] ?? ''}: ${answer.statusCode}`,
        )
      }
      return schema.parse(await answer.body.json())
    },
    close: () => pool.destroy(),
  }
}
