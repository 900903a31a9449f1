import { createSandbox, type SandboxOptions } from '../sandbox.ts'

export const apiKey = 'ak-t9mn345n83ieqwrsz4xp8ztget'

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; empty where it is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Fields = Readonly<Record<string, unknown>>

/** A sandbox on a free port and a caller with its api-key. */
export async function startSandbox(options: Partial<SandboxOptions> = {}) {
  const sandbox = await createSandbox({ apiKey, latencyMs: 0, ...options })
  const authorization = `Basic ${Buffer.from(options.apiKey ?? apiKey).toString('base64')}`
  let base = '/api/gateway_topup/v1'

  const ask = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(`${sandbox.url}${path}`, { redirect: 'manual', ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: fieldsOf(text) }
  }
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    ask(`${base}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    })
  return {
    ...sandbox,
    ask,
    useBase: (path: string) => {
      base = path
    },
    get: (path: string) => ask(`${base}${path}`, { headers: { authorization } }),
    topUp: (fields: Fields, signal?: AbortSignal) =>
      post('/topup_account', topupBody(fields), signal),
    buyPackage: (fields: Fields) => post('/package_buy', packageBody(fields)),
    post,
    control: (method: string, path: string, body?: unknown) =>
      ask(path, { method, body: body === undefined ? null : JSON.stringify(body) }),
    balance: async () => Number((await ask('/_state')).body['balance']),
    transaction: async (token: string) => {
      const { body } = await ask(`/_transactions?token=${encodeURIComponent(token)}`)
      return (body['transactions'] as Readonly<Record<string, Fields | undefined>>)[token]
    },
    calls: async (query = '') => (await ask(`/_calls${query}`)).body['calls'] as readonly Fields[],
  }
}

export function topupBody(fields: Fields): Fields {
  return {
    idempotency_token: 'my-idempotency-token-8',
    amount: 1000,
    service_provider: 'etb',
    destination_number: '78945612',
    payment_token: 'wallet-11233dafd',
    payment_origin: 'Tpaga wallet',
    ...fields,
  }
}

export function packageBody(fields: Fields): Fields {
  return {
    destination_number: '3024700057',
    provider_code: 58,
    amount: 7500,
    idempotency_token: '2022111817513334794X305120',
    payment_token: 'wallet-11233dafd',
    package_code: 767,
    ...fields,
  }
}

/** Waits until `isDone` accepts the result of `read`; fails after five seconds. */
export async function eventually<T>(
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 5_000
  for (;;) {
    const value = await read()
    if (isDone(value)) return value
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after 5 s`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function fieldsOf(text: string): Fields {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}
