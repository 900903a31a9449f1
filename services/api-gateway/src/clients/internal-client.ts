import { Pool } from 'undici'
import { z } from 'zod'

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
  /**
   * One POST, bounded alike. Only for what is safe to repeat: an answer may be lost.
   * @param schema of the answers 200 and 409
   * @returns null for 404; throws for anything else that is not the expected answer
   */
  readonly post: <Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
    timeoutMs: number,
  ) => Promise<z.output<Schema> | null>
  /** The JSON of an answer 200 or 503, such as `/ready` gives. */
  readonly probe: (path: string, timeoutMs: number) => Promise<unknown>
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
  const ask = async <Schema extends z.ZodType>(
    request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: string },
    { schema, expected }: { readonly schema: Schema; readonly expected: readonly number[] },
    timeoutMs: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<z.output<Schema> | null> => {
    const path = `${basePath}${request.path}`
    const answer = await pool.request({
      ...request,
      path,
      headers: { ...always, ...headers },
      // Counts the wait for a free connection too, which the client's own time-outs do not.
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (expected.includes(answer.statusCode)) return schema.parse(await answer.body.json())
    await answer.body.dump()
    if (answer.statusCode === 404) return null
    throw new Error(`${base.origin}${path.split('?')[0] ?? ''}: ${answer.statusCode}`)
  }
  return {
    get: (path, schema, timeoutMs, headers = {}) =>
      ask({ method: 'GET', path }, { schema, expected: [200] }, timeoutMs, headers),
    post: (path, body, schema, timeoutMs) =>
      ask(
        { method: 'POST', path, body: JSON.stringify(body) },
        { schema, expected: [200, 409] },
        timeoutMs,
        { 'content-type': 'application/json' },
      ),
    probe: (path, timeoutMs) =>
      ask({ method: 'GET', path }, { schema: z.unknown(), expected: [200, 503] }, timeoutMs, {}),
    close: () => pool.destroy(),
  }
}

export type Target = {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Requests to another service, whose every failure becomes one problem of the gateway. */
export const requestsOf = (
  client: InternalClient,
  timeoutMs: number,
  problemOf: (cause: unknown) => Error,
) => {
  const fail = (cause: unknown): never => {
    throw problemOf(cause)
  }
  const known = <Found>(found: Found | null, path: string): Found =>
    found ?? fail(new Error(`the answer of ${path} is missing`))
  const read = <Schema extends z.ZodType>({ path, headers }: Target, schema: Schema) =>
    client.get(path, schema, timeoutMs, headers).catch(fail)
  const write = <Schema extends z.ZodType>(path: string, body: unknown, schema: Schema) =>
    client.post(path, body, schema, timeoutMs).catch(fail)
  return {
    read,
    readKnown: async <Schema extends z.ZodType>(target: Target, schema: Schema) =>
      known(await read(target, schema), target.path),
    /** Only for what is safe to repeat: an answer may be lost. */
    write,
    writeKnown: async <Schema extends z.ZodType>(path: string, body: unknown, schema: Schema) =>
      known(await write(path, body, schema), path),
  }
}
export type Requests = ReturnType<typeof requestsOf>
